#pragma once

#include "app/views/stage_layout.hpp"
#include "app/views/stage_world.hpp"

/// Where several machines stand, and the ways between them: a pure function of the world and the area.
namespace loopscope::app::stage {

class Lane;

struct FullPlace {
  std::size_t machine = 0;  ///< index in World::machines
  Layout at;
};
/// A machine that is there and not drawn in full.
struct SmallPlace {
  std::size_t machine = 0;
  Rect area;
};

struct WorldLayout {
  Rect area;
  bool folded = false;
  std::vector<FullPlace> full;    ///< left, right
  std::vector<SmallPlace> small;  ///< in a row below them
  float cable_y = 0;
  float cable_middle = 0;  ///< x
  float bus_y = 0;         ///< what joins the row to the cable
  Rect words;              ///< room for words and buttons about what moves
  Rect verdict;            ///< empty where the network is not folded away

  [[nodiscard]] const FullPlace* find_full(std::optional<std::size_t> machine) const;
  [[nodiscard]] const SmallPlace* find_small(std::optional<std::size_t> machine) const;
};

[[nodiscard]] WorldLayout lay_out(const World& world, const Rect& area, std::string_view opened);

/// The way of a frame, from the sender's door to the receiver's, and where on it is what.
struct FrameWay {
  std::vector<Point> points;
  float radius = 10;
  float length = 0;
  float leaves = 0, comes_in = 0;   ///< distances at the two machines' ends of the cable
  float out_gate = 0, in_gate = 0;  ///< where a frame stops that a firewall does not let through
  [[nodiscard]] float middle() const { return (leaves + comes_in) / 2; }
  [[nodiscard]] Lane lane() const;
};
/// Where a machine is not on the stage its end is the cable's middle.
[[nodiscard]] FrameWay way_of(const WorldLayout& at, const Frame& frame);
/// How far along its way a frame is.
[[nodiscard]] float distance_of(const FrameWay& way, const Frame& frame);

}  // namespace loopscope::app::stage
