#include "app/widgets/menu.hpp"

#include <algorithm>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"

namespace loopscope::app {
namespace {

constexpr float line_height = 36, tall_line_height = 58, pad = 6, margin = 12;

float height_of(const MenuEntry& entry) { return entry.words.empty() ? line_height : tall_line_height; }
float icon_room(const MenuEntry& entry) { return entry.icon == nullptr ? margin : 36; }

bool draw_entry(Ui& ui, const Rect& line, const MenuEntry& entry) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(
      line,
      {.id = entry.id, .label = entry.label, .kind = Kind::Row, .enabled = entry.enabled, .on = entry.on});
  if (entry.on)
    ui.paint().fill(line, mix(p.panel, p.accent, p.dark ? 0.18F : 0.10F), radius::button);
  else if (hit.hovered)
    ui.paint().fill(line, p.raised, radius::button);
  if (hit.focused) ui.focus_ring(line, radius::button);
  if (!entry.tip.empty()) ui.tooltip(entry.tip);
  const float x = line.x0 + icon_room(entry);
  const float y = entry.words.empty() ? line.mid_y() : line.y0 + 19;
  const float right = line.x1 - (entry.on || !entry.enabled ? 32 : 8);
  const Colour ink = entry.enabled ? p.text : p.muted;
  if (entry.icon != nullptr)
    ui.paint().icon({line.x0 + 18, y}, 18, entry.tone == Tone::Neutral ? p.muted : ui.tone(entry.tone),
                    entry.icon);
  ui.paint().text_fit(entry.on ? Type::SmallBold : Type::Small, {x, y}, ink, entry.label, right - x);
  if (!entry.words.empty())
    ui.paint().text_fit(Type::Caption, {x, line.y0 + 40}, p.muted, entry.words, right - x);
  if (entry.on) ui.paint().icon({line.x1 - 16, line.mid_y()}, 16, p.accent, icon::Check);
  if (!entry.enabled) ui.paint().icon({line.x1 - 16, line.mid_y()}, 16, p.faint, icon::Block);
  return hit.pressed && entry.enabled;
}

}  // namespace

void draw_sheet_ground(const Ui& ui, const Rect& area) {
  const Palette& p = ui.palette();
  ui.paint().glow(area, p.shadow, radius::panel, 12);
  ui.paint().fill(area, p.card, radius::panel);
  ui.paint().stroke(area, p.strong_border, radius::panel);
}

Point menu_size(const Ui& ui, std::span<const MenuEntry> entries) {
  Point size{0, 2 * pad};
  for (const MenuEntry& entry : entries) {
    const float words = std::max(ui.paint().width(Type::SmallBold, entry.label),
                                 ui.paint().width(Type::Caption, entry.words));
    size.x = std::max(size.x, 2 * pad + icon_room(entry) + words + 40);
    size.y += height_of(entry);
  }
  return size;
}

std::optional<std::size_t> menu(Ui& ui, std::string_view id, const Rect& area,
                                std::span<const MenuEntry> entries, bool& open) {
  const Overlay overlay(ui, id, area);
  draw_sheet_ground(ui, area);
  Rect rows = area.inset(pad);
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (draw_entry(ui, rows.cut_top(height_of(entries[i])), entries[i])) chosen = i;
  }
  if (chosen || ui.shortcut(Key::Escape)) open = false;
  return chosen;
}

}  // namespace loopscope::app
