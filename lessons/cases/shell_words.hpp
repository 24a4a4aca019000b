#pragma once

#include <string>

#include "lessons/cases/case_file.hpp"

namespace loopscope::lessons {

/// What the learner's bash reads first: its prompt, and the commands `hint`, `check` and `give-up`, which ask
/// the program on the shell's line (sim/lab/shell_line.hpp).
[[nodiscard]] std::string shell_start(const Case& one, bool checks_at_exit);

}  // namespace loopscope::lessons
