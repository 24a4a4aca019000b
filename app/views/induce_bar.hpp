#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

inline constexpr float induce_bar_height = 36;

/// Under the stage: what is induced most, with one press; the button that opens all that can be (I), undo
/// and redo (Ctrl+Z, Ctrl+Shift+Z), and the experiment as it is written by now (E).
void draw_induce_bar(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// All that can be induced, over `area`, where it is open. Drawn last.
void draw_induce_sheet(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// Whether the experiment's text stands in the place of the lesson's.
[[nodiscard]] bool& experiment_is_open(Ui& ui);

}  // namespace loopscope::app
