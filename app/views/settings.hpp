#pragma once

#include <string>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

inline constexpr float least_scale = 0.75F, most_scale = 2.5F;

/// Theme, scale, motion, projector, speed, and the keys; over the whole screen.
void draw_settings(Ui& ui, Rect screen, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
