#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/widgets/canvas.hpp"
#include "app/widgets/image.hpp"

namespace loopscope::app::test {

/// Drives a screen without a window: a fixed time step, injected mouse and keys, clicks by name. Everything
/// that a person could not do fails with a reason: an item that is missing, disabled, covered by another, or
/// cut off.
class UiDriver {
 public:
  using Draw = std::function<void(Ui&, Rect)>;

  /// Size in pixels.
  explicit UiDriver(Draw draw, int width = 1280, int height = 800, bool dark = true, float scale = 1);
  ~UiDriver();

  void frames(int count = 1);
  /// Draws frames until it holds or the count is used up; whether it held.
  bool until(const std::function<bool()>& holds, int most = 600);

  // ---- looking
  /// Throws where there is none, with the names that there are.
  [[nodiscard]] const Item& item(std::string_view id) const;
  [[nodiscard]] bool has(std::string_view id) const { return canvas_->ui().registry().find(id) != nullptr; }
  [[nodiscard]] const Registry& registry() const { return canvas_->ui().registry(); }
  [[nodiscard]] Image picture() const;
  /// Writes the picture where LOOPSCOPE_TEST_PICTURES names a folder, else nothing.
  void keep_picture(const std::string& name) const;

  // ---- acting
  void move(Point pixels);
  void move(std::string_view id);
  void click(std::string_view id);
  void drag(Point from, Point to);
  void wheel(float notches);
  void key(Key key, Mods mods = {});
  /// Types it where the focus is.
  void type(const std::string& text);
  /// Presses Tab until the item has the focus; throws after `most`.
  void tab_to(std::string_view id, int most = 200);

  bool dark = true;
  bool reduced_motion = false;
  void resize(int width, int height);
  void set_scale(float scale, float least_points = 0);

 private:
  void make_visible(std::string_view id);

  Draw draw_;
  int width_, height_;
  std::unique_ptr<Canvas> canvas_;
};

}  // namespace loopscope::app::test
