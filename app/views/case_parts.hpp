#pragma once

#include "app/views/actions.hpp"
#include "app/views/case_now.hpp"
#include "app/widgets/ui.hpp"

/// The pieces of the case screen.
namespace loopscope::app {

inline constexpr const char* terminal_id = "case/terminal";

/// The terminal with its title line; it has the keys while it has the focus.
void draw_case_terminal(Ui& ui, Rect area, const CaseNow& now, Actions& actions);

/// What the client outside saw: draws from the top of `area`, returns the height.
float draw_sightings(Ui& ui, Rect area, const CaseNow& now);

}  // namespace loopscope::app
