#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// Whether something about a file is to be answered before anything else: make what lies below inert.
[[nodiscard]] bool asks_about_files(const Snapshot& now);
/// The path of a file to open or to keep the experiment in; what a file would start; what is wrong with one.
void draw_file_dialogs(Ui& ui, Rect screen, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
