#include <algorithm>

#include "app/views/induce.hpp"
#include "app/views/stage_draw.hpp"
#include "app/widgets/menu.hpp"

namespace loopscope::app::stage {
namespace {

const ColumnPlace* place_of(const Scene& s, const std::string& name) {
  for (const ColumnPlace& place : s.at.columns) {
    const auto& process = s.model.columns[place.column].process;
    if (process && s.model.processes[*process].name == name) return &place;
  }
  return nullptr;
}

}  // namespace

bool can_break(const Scene& s, const ProcessView& process) {
  return s.can_act && process.pid != 0 && process.doing != Doing::Ended;
}

std::string& menu_of(const Scene& s) { return s.ui.state<std::string>("stage/menu/process"); }

void draw_menu(const Scene& s, const Snapshot& now) {
  std::string& process = menu_of(s);
  if (process.empty()) return;
  const ColumnPlace* place = place_of(s, process);
  if (place == nullptr && !s.host.empty()) return;  // it is another machine's
  if (place == nullptr || !can_break(s, s.model.processes[*s.model.columns[place->column].process])) {
    process.clear();
    return;
  }
  const auto items = inductions_on(induce_world_of(now), process);
  std::vector<MenuEntry> entries;
  for (const Induction& item : items) {
    entries.push_back({.id = "stage/menu/" + item.id,
                       .label = item.label,
                       .words = item.possible() ? "" : "Not now: " + item.why_not,
                       .icon = item.icon,
                       .tone = item.ends_something ? Tone::Bad : Tone::Neutral,
                       .enabled = item.possible(),
                       .tip = item.tip});
  }
  const Point size = menu_size(s.ui, entries);
  const float x = std::clamp(place->process.mid_x() - size.x / 2, s.at.box.x0 + 8,
                             std::max(s.at.box.x0 + 8, s.at.box.x1 - size.x - 8));
  bool open = true;
  const auto chosen =
      menu(s.ui, "stage/menu", Rect::at(x, place->process.y1 + 6, size.x, size.y), entries, open);
  if (chosen) s.actions.push_back(items[*chosen].action());
  if (!open) process.clear();
}

}  // namespace loopscope::app::stage
