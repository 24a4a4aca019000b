#pragma once

#include <functional>
#include <memory>

#include "app/cli/status.hpp"
#include "app/views/program.hpp"
#include "app/views/settings_values.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::app::cli {

struct ProgramWish {
  bool keeps_progress = true;   ///< pictures are taken without reading or keeping a learner's progress
  std::uint64_t seed = 0;       ///< draws the numbers of the lessons' questions; 0: as they are written
  std::string course;           ///< a folder of lessons of one's own; empty: none
  bool allow_programs = false;  ///< of that course: they need not be asked about
  std::string preview;          ///< folder of a lesson that is read again as its files are saved; empty: none
};
/// Makes what stands behind the screen.
using MakeProgramFor = std::function<std::unique_ptr<Program>(const Settings&, const ProgramWish&)>;

/// Reads the command line and does what it says. What is wrong with it, and what would be right, goes to
/// standard error. Throws only what is wrong with this machine.
[[nodiscard]] Status run_command_line(int argc, char** argv, sandbox::Launcher& launcher,
                                      const MakeProgramFor& make_program);

}  // namespace loopscope::app::cli
