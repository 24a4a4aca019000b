#pragma once

#include "app/cli/status.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::app::cli {

/// Whether the words ask for the terminal: a command, --help, --version, or anything that is wrong. Otherwise
/// the window's options alone.
[[nodiscard]] bool is_for_terminal(int argc, char** argv);
/// Reads the command line and does what it says. Never throws. Prints what is wrong with it, and what would
/// be right, to standard error.
[[nodiscard]] Status run_command_line(int argc, char** argv, sandbox::Launcher& launcher);
/// What `loopscope` alone does where there is no display: the tour.
[[nodiscard]] Status run_default(sandbox::Launcher& launcher);

}  // namespace loopscope::app::cli
