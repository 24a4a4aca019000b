#pragma once

#include <string>

#include "lessons/cases/case_file.hpp"
#include "lessons/engine/problems.hpp"

namespace loopscope::lessons {

/// Reads case.md into `words`; what is wrong goes to `problems`, which are of that file.
void read_case_text(const std::string& text, Case& words, Problems& problems);

}  // namespace loopscope::lessons
