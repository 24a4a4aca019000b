#pragma once

#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons::check {

/// The first real program that the experiment starts and this machine has not; empty where there is none.
[[nodiscard]] std::string missing_program(const experiment::Experiment& experiment);
/// The same for a page: its experiment and its acts.
[[nodiscard]] std::string missing_program(const Lesson& lesson, const Page& page);

/// What a page's acts start, each as 'FILE:LINE: program words'.
[[nodiscard]] std::vector<std::string> programs_of_acts(const Lesson& lesson);
/// Everything that the lesson would start: its experiments and its acts.
[[nodiscard]] std::vector<std::string> programs_of(const Lesson& lesson);

}  // namespace loopscope::lessons::check
