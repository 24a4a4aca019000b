#pragma once

#include "app/views/actions.hpp"
#include "app/views/case_now.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// A case: what was reported, hints, and what the client outside saw on the left; a terminal of the lab on
/// the right. Keys that work everywhere in it: Ctrl+Shift+K has the client look, Ctrl+Shift+H gives a hint,
/// Ctrl+Shift+Esc goes into the terminal and out of it.
void draw_case_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
