#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// The experiment line by line, with what was done by hand at its place and what the kernel answered; copy,
/// save, and at the foot what the run waits for.
void draw_experiment_panel(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
