#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/refused_rule.hpp"

/// The firewall rules of an experiment, which nftables is asked about before anything is run.
namespace loopscope::lab {

/// All of them, in order: their chains and words.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> firewall_rules(
    const experiment::Experiment& experiment);
/// What nftables refused, as problems of the file: 'FILE:LINE:COLUMN: syntax error, …'.
[[nodiscard]] std::vector<std::string> words_about(const experiment::Experiment& experiment,
                                                   const std::vector<RuleRefused>& refused);

}  // namespace loopscope::lab
