#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/experiment/statement.hpp"

namespace loopscope::experiment {

/// The limits of EXPERIMENTS.md.
inline constexpr std::size_t max_file_bytes = 1 << 20;
inline constexpr std::size_t max_line_bytes = 4096;
inline constexpr std::size_t max_hosts = 16;
inline constexpr std::size_t max_processes = 64;
inline constexpr std::size_t max_sockets = 4096;

struct Problem {
  std::string file;
  Place place;
  std::string message;  ///< what is wrong, and what would be right
};
/// 'FILE:LINE:COLUMN: message'
[[nodiscard]] std::string to_string(const Problem& problem);

/// The whole text, or every problem in it (never an empty list). `file` is only for messages. Pure; never
/// throws on bad input.
[[nodiscard]] tl::expected<Experiment, std::vector<Problem>> parse(std::string_view text, std::string file);
/// One statement of one line, as a learner types or a button sends it; names of processes and variables are
/// not checked.
[[nodiscard]] tl::expected<Statement, Problem> parse_statement(std::string_view line);
/// A RESULT alone, e.g. a learner's prediction.
[[nodiscard]] tl::expected<Result, Problem> parse_result(std::string_view text);

/// The canonical text: parse(print(e)) == e, comments and blank lines kept.
[[nodiscard]] std::string print(const Experiment& experiment);

}  // namespace loopscope::experiment
