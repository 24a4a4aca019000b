#pragma once

#include <string_view>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

/// What would have worked, and what came of trying it: shared by the stage and the inspector.
namespace loopscope::app {

/// The remedies of the step at the playhead are offered: there are some, and they give no check away.
[[nodiscard]] bool offers_remedies(const Snapshot& now);
/// One card a remedy, below each other; a card that is pressed is tried. Names: id/INDEX. Returns the height.
/// `brief`: one line each, the warning in its tip.
float draw_remedies(Ui& ui, Point at, float width, std::string_view id, const Snapshot& now, Actions& actions,
                    bool brief = false);

/// A line that says that a remedy's run is shown, with the way back, or that the kernel and the model
/// disagree, with the way to report it. Takes its height from the area's top; nothing where neither is so.
void draw_run_notice(Ui& ui, Rect& area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
