#pragma once

#include <any>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/widgets/keys.hpp"
#include "app/widgets/painter.hpp"
#include "app/widgets/registry.hpp"
#include "app/widgets/theme.hpp"

/// The context that each view receives: what to draw with, what the learner does, what is remembered between
/// frames.
///
/// Order within a frame: a screen first draws its controls and asks for its shortcuts last, so that a control
/// that has the keyboard's focus takes Space, Enter and the arrows before the screen does. One thread: the
/// window's.
namespace loopscope::app {

/// What a control learns about itself.
struct Hit {
  bool hovered = false;  ///< the mouse is on it
  bool held = false;     ///< pressed down and not yet released
  bool pressed = false;  ///< clicked, or Enter or Space with the focus on it
  bool focused = false;  ///< the keyboard is here and its ring must be drawn
};

class Ui {
 public:
  // ---- drawing
  [[nodiscard]] const Painter& paint() const { return painters_.back(); }
  [[nodiscard]] const Palette& palette() const { return *palette_; }
  [[nodiscard]] Colour tone(Tone tone) const { return palette_->of(tone); }
  [[nodiscard]] float scale() const { return scale_; }

  // ---- time
  /// Seconds on a clock that stands still while nothing is drawn; a fixed step in tests.
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] float frame_seconds() const { return frame_seconds_; }
  [[nodiscard]] bool reduced_motion() const { return reduced_motion_; }
  /// Something moves: another frame is wanted soon. Without it the window sleeps until something happens.
  void animate() { animating_ = true; }
  /// A value that glides towards `target` (at once with reduced motion).
  [[nodiscard]] float glide(std::string_view id, float target, float seconds = 0.12F);

  // ---- mouse
  [[nodiscard]] Point mouse() const { return paint().from_pixels(mouse_pixels_); }
  /// On the area, within what is visible, and nothing lies over this window.
  [[nodiscard]] bool mouse_in(const Rect& area) const;
  /// How far the wheel turned over the area in this frame (1: one notch up); consumed for whatever lies
  /// below.
  [[nodiscard]] float wheel_in(const Rect& area);

  // ---- controls
  struct What {
    std::string_view id, label;
    Kind kind = Kind::Button;
    bool enabled = true;
    bool on = false;
    float value = 0;
    bool below = false;  ///< other controls lie on it: they come first
    bool focusable = true;
  };
  /// Makes an area react and puts it in the registry. Draw it according to the answer.
  Hit hit(const Rect& area, const What& what);
  /// Something to look at, by name, for the tests.
  void note(std::string_view id, std::string_view label, const Rect& area, bool on = false);
  /// Shows after a moment while the control of the last hit() is hovered or has the focus.
  void tooltip(std::string_view text);
  /// The ring around what has the keyboard's focus.
  void focus_ring(const Rect& area, float radius) const;
  [[nodiscard]] const Registry& registry() const { return registry_; }

  // ---- keyboard
  /// True once where the key was pressed in this frame and nobody took it before.
  bool shortcut(Key key, Mods mods = {});
  /// The control that has the focus takes a key.
  bool key_for(const Hit& hit, Key key) { return hit.focused && shortcut(key); }
  void focus(std::string_view id);
  /// Words, or a key that edits them, in the order of their coming.
  using Stroke = std::variant<std::string, Key>;
  using Typed = std::vector<Stroke>;
  /// What was typed for the text field that has the focus. While one calls this in each frame, keys are no
  /// shortcuts: see text_field().
  [[nodiscard]] Typed take_typed();
  /// Everything that was typed, in the order of its coming: for a terminal that has the focus. While one
  /// calls this in each frame keys are neither shortcuts nor walk the focus, but for those with Ctrl and
  /// Shift.
  using Input = std::variant<std::string, KeyPress>;
  [[nodiscard]] std::vector<Input> take_all_input();
  [[nodiscard]] const std::string& focused() const { return focus_; }

  // ---- memory
  /// A small thing that a view remembers (a scroll position, what is unfolded). Lives as long as the window.
  template <class T>
  [[nodiscard]] T& state(std::string_view id, T initial = {}) {
    auto found = memory_.find(id);
    if (found == memory_.end()) found = memory_.emplace(std::string(id), std::any(std::move(initial))).first;
    return std::any_cast<T&>(found->second);
  }

  /// What is drawn while one of these lives is drawn zoomed: `origin` stays, the rest is `factor` times as
  /// large.
  class Zoom {
   public:
    Zoom(Ui& ui, Point origin, float factor) : ui_(ui) {
      ui.painters_.push_back(ui.paint().zoomed(origin, factor));
    }
    ~Zoom() { ui_.painters_.pop_back(); }
    Zoom(const Zoom&) = delete;
    Zoom& operator=(const Zoom&) = delete;

   private:
    Ui& ui_;
  };
  /// Controls made while one of these lives are there, but do not react (a dialog is open above them).
  class Inert {
   public:
    Inert(Ui& ui, bool inert) : ui_(ui), before_(ui.inert_) { ui.inert_ = ui.inert_ || inert; }
    ~Inert() { ui_.inert_ = before_; }
    Inert(const Inert&) = delete;
    Inert& operator=(const Inert&) = delete;

   private:
    Ui& ui_;
    bool before_;
  };
  [[nodiscard]] bool inert() const { return inert_; }

 private:
  friend class Canvas;
  friend class ScrollArea;
  friend class Dialog;
  friend class Overlay;

  void begin_frame();
  void divide_keys();
  void end_frame();
  void walk(int by);
  void walk_towards(Point direction);
  void draw_tooltip();

  std::vector<Painter> painters_;
  const Palette* palette_ = nullptr;
  const Fonts* fonts_ = nullptr;
  float scale_ = 1;
  double time_ = 0;
  float frame_seconds_ = 0;
  bool reduced_motion_ = false;
  bool animating_ = false;
  bool inert_ = false;
  Point mouse_pixels_{};
  float wheel_ = 0;
  Registry registry_;
  std::vector<Item> stops_;  ///< what the keyboard can reach, in the last frame
  std::vector<KeyPress> keys_;
  Typed typed_;               ///< since the last frame
  bool typing_ = false;       ///< a text field has the focus
  std::vector<Input> input_;  ///< since the last frame
  bool takes_all_ = false;    ///< a terminal has the focus
  std::string focus_;
  bool focus_visible_ = false;
  int focus_moved_ = 0;  ///< frames in which what has it scrolls into sight
  std::string tip_, tip_for_;
  std::string tip_done_for_;  ///< it was pressed: no tip over what the press has changed, until it is left
  bool tip_quiet_ = false;
  std::string last_;  ///< id of the last hit()
  Hit last_hit_;
  Rect last_area_;  ///< pixels
  Rect tip_area_;
  double tip_since_ = 0;
  std::map<std::string, std::any, std::less<>> memory_;
};

}  // namespace loopscope::app
