#pragma once

#include <algorithm>

/// Positions and sizes in points: one point is one pixel at scale 1. Origin top left, y down.
namespace loopscope::app {

struct Point {
  float x = 0, y = 0;
  bool operator==(const Point&) const = default;
};
[[nodiscard]] constexpr Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
[[nodiscard]] constexpr Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
[[nodiscard]] constexpr Point operator*(Point a, float k) { return {a.x * k, a.y * k}; }

struct Rect {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool operator==(const Rect&) const = default;

  [[nodiscard]] static constexpr Rect at(float x, float y, float width, float height) {
    return {x, y, x + width, y + height};
  }
  [[nodiscard]] static constexpr Rect around(Point centre, float width, float height) {
    return at(centre.x - width / 2, centre.y - height / 2, width, height);
  }
  [[nodiscard]] constexpr float width() const { return x1 - x0; }
  [[nodiscard]] constexpr float height() const { return y1 - y0; }
  [[nodiscard]] constexpr Point centre() const { return {(x0 + x1) / 2, (y0 + y1) / 2}; }
  [[nodiscard]] constexpr Point top_left() const { return {x0, y0}; }
  [[nodiscard]] constexpr float mid_x() const { return (x0 + x1) / 2; }
  [[nodiscard]] constexpr float mid_y() const { return (y0 + y1) / 2; }
  [[nodiscard]] constexpr bool empty() const { return x1 <= x0 || y1 <= y0; }
  [[nodiscard]] constexpr bool contains(Point p) const {
    return p.x >= x0 && p.x < x1 && p.y >= y0 && p.y < y1;
  }
  [[nodiscard]] constexpr bool contains(const Rect& r) const {
    return r.x0 >= x0 && r.y0 >= y0 && r.x1 <= x1 && r.y1 <= y1;
  }
  [[nodiscard]] constexpr Rect inset(float d) const { return {x0 + d, y0 + d, x1 - d, y1 - d}; }
  [[nodiscard]] constexpr Rect inset(float dx, float dy) const {
    return {x0 + dx, y0 + dy, x1 - dx, y1 - dy};
  }
  [[nodiscard]] constexpr Rect moved(float dx, float dy) const {
    return {x0 + dx, y0 + dy, x1 + dx, y1 + dy};
  }
  [[nodiscard]] constexpr Rect intersected(const Rect& r) const {
    return {std::max(x0, r.x0), std::max(y0, r.y0), std::min(x1, r.x1), std::min(y1, r.y1)};
  }

  /// Cuts a piece off an edge and returns it; the rest, without `gap`, stays in this rectangle.
  constexpr Rect cut_left(float size, float gap = 0) {
    const Rect piece{x0, y0, x0 + size, y1};
    x0 += size + gap;
    return piece;
  }
  constexpr Rect cut_right(float size, float gap = 0) {
    const Rect piece{x1 - size, y0, x1, y1};
    x1 -= size + gap;
    return piece;
  }
  constexpr Rect cut_top(float size, float gap = 0) {
    const Rect piece{x0, y0, x1, y0 + size};
    y0 += size + gap;
    return piece;
  }
  constexpr Rect cut_bottom(float size, float gap = 0) {
    const Rect piece{x0, y1 - size, x1, y1};
    y1 -= size + gap;
    return piece;
  }
};

}  // namespace loopscope::app
