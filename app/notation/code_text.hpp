#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/experiment/statement.hpp"

/// One process's steps of an experiment as a whole program: to read beside what happens, and to run by
/// oneself.
namespace loopscope::app::notation {

enum class Language : std::uint8_t { C, Python };

struct CodeLine {
  std::string text;
  std::optional<std::size_t> statement;  ///< the statement of the experiment that it is part of
};

struct Code {
  Language language{};
  std::string process;
  std::string file_name;  ///< 'server.c'
  std::vector<CodeLine> lines;

  [[nodiscard]] std::string text() const;
  /// First and last line of a statement; nothing where it has no code of its own.
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> lines_of(std::size_t statement) const;
};

/// The calls of `process` in their order, each of which says what came of it; results are never written into
/// the program, so that it gives nothing away. `port(client.c)` of another process becomes an argument of the
/// program. C is C17 with GNU's names (gcc, clang); Python is 3.8 and later.
[[nodiscard]] Code code_for(const experiment::Experiment& experiment, std::string_view process,
                            Language language);

/// The processes that take steps, in the order of their first.
[[nodiscard]] std::vector<std::string> processes_of(const experiment::Experiment& experiment);

}  // namespace loopscope::app::notation
