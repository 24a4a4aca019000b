#pragma once

#include <string>

#include "lessons/engine/lesson.hpp"
#include "lessons/engine/problems.hpp"

namespace loopscope::lessons::check {

/// Whether what a lesson says is backed: every part of a Why page and every question is followed by what it
/// rests on, every text that says what a kernel does stands on a page that runs an experiment or is followed
/// by it, and what is said of Windows, macOS or the BSDs names its documentation. That a tag's experiment
/// states what the tag says is load_lesson()'s; that the kernel agrees is check_run()'s.
void check_truth(const Lesson& lesson, const std::string& text, Problems& problems);

}  // namespace loopscope::lessons::check
