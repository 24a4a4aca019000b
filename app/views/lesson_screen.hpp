#pragma once

#include "app/views/lesson_parts.hpp"

namespace loopscope::app {

/// The main screen below the top bar: lesson | strip, transport, stage, sequence | inspector, with gaps that
/// can be dragged. Where the window is narrow the inspector is a rail of icons and opens over the stage.
void draw_lesson_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

/// Where the parts lie; pure, for the tests.
struct LessonLayout {
  Rect lesson, strip, transport, steps_panel, stage, induce, sequence, inspector;
  bool rail = false;  ///< the inspector's area is the rail
  float lesson_width = 0, inspector_width = 0, sequence_height = 0;
  float lesson_least = 0, lesson_most = 0, inspector_least = 0, inspector_most = 0, sequence_least = 0,
        sequence_most = 0;
};
[[nodiscard]] LessonLayout lay_out_lesson_screen(Rect area, const Settings& settings);

}  // namespace loopscope::app
