#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// The whole window: top bar, the current screen, the settings above it, a passing message. Also the keys
/// that work everywhere: Ctrl + and Ctrl − and Ctrl 0 (scale), P (projector), F1 (settings and keys), Ctrl O
/// (open a file), Ctrl S (keep the experiment), Ctrl Q.
void draw_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
