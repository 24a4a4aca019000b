#pragma once

namespace loopscope::app::cli {

/// What the program ends with. The larger of two says more about what went wrong.
enum class Status : int {
  Agreed = 0,   ///< all is as stated
  Differs = 1,  ///< something is not
  Wrong = 2,    ///< a file or the command line is wrong; nothing was run
  NoLab = 3,    ///< this machine cannot run a lab
};

}  // namespace loopscope::app::cli
