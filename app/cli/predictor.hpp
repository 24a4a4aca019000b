#pragma once

#include <vector>

#include "app/cli/verdict.hpp"
#include "sim/experiment/statement.hpp"

/// The model's side of `predict` and `check`.
namespace loopscope::app::cli {

/// One verdict for each step that has a RESULT, in order: what the model says of it, held against what the
/// file states (with `port(…)` replaced by what the model knows of it). Nothing is run. The experiment must
/// outlive them.
[[nodiscard]] std::vector<Verdict> predict_all(const experiment::Experiment& experiment);

}  // namespace loopscope::app::cli
