#pragma once

#include <string>

#include "lessons/engine/lesson.hpp"

namespace loopscope::tests {

/// The first real program that the experiment starts and this machine has not; empty where there is none.
[[nodiscard]] std::string missing_program(const experiment::Experiment& experiment);
/// The same for a page: its experiment and its acts.
[[nodiscard]] std::string missing_program(const lessons::Lesson& lesson, const lessons::Page& page);

}  // namespace loopscope::tests
