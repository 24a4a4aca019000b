#pragma once

#include "lessons/engine/lesson.hpp"
#include "lessons/engine/problems.hpp"
#include "sim/sandbox/launcher.hpp"

/// A lesson held against the kernel. What can't be done here is a problem as well: the functions throw
/// nothing.
namespace loopscope::lessons::check {

/// Runs one experiment of a lesson and holds each result against what it states.
void check_run(sandbox::Launcher& launcher, const experiment::Experiment& experiment, Problems& problems);

/// A page with a goal, in a fresh world each: its goal starts unmet, and stepping to the experiment's end
/// does not meet it.
void check_starts_unmet(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page,
                        Problems& problems);
/// The way that stands below the goal meets it, and not before its last act.
void check_way(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page, Problems& problems);
/// Pressing all acts from the top down, without thinking, does not meet it.
void check_not_by_pressing(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page,
                           Problems& problems);

/// Whether drawn numbers change what the page does: then its way is worth trying with these as well.
[[nodiscard]] bool draws_differently(const Page& written, const Page& drawn);

}  // namespace loopscope::lessons::check
