#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// Where the learner is and what is next, the lessons by part, the learner's surprises, and what this machine
/// allows.
void draw_home(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
