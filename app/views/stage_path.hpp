#pragma once

#include <vector>

#include "app/widgets/geometry.hpp"

namespace loopscope::app::stage {

/// A way of lines and rounded corners, measured by its length.
class Lane {
 public:
  /// Through these corners; at least two points.
  Lane(const std::vector<Point>& corners, float radius);
  /// One lane of the U: down from the left door, round, along the bed, round, up to the right door. `offset`
  /// > 0: outside of the middle line, < 0: inside.
  Lane(float left_x, float right_x, float top_y, float bed_y, float radius, float offset);

  [[nodiscard]] float length() const { return along_.back(); }
  /// Clamped to the lane.
  [[nodiscard]] Point at(float distance) const;
  /// Of unit length, in the direction of growing distance.
  [[nodiscard]] Point direction(float distance) const;
  /// The points from one distance to another, both ends included; at least two.
  [[nodiscard]] std::vector<Point> piece(float from, float to) const;

 private:
  void add(Point p);
  [[nodiscard]] std::size_t segment(float distance) const;  ///< index of its second point

  std::vector<Point> points_;
  std::vector<float> along_;  ///< distance of each point
};

}  // namespace loopscope::app::stage
