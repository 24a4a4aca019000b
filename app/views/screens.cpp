#include "app/views/screens.hpp"

#include <cmath>

#include "app/views/case_screen.hpp"
#include "app/views/file_dialogs.hpp"
#include "app/views/game_screen.hpp"
#include "app/views/home.hpp"
#include "app/views/lesson_screen.hpp"
#include "app/views/settings.hpp"
#include "app/views/top_bar.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/overlay.hpp"

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
  if (ui.shortcut(Key::O, with_ctrl)) actions.push_back(action::AskForFile{});
  if (now.written != nullptr && ui.shortcut(Key::S, with_ctrl)) actions.push_back(action::AskWhereToSave{});
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

/// One that must not be missed: it stays until it is put away. Returns where the next one begins.
float draw_notice(Ui& ui, Rect area, float y, std::size_t index, const std::string& words, Actions& actions) {
  const Palette& p = ui.palette();
  constexpr float icon_wide = 44, close_wide = 44, pad = 12;
  const float wide = std::min(area.width() - 48, 680.0F);
  const float text_wide = wide - icon_wide - close_wide;
  const float high = std::max(44.0F, ui.paint().paragraph_height(Type::Small, text_wide, words) + 2 * pad);
  Rect box = Rect::at(area.mid_x() - wide / 2, y, wide, high);
  const std::string id = "notice/" + std::to_string(index);
  const Overlay over(ui, id, box);
  const Painter& paint = ui.paint();
  paint.glow(box.moved(0, 2), p.shadow, 10, 12);
  paint.fill(box, p.card, 10);
  paint.stroke(box, ui.tone(Tone::Waiting), 10);
  ui.note(id, words, box);
  paint.icon({box.x0 + icon_wide / 2, box.y0 + 22}, 20, ui.tone(Tone::Waiting), icon::Warning);
  paint.paragraph(Type::Small, {box.x0 + icon_wide, box.y0 + pad}, text_wide, p.text, words);
  if (button(ui, Rect::at(box.x1 - close_wide + 4, box.y0 + 6, 32, 32),
             {.id = id + "/close",
              .label = {},
              .icon = icon::Close,
              .look = Look::Ghost,
              .tip = "Put this notice away"}))
    actions.push_back(action::DismissNotice{index});
  return box.y1 + 8;
}

void draw_notices(Ui& ui, Rect area, const std::vector<std::string>& notices, Actions& actions) {
  float y = area.y0 + height::top_bar + 8;
  for (std::size_t i = 0; i < notices.size(); ++i) y = draw_notice(ui, area, y, i, notices[i], actions);
}

}  // namespace

void draw_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Rect screen = area;
  {
    const Ui::Inert below(ui, now.settings_open || asks_about_files(now));
    draw_top_bar(ui, area.cut_top(height::top_bar), now, actions);
    if ((now.screen == Screen::Lesson && now.lesson != nullptr) || now.screen == Screen::File)
      draw_lesson_screen(ui, area, now, actions);
    else if (now.screen == Screen::Game && now.game != nullptr)
      draw_game(ui, area, now, actions);
    else if (now.screen == Screen::Case && now.case_now != nullptr)
      draw_case_screen(ui, area, now, actions);
    else
      draw_home(ui, area, now, actions);
  }
  if (asks_about_files(now))
    draw_file_dialogs(ui, screen, now, actions);
  else if (now.settings_open)
    draw_settings(ui, screen, now, actions);
  else if (now.notices != nullptr)
    draw_notices(ui, screen, *now.notices, actions);
  take_shortcuts(ui, now, actions);
  if (!now.message.empty()) draw_message(ui, screen, now.message);
}

}  // namespace loopscope::app
