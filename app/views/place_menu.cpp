#include "app/views/place_menu.hpp"

#include <array>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/menu.hpp"

namespace loopscope::app {

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
  const std::array<MenuEntry, 2> places{
      {{.id = "top/place/lab",
        .label = "In a private lab",
        .words = "A network of its own: nothing of this machine is touched.",
        .on = !now.on_this_machine},
       {.id = "top/place/here",
        .label = "On this machine",
        .words = "Its own loopback: your browser and curl can join. No packet is held, no firewall changed.",
        .on = now.on_this_machine}}};
  const Point size = menu_size(ui, places);
  const auto chosen =
      menu(ui, "top/place/sheet", Rect::at(place.x1 - size.x, place.y1 + 6, size.x, size.y), places, open);
  if (chosen && (*chosen == 1) != now.on_this_machine)
    actions.push_back(action::SetOnThisMachine{*chosen == 1});
}

}  // namespace loopscope::app
