#pragma once

#include <functional>
#include <memory>

#include "app/cli/status.hpp"
#include "app/views/program.hpp"
#include "app/views/settings_values.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::app::cli {

/// Makes what stands behind the screen. Pictures are taken without reading or keeping a learner's progress.
using MakeProgramFor = std::function<std::unique_ptr<Program>(const Settings& settings, bool keeps_progress)>;

/// Reads the command line and does what it says. What is wrong with it, and what would be right, goes to
/// standard error. Throws only what is wrong with this machine.
[[nodiscard]] Status run_command_line(int argc, char** argv, sandbox::Launcher& launcher,
                                      const MakeProgramFor& make_program);

}  // namespace loopscope::app::cli
