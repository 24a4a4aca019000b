#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/experiment/statement.hpp"
#include "sim/sandbox/launcher.hpp"
#include "tests/judge/hearing.hpp"

/// The model and the kernel side by side on random experiments.
namespace loopscope::judge {

/// The text of an experiment, parsed; nothing where a line needs what no line before it makes.
[[nodiscard]] std::optional<experiment::Experiment> read(const std::string& text);

/// One experiment alone, waiting for its end.
[[nodiscard]] Hearing hear(sandbox::Launcher& launcher, const experiment::Experiment& experiment);

struct Task {
  std::uint64_t seed = 0;
  experiment::Experiment experiment;
};
using NextTask = std::function<std::optional<Task>()>;  ///< nothing: there are no more
using Heard = std::function<void(const Task&, const Hearing&)>;
using Stop = std::function<bool()>;
/// Up to `jobs` experiments at a time, each in a world of its own. `stop` is asked often; where it says so,
/// what is under way is given up and not reported.
void hear_all(sandbox::Launcher& launcher, std::size_t jobs, const NextTask& next, const Heard& heard,
              const Stop& stop);

}  // namespace loopscope::judge
