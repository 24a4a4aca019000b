#pragma once

#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// A part of a view that scrolls up and down. While it lives, Ui::paint() draws into it, clipped:
///
///     ScrollArea scroll(ui, "lesson/text", area);
///     float y = scroll.content().y0;
///     …draw from y down…
///     scroll.end_at(y);
///
/// Wheel and scroll bar move it, and so do the arrow and page keys while it has the keyboard's focus.
class ScrollArea {
 public:
  /// `ground`: what it stands on, for the fade at its lower edge; 0: a panel.
  ScrollArea(Ui& ui, std::string_view id, const Rect& area, Colour ground = 0);
  ~ScrollArea();
  ScrollArea(const ScrollArea&) = delete;
  ScrollArea& operator=(const ScrollArea&) = delete;

  /// Where to draw: moved up by what is scrolled away, without the scroll bar's width. Its height is the
  /// visible part's.
  [[nodiscard]] Rect content() const { return content_; }
  /// The part that can be seen; things outside need not be drawn.
  [[nodiscard]] Rect visible() const { return area_; }
  void end_at(float y) { end_ = y; }
  void to_top();
  /// Makes this part visible.
  void show(float y0, float y1);

 private:
  Ui& ui_;
  std::string id_;
  Rect area_, content_;
  Colour ground_;
  float end_ = 0;
};

}  // namespace loopscope::app
