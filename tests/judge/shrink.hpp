#pragma once

#include <string>

#include "sim/experiment/statement.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::judge {

/// The fewest steps on which the model and the kernel still differ.
[[nodiscard]] experiment::Experiment shrink(sandbox::Launcher& launcher, experiment::Experiment experiment);

/// The experiment as a case to keep: with the kernel's results stated, and where the socket tables differed,
/// with a claim that the kernel's table fulfils.
[[nodiscard]] std::string as_case(sandbox::Launcher& launcher, experiment::Experiment experiment,
                                  std::uint64_t seed);

}  // namespace loopscope::judge
