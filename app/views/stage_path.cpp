#include "app/views/stage_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace loopscope::app::stage {
namespace {

constexpr int arc_steps = 16;
constexpr float quarter = std::numbers::pi_v<float> / 2;

float distance_between(Point a, Point b) { return std::hypot(b.x - a.x, b.y - a.y); }

}  // namespace

Lane::Lane(const std::vector<Point>& corners, float radius) {
  add(corners.front());
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
    const Point corner = corners[i];
    const float before = distance_between(corners[i - 1], corner);
    const float after = distance_between(corner, corners[i + 1]);
    const float r = std::min({radius, before / 2, after / 2});
    if (r < 0.5F) {
      add(corner);
      continue;
    }
    const Point from = corner + (corners[i - 1] - corner) * (r / before);
    const Point to = corner + (corners[i + 1] - corner) * (r / after);
    for (int step = 0; step <= arc_steps / 2; ++step) {  // a curve that touches both lines
      const float t = static_cast<float>(step) / (arc_steps / 2);
      add(from * ((1 - t) * (1 - t)) + corner * (2 * t * (1 - t)) + to * (t * t));
    }
  }
  add(corners.back());
}

Lane::Lane(float left_x, float right_x, float top_y, float bed_y, float radius, float offset) {
  const float left = left_x - offset;
  const float right = right_x + offset;
  const float bottom = bed_y + offset;
  const float r = std::max(2.0F, radius + offset);
  add({left, top_y});
  for (int i = 0; i <= arc_steps; ++i) {
    const float angle = quarter * (2 - static_cast<float>(i) / arc_steps);
    add({left + r + std::cos(angle) * r, bottom - r + std::sin(angle) * r});
  }
  for (int i = 0; i <= arc_steps; ++i) {
    const float angle = quarter * (1 - static_cast<float>(i) / arc_steps);
    add({right - r + std::cos(angle) * r, bottom - r + std::sin(angle) * r});
  }
  add({right, top_y});
}

void Lane::add(Point p) {
  along_.push_back(points_.empty() ? 0 : along_.back() + distance_between(points_.back(), p));
  points_.push_back(p);
}

std::size_t Lane::segment(float distance) const {
  const auto after = std::upper_bound(along_.begin() + 1, along_.end() - 1, distance);
  return static_cast<std::size_t>(after - along_.begin());
}

Point Lane::at(float distance) const {
  const float d = std::clamp(distance, 0.0F, length());
  const std::size_t i = segment(d);
  const float share = (d - along_[i - 1]) / std::max(0.001F, along_[i] - along_[i - 1]);
  return points_[i - 1] + (points_[i] - points_[i - 1]) * share;
}

Point Lane::direction(float distance) const {
  const std::size_t i = segment(std::clamp(distance, 0.0F, length()));
  const Point step = points_[i] - points_[i - 1];
  return step * (1 / std::max(0.001F, distance_between(points_[i - 1], points_[i])));
}

std::vector<Point> Lane::piece(float from, float to) const {
  std::vector<Point> points{at(from)};
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (along_[i] > from && along_[i] < to) points.push_back(points_[i]);
  }
  points.push_back(at(to));
  return points;
}

}  // namespace loopscope::app::stage
