#pragma once

#include "app/views/sequence_model.hpp"
#include "app/widgets/geometry.hpp"

/// Where on the screen a time lies: pure, for drawing and for tests.
namespace loopscope::app::sequence {

/// What the learner has set. `zoom` 1: as many calls as can be read beside each other.
struct View {
  float zoom = 1;
  bool follows = true;    ///< the playhead is kept in sight
  double left = 0;        ///< nanoseconds on the axis at the left edge
  float lane_offset = 0;  ///< points scrolled down, where the lanes do not fit
  Nanoseconds last_moment{-1};
};

class Frame {
 public:
  /// `view` is put right where it shows nothing (before the begin, after the end).
  Frame(const Model& model, Nanoseconds moment, Nanoseconds end, const Rect& lanes, View& view);

  [[nodiscard]] float x(Nanoseconds moment) const;
  [[nodiscard]] Nanoseconds moment_at(float x) const;
  [[nodiscard]] double shown_at(float x) const { return left_ + static_cast<double>(x - lanes_.x0) / scale_; }
  [[nodiscard]] float x_of_shown(double shown) const {
    return lanes_.x0 + static_cast<float>((shown - left_) * scale_);
  }
  [[nodiscard]] double shown_end() const { return total_; }
  [[nodiscard]] bool all_visible() const {
    return total_ * scale_ <= static_cast<double>(lanes_.width()) + 1;
  }
  [[nodiscard]] double scale() const { return scale_; }  ///< points a nanosecond of the axis
  /// Changes the zoom and leaves what lies at `x` there.
  static void zoom_at(View& view, const Frame& frame, float x, float factor);
  /// Where the axis breaks behind the last event: the moment is later than anything that happened.
  [[nodiscard]] std::optional<float> tail() const { return tail_; }

 private:
  [[nodiscard]] double shown(Nanoseconds moment) const;

  const Model& model_;
  Rect lanes_;
  Nanoseconds end_;
  double scale_ = 1, left_ = 0, total_ = 0, tail_width_ = 0;
  Nanoseconds moment_;
  std::optional<float> tail_;
};

/// Height of a lane, and how many lanes lie above and below what is visible.
struct LaneRows {
  float height = 0, top = 0;
  std::size_t hidden = 0;
};
[[nodiscard]] LaneRows rows_of(std::size_t lanes, const Rect& area, View& view);

}  // namespace loopscope::app::sequence
