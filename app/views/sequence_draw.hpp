#pragma once

#include "app/notation/mask.hpp"
#include "app/views/actions.hpp"
#include "app/views/sequence_model.hpp"
#include "app/views/sequence_view.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/ui.hpp"

/// The drawing of a sequence model within a frame. Each function draws one layer.
namespace loopscope::app::sequence {

struct Drawing {
  Ui& ui;
  const Model& model;
  const stage::Model& at_moment;  ///< what the processes do at the playhead
  const Frame& frame;
  const LaneRows& rows;
  const Snapshot& now;
  const notation::Mask& mask;
  Rect body;  ///< names and lanes
  Rect lanes;
  Actions& actions;

  [[nodiscard]] float y(std::size_t lane) const {
    return rows.top + rows.height * (static_cast<float>(lane) + 0.5F);
  }
  [[nodiscard]] float bar_height() const { return std::clamp(rows.height - 6, 15.0F, 22.0F); }
  [[nodiscard]] bool visible(float x0, float x1) const { return x1 >= lanes.x0 - 4 && x0 <= lanes.x1 + 4; }
  [[nodiscard]] Colour ground(std::size_t lane) const;
  [[nodiscard]] Colour tone(Mood mood) const;
};

void draw_diamond(const Painter& paint, Point centre, Colour colour);
void draw_rows(const Drawing& drawing);   ///< stripes, names, base lines
void draw_ruler(const Drawing& drawing);  ///< ticks and breaks
void draw_marks(const Drawing& drawing);  ///< bars, diamonds, packets; what is later than the playhead is dim
void draw_breaks(const Drawing& drawing);  ///< over the bars, under the labels
void draw_playhead(const Drawing& drawing);

/// Puts labels beside each other so that none covers another.
class Labels {
 public:
  /// True, and the place is taken, where it is free.
  bool take(std::size_t lane, float x0, float x1);
  [[nodiscard]] bool is_free(std::size_t lane, float x0, float x1) const;

 private:
  std::vector<std::vector<std::pair<float, float>>> taken_;
};

}  // namespace loopscope::app::sequence
