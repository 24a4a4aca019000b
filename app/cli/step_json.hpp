#pragma once

#include <string>

#include "app/cli/verdict.hpp"

namespace loopscope::app::cli {

/// One step as one line of JSON, without the newline: what programs read of `predict`, `run` and `check`.
[[nodiscard]] std::string step_json(const std::string& file, const Verdict& verdict);
/// The last line.
[[nodiscard]] std::string summary_json(const Tally& tally);

}  // namespace loopscope::app::cli
