#pragma once

#include "lessons/engine/lesson.hpp"
#include "lessons/engine/progress.hpp"

/// What counts as learnt, the same in the window and in the terminal.
namespace loopscope::lessons {

/// Whether every goal and question of the lesson's Check pages has been answered rightly. False where it has
/// none.
[[nodiscard]] bool check_is_met(const Lesson& lesson, const LessonProgress& done);

/// Keeps where the kernel answered otherwise than predicted; of one question, the last time.
void note_surprise(Progress& progress, Surprise surprise);

}  // namespace loopscope::lessons
