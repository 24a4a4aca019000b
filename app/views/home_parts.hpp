#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

/// The pieces of the home screen; each draws from the top of `area` and returns the height it took.
namespace loopscope::app {

float draw_hero(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
float draw_lessons(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
float draw_cases(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
float draw_surprises(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
float draw_machine(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

/// How far a lesson is: 0…1, 1 only when its check is met.
[[nodiscard]] float share_done(const lessons::Lesson& lesson, const lessons::Progress* progress);
[[nodiscard]] const lessons::LessonProgress* progress_of(const lessons::Progress* progress,
                                                         const std::string& lesson);
/// The lesson to go on with: the last one unless it is done, else the first that is not; null where there are
/// none.
[[nodiscard]] const lessons::Lesson* lesson_to_continue(const Snapshot& now);

}  // namespace loopscope::app
