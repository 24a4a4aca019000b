#pragma once

#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"

namespace loopscope::app::cli {

/// The experiments that the arguments name, or everything that is wrong with them.
struct Input {
  std::vector<experiment::Experiment> experiments;
  std::vector<std::string> problems;  ///< FILE:LINE:COLUMN: …, or a sentence that names the file
};
/// A file is one experiment, a folder every `.lab` below it in the order of their names, `-` standard input.
/// Says on standard error which programs these would start, and how to allow it. True where there are any.
[[nodiscard]] bool refuse_programs(const std::string& command, const Input& input);
[[nodiscard]] Input read_experiments(const std::vector<std::string>& arguments);

}  // namespace loopscope::app::cli
