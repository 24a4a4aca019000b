#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// The ground of what lies over the rest: a menu, a sheet.
void draw_sheet_ground(const Ui& ui, const Rect& area);

struct MenuEntry {
  std::string id, label;
  std::string words;           ///< a second line: what it is, or why it cannot be chosen; empty: none
  const char* icon = nullptr;  ///< before the label
  Tone tone = Tone::Neutral;   ///< of the icon
  bool on = false;             ///< the one that is chosen now
  bool enabled = true;
  std::string tip;
};

/// Its size, given what must fit into it.
[[nodiscard]] Point menu_size(const Ui& ui, std::span<const MenuEntry> entries);
/// A list to choose from, over the rest, where `area` says. The index of what was chosen; that and Escape
/// close it.
std::optional<std::size_t> menu(Ui& ui, std::string_view id, const Rect& area,
                                std::span<const MenuEntry> entries, bool& open);

}  // namespace loopscope::app
