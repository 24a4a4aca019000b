#include "tests/support/ui_driver.hpp"

#include <cstdlib>
#include <stdexcept>

namespace loopscope::app::test {

namespace {

[[noreturn]] void fail(const std::string& words) { throw std::runtime_error(words); }

}  // namespace

UiDriver::UiDriver(Draw draw, int width, int height, bool is_dark, float scale)
    : dark(is_dark), draw_(std::move(draw)), width_(width), height_(height) {
  auto canvas = Canvas::make(scale);
  if (!canvas) fail(canvas.error());
  canvas_ = std::move(*canvas);
  frames(3);
}

UiDriver::~UiDriver() = default;

void UiDriver::frames(int count) {
  for (int i = 0; i < count; ++i)
    canvas_->frame({.width = static_cast<float>(width_),
                    .height = static_cast<float>(height_),
                    .seconds = 1.0F / 60,
                    .dark = dark,
                    .reduced_motion = reduced_motion,
                    .headless = true},
                   draw_);
}

bool UiDriver::until(const std::function<bool()>& holds, int most) {
  for (int i = 0; i < most; ++i) {
    if (holds()) return true;
    frames();
  }
  return holds();
}

const Item& UiDriver::item(std::string_view id) const {
  if (const Item* found = registry().find(id)) return *found;
  std::string words = "nothing on the screen is called '" + std::string(id) + "'. There are:";
  for (const Item& other : registry().items()) words += " " + other.id;
  fail(words);
}

Image UiDriver::picture() const { return canvas_->picture(); }

void UiDriver::keep_picture(const std::string& name) const {
  const char* folder = std::getenv("LOOPSCOPE_TEST_PICTURES");
  if (folder == nullptr) return;
  if (auto done = write_png(picture(), std::string(folder) + "/" + name + ".png"); !done) fail(done.error());
}

void UiDriver::move(Point pixels) {
  canvas_->mouse_move(pixels);
  frames(2);
}

// As a person would: what is scrolled out of sight is scrolled into it.
void UiDriver::make_visible(std::string_view id) {
  const Item& found = item(id);
  const Point middle = found.area.centre();
  if (found.clip.contains(middle)) return;
  canvas_->ui().focus(id);
  frames(3);
  if (!item(id).clip.contains(item(id).area.centre()))
    fail("'" + std::string(id) + "' is cut off and cannot be scrolled into sight");
}

void UiDriver::move(std::string_view id) {
  make_visible(id);
  move(item(id).area.centre());
}

void UiDriver::click(std::string_view id) {
  move(id);
  if (!item(id).enabled) fail("'" + std::string(id) + "' is disabled");
  if (!item(id).hovered) fail("'" + std::string(id) + "' is covered by something else");
  canvas_->mouse_button(true);
  frames(2);
  canvas_->mouse_button(false);
  frames(2);
}

void UiDriver::drag(Point from, Point to) {
  move(from);
  canvas_->mouse_button(true);
  frames();
  for (int i = 1; i <= 8; ++i) move(from + (to - from) * (static_cast<float>(i) / 8));
  canvas_->mouse_button(false);
  frames(2);
}

void UiDriver::wheel(float notches) {
  canvas_->mouse_wheel(notches);
  frames(3);
}

void UiDriver::type(const std::string& text) {
  canvas_->type(text);
  frames(2);
}

void UiDriver::key(Key key, Mods mods) {
  canvas_->press({key, mods, false});
  frames(2);
}

void UiDriver::tab_to(std::string_view id, int most) {
  for (int i = 0; i < most; ++i) {
    if (const Item* found = registry().find(id); found != nullptr && found->focused) return;
    key(Key::Tab);
  }
  fail("Tab does not lead to '" + std::string(id) + "'");
}

void UiDriver::resize(int width, int height) {
  width_ = width;
  height_ = height;
  frames(3);
}

void UiDriver::set_scale(float scale, float least_points) {
  if (auto done = canvas_->set_scale(scale, least_points); !done) fail(done.error());
  frames(3);
}

}  // namespace loopscope::app::test
