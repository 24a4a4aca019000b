#include "app/views/screens.hpp"

#include <cmath>

#include "app/views/home.hpp"
#include "app/views/lesson_screen.hpp"
#include "app/views/settings.hpp"
#include "app/views/top_bar.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {

namespace {

void take_shortcuts(Ui& ui, const Snapshot& now, Actions& actions) {
  const Settings& settings = *now.settings;
  const auto rescale = [&](float scale) {
    actions.push_back(action::SetScale{std::clamp(std::round(scale * 20) / 20, least_scale, most_scale)});
  };
  for (const Key key : {Key::Plus, Key::Equal})
    if (ui.shortcut(key, with_ctrl) || ui.shortcut(key, {.ctrl = true, .shift = true}))
      rescale(settings.scale + 0.1F);
  if (ui.shortcut(Key::Minus, with_ctrl)) rescale(settings.scale - 0.1F);
  if (ui.shortcut(Key::Zero, with_ctrl)) rescale(1);
  if (ui.shortcut(Key::P)) actions.push_back(action::SetProjector{!settings.projector});
  if (ui.shortcut(Key::F1)) actions.push_back(action::OpenSettings{});
  if (ui.shortcut(Key::Q, with_ctrl)) actions.push_back(action::Quit{});
}

void draw_message(Ui& ui, Rect area, const std::string& message) {
  const Palette& p = ui.palette();
  const float wide = std::min(area.width() - 48, ui.paint().width(Type::Small, message) + 40);
  const Rect box = Rect::at(area.mid_x() - wide / 2, area.y1 - 64, wide, 40);
  ui.paint().glow(box.moved(0, 2), p.shadow, 10, 12);
  ui.paint().fill(box, p.text, 10);
  ui.paint().text_fit(Type::Small, box.centre(), p.ground, message, wide - 24, AlignX::Middle);
  ui.note("message", message, box);
}

}  // namespace

void draw_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Rect screen = area;
  {
    const Ui::Inert below(ui, now.settings_open);
    draw_top_bar(ui, area.cut_top(height::top_bar), now, actions);
    if (now.screen == Screen::Lesson && now.lesson != nullptr)
      draw_lesson_screen(ui, area, now, actions);
    else
      draw_home(ui, area, now, actions);
  }
  if (now.settings_open) draw_settings(ui, screen, now, actions);
  take_shortcuts(ui, now, actions);
  if (!now.message.empty()) draw_message(ui, screen, now.message);
}

}  // namespace loopscope::app
