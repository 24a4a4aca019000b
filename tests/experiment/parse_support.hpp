#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/experiment/parser.hpp"

namespace loopscope::tests {

/// What the parser finds wrong with a file `a.lab` of that text, one line each; empty where it is right.
inline std::string problems_of(std::string_view text) {
  const auto parsed = experiment::parse(text, "a.lab");
  std::string all;
  if (!parsed) {
    for (const auto& problem : parsed.error()) all += to_string(problem) + "\n";
  }
  return all;
}

/// The experiment of a text that must be right.
inline experiment::Experiment parsed(std::string_view text) {
  auto result = experiment::parse(text, "a.lab");
  if (!result) throw std::runtime_error(problems_of(text));
  return std::move(*result);
}

/// The one statement's struct of a line that must be right.
template <class Kind>
Kind parsed_as(std::string_view line) {
  const auto statement = experiment::parse_statement(line);
  if (!statement) throw std::runtime_error(to_string(statement.error()));
  return std::get<Kind>(statement->body);
}

}  // namespace loopscope::tests
