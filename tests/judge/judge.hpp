#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "sim/experiment/statement.hpp"
#include "sim/sandbox/launcher.hpp"

/// The model and the kernel side by side on one experiment.
namespace loopscope::judge {

struct Difference {
  std::size_t statement = 0;
  std::string words;  ///< 'LINE: the call: model X, kernel Y: because'
};
struct Hearing {
  std::size_t steps = 0, not_modelled = 0;
  std::optional<Difference> difference;  ///< the first
};

/// Runs it, with what the model's socket table says at the end added as claims. Error: no lab here.
[[nodiscard]] tl::expected<Hearing, sandbox::Refusal> hear(sandbox::Launcher& launcher,
                                                           const experiment::Experiment& experiment);
/// The fewest steps that still differ.
[[nodiscard]] experiment::Experiment shrink(sandbox::Launcher& launcher, experiment::Experiment experiment);
/// The text of an experiment, parsed; steps on names that a removed step would have made are left out.
[[nodiscard]] std::optional<experiment::Experiment> read(const std::string& text);

}  // namespace loopscope::judge
