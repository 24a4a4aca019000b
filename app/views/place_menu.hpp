#pragma once

#include <string>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// Where the experiment runs, in words with the lab's status, and what else may be chosen: a private lab, or
/// this machine's own loopback, where other programs can join. `details`: the tip.
void draw_place_menu(Ui& ui, const Rect& area, const std::string& words, Tone tone,
                     const std::string& details, const Snapshot& now, Actions& actions);
/// The width that it needs.
[[nodiscard]] float place_menu_width(const Ui& ui, const std::string& words);

}  // namespace loopscope::app
