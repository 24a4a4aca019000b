#pragma once

#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// A part that lies over the rest of the screen and keeps the mouse from it: a drawer, a menu. Draw its
/// ground.
class Overlay {
 public:
  Overlay(Ui& ui, std::string_view id, const Rect& area);
  ~Overlay();
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

 private:
  Ui& ui_;
};

/// An overlay in the middle that darkens the rest and takes the whole keyboard. Make what lies below
/// Ui::Inert. Its ground and title are drawn; Escape and a click outside close it.
class Dialog {
 public:
  Dialog(Ui& ui, std::string_view id, std::string_view title, Rect screen, float width, float height);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

  [[nodiscard]] Rect content() const { return content_; }
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  Ui& ui_;
  Rect content_;
  bool closed_ = false;
};

}  // namespace loopscope::app
