#include "app/views/place_menu.hpp"

#include <algorithm>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"

namespace loopscope::app {
namespace {

struct Place {
  const char* id;
  const char* label;
  const char* words;
  bool on_this_machine;
};
constexpr Place places[] = {
    {"top/place/lab", "In a private lab", "A network of its own: nothing of this machine is touched.", false},
    {"top/place/here", "On this machine",
     "Its own loopback: your browser and curl can join. No packet is held, no firewall changed.", true}};
constexpr float row_height = 58;

float sheet_width(const Ui& ui) {
  float wide = 0;
  for (const Place& place : places) wide = std::max(wide, ui.paint().width(Type::Caption, place.words));
  return wide + 64;
}

void draw_choices(Ui& ui, const Rect& sheet, bool& open, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const Overlay overlay(ui, "top/place/sheet", sheet);
  ui.paint().glow(sheet, p.shadow, radius::panel, 12);
  ui.paint().fill(sheet, p.card, radius::panel);
  ui.paint().stroke(sheet, p.strong_border, radius::panel);
  Rect rows = sheet.inset(6);
  for (const Place& place : places) {
    const Rect line = rows.cut_top(row_height);
    const bool on = place.on_this_machine == now.on_this_machine;
    const Hit hit = row(ui, line, place.id, place.label, on);
    ui.paint().text(on ? Type::SmallBold : Type::Small, {line.x0 + 12, line.y0 + 19}, p.text, place.label);
    ui.paint().text(Type::Caption, {line.x0 + 12, line.y0 + 40}, p.muted, place.words);
    if (on) ui.paint().icon({line.x1 - 16, line.mid_y()}, 16, p.accent, icon::Check);
    if (!hit.pressed) continue;
    open = false;
    if (!on) actions.push_back(action::SetOnThisMachine{place.on_this_machine});
  }
  if (ui.shortcut(Key::Escape)) open = false;
}

}  // namespace

float place_menu_width(const Ui& ui, const std::string& words) {
  return ui.paint().width(Type::Small, words) + 42;
}

void draw_place_menu(Ui& ui, const Rect& area, const std::string& words, Tone tone,
                     const std::string& details, const Snapshot& now, Actions& actions) {
  bool& open = ui.state<bool>("top/place/open");
  const Rect place = area.inset(0, 6);
  const Hit hit = row(ui, place, "top/lab", words, open);
  ui.tooltip(details);
  ui.paint().disc({place.x0 + 5, place.mid_y()}, 4, ui.tone(tone));
  ui.paint().text(Type::Small, {place.x0 + 17, place.mid_y()},
                  hit.hovered ? ui.palette().text : ui.palette().muted, words);
  ui.paint().icon({place.x1 - 12, place.mid_y()}, 16, ui.palette().muted, icon::ExpandMore);
  if (hit.pressed) open = !open;
  if (!open) return;
  const float wide = sheet_width(ui);
  draw_choices(ui, Rect::at(place.x1 - wide, place.y1 + 6, wide, row_height * std::size(places) + 12), open,
               now, actions);
}

}  // namespace loopscope::app
