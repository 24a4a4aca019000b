#pragma once

#include "app/views/actions.hpp"
#include "app/views/kernel_game.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// 'You are the kernel' and the test: the little world, the call, six answers (keys 1 to 6, 0 for 'I don't
/// know'), and what the kernel did (Enter or Space goes on). Escape leads home.
void draw_game(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

/// The pieces of it; each draws from the top of `area` and returns the height it took.
float draw_test_results(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// What is known, shaky and new, rule by rule.
float draw_rule_scores(Ui& ui, Rect area, const lessons::GameRecord& record);

}  // namespace loopscope::app
