#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// The mark, where the learner is, how the lab is, theme, projector, settings.
void draw_top_bar(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
