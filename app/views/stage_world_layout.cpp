#include "app/views/stage_world_layout.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/stage_path.hpp"

namespace loopscope::app::stage {
namespace {

constexpr float margin = 12, words_height = 60, row_height = 38, bus_height = 20;
constexpr float least_box = 200, least_small = 54, most_small = 168;
constexpr float lane_offset = 5;  // of the lanes to each side of a bed's middle
constexpr float gate_stop = 23;   // a frame stops so far below the gate's middle

class Planner {
 public:
  Planner(const World& world, const Rect& area, std::string_view opened) : world_(world), opened_(opened) {
    plan_.area = area;
    plan_.folded = world.folded;
  }

  WorldLayout plan() {
    const auto [left, right] = two_in_full(world_, opened_);
    Rect rest = plan_.area.inset(margin, plan_.area.height() < 500 ? 10.0F : 14.0F);
    if (!plan_.folded) plan_.words = rest.cut_bottom(words_height, 4);
    if (world_.machines.size() > 2) row(rest, left, right);
    boxes(rest, left, right);
    return std::move(plan_);
  }

 private:
  void row(Rect& rest, std::size_t left, std::size_t right) {
    Rect line = rest.cut_bottom(row_height, bus_height);
    plan_.bus_y = line.y0 - bus_height / 2;
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      if (i != left && i != right) others.push_back(i);
    }
    const auto n = static_cast<float>(others.size());
    const float width = std::clamp((line.width() - 8 * (n - 1)) / n, least_small, most_small);
    float x = line.mid_x() - (n * width + 8 * (n - 1)) / 2;
    for (const std::size_t one : others) {
      plan_.small.push_back({one, {std::floor(x), line.y0, std::floor(x + width), line.y1}});
      x += width + 8;
    }
  }

  void boxes(const Rect& rest, std::size_t left, std::size_t right) {
    const float gutter = std::clamp(rest.width() * 0.16F, 132.0F, 220.0F);
    const float both = rest.width() - gutter;
    const auto wanted = [&](std::size_t i) {
      return box_width_for(std::clamp<std::size_t>(world_.machines[i].model.columns.size(), 1, 4));
    };
    const float share = wanted(left) / (wanted(left) + wanted(right));
    const float width = std::floor(
        std::clamp(both * share, std::min(least_box, both / 2), std::max(both - least_box, both / 2)));
    const Rect first{rest.x0, rest.y0, rest.x0 + width, rest.y1};
    const Rect second{rest.x0 + width + gutter, rest.y0, rest.x1, rest.y1};
    plan_.full.push_back({left, lay_out_in(world_.machines[left].model, {first, true, plan_.folded})});
    plan_.full.push_back({right, lay_out_in(world_.machines[right].model, {second, false, plan_.folded})});
    plan_.cable_y = plan_.full[0].at.cable_y;
    plan_.cable_middle = std::floor(first.x1 + gutter / 2);
    if (!plan_.folded) return;
    const float top = plan_.full[0].at.box.y1 + 12;
    plan_.verdict = {rest.x0 + 4, top, rest.x1 - 4, rest.y1};
  }

  const World& world_;
  std::string_view opened_;
  WorldLayout plan_;
};

/// From a door down and out to the cable. What goes to the right runs below what goes to the left, so that
/// the two machines' lanes meet.
std::vector<Point> leg_of(const Layout& at, std::size_t door, bool outward) {
  const bool rightwards = at.eth0_right == outward;
  const float y = at.cable_y + (rightwards ? lane_offset : -lane_offset);
  const DoorPlace* place = at.find_door(door);
  float x = place != nullptr ? place->area.mid_x() : at.box.mid_x();
  x += at.eth0_right == rightwards ? -lane_offset : lane_offset;
  return {{x, at.wall.y1}, {x, y}, {at.cable_x(), y}};
}

float length_of(const std::vector<Point>& points, float radius) {
  return points.size() < 2 ? 0 : Lane(points, radius).length();
}

}  // namespace

const FullPlace* WorldLayout::find_full(std::optional<std::size_t> machine) const {
  const auto found = std::find_if(full.begin(), full.end(),
                                  [&](const FullPlace& one) { return machine && one.machine == *machine; });
  return found == full.end() ? nullptr : &*found;
}

const SmallPlace* WorldLayout::find_small(std::optional<std::size_t> machine) const {
  const auto found = std::find_if(small.begin(), small.end(),
                                  [&](const SmallPlace& one) { return machine && one.machine == *machine; });
  return found == small.end() ? nullptr : &*found;
}

WorldLayout lay_out(const World& world, const Rect& area, std::string_view opened) {
  return Planner(world, area, opened).plan();
}

Lane FrameWay::lane() const { return Lane(points, radius); }

FrameWay way_of(const WorldLayout& at, const Frame& frame) {
  FrameWay way;
  const auto end_of = [&](std::optional<std::size_t> machine, std::size_t door, bool outward) {
    std::vector<Point> leg;
    if (const FullPlace* full = at.find_full(machine)) {
      leg = leg_of(full->at, door, outward);
    } else if (const SmallPlace* small = at.find_small(machine)) {
      leg = {{small->area.mid_x(), small->area.y0 + 12}, {small->area.mid_x(), small->area.y0}};
    }
    return leg;
  };
  const std::vector<Point> out = end_of(frame.from, frame.from_door, true);
  std::vector<Point> in = end_of(frame.to, frame.to_door, false);
  const FullPlace* from = at.find_full(frame.from);
  const FullPlace* to = at.find_full(frame.to);
  way.points = out;
  if (from == nullptr || to == nullptr) {  // through the row's bus
    if (from != nullptr) way.points.push_back({at.cable_middle, out.back().y});
    if (from != nullptr && at.bus_y > 0) way.points.push_back({at.cable_middle, at.bus_y});
    if (from == nullptr && !out.empty()) way.points.push_back({out.back().x, at.bus_y});
    if (to == nullptr && !in.empty()) way.points.push_back({in.back().x, at.bus_y});
    if (to != nullptr && at.bus_y > 0) way.points.push_back({at.cable_middle, at.bus_y});
    if (to != nullptr) way.points.push_back({at.cable_middle, in.back().y});
  }
  std::reverse(in.begin(), in.end());
  way.points.insert(way.points.end(), in.begin(), in.end());
  if (way.points.empty()) way.points = {{at.cable_middle, at.cable_y}};
  if (way.points.size() == 1) way.points.push_back(way.points.front() + Point{1, 0});
  way.length = length_of(way.points, way.radius);
  way.leaves = out.empty() ? 0 : length_of(out, way.radius);
  way.comes_in = in.empty() ? way.length : way.length - length_of(in, way.radius);
  if (from != nullptr) way.out_gate = from->at.gate_y - from->at.wall.y1 + gate_stop;
  way.in_gate = to == nullptr ? way.length : way.length - (to->at.gate_y - to->at.wall.y1 + gate_stop);
  return way;
}

float distance_of(const FrameWay& way, const Frame& frame) {
  const float share = frame.packet.share;
  const float smooth = share * share * (3 - 2 * share);
  switch (frame.leg) {
    case Leg::Leaving:
      return way.middle() * smooth;
    case Leg::Between:
      return way.middle();
    case Leg::Arriving:
      return way.middle() + (way.length - way.middle()) * smooth;
    case Leg::OutGate:
      return way.out_gate * smooth;
    case Leg::InGate:
      return way.comes_in + (way.in_gate - way.comes_in) * smooth;
  }
  return 0;
}

}  // namespace loopscope::app::stage
