#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <tl/expected.hpp>

#include "lessons/engine/library.hpp"

namespace loopscope::app::cli {

/// `--lessons DIR` and `--allow-programs`, which goes with it.
struct CourseOptions {
  std::string folder;  ///< empty: none
  bool allow_programs = false;
};
void add_course_options(CLI::App& command, CourseOptions& options);

/// The program's lessons, and the course's behind them. Error: the program's are not found.
[[nodiscard]] tl::expected<lessons::Library, std::string> load_all(const CourseOptions& options,
                                                                   std::uint64_t seed = 0);

/// A lesson of the library, by what a person calls it; where there is none, says so on standard error.
[[nodiscard]] const lessons::Lesson* find_or_say(const std::string& command, const lessons::Library& library,
                                                 const std::string& name);

/// Whether the lesson may start what it starts: it is the program's, allowed, or starts nothing. Else says on
/// standard error what it would start, and how to allow it.
[[nodiscard]] bool may_start_programs(const std::string& command, const lessons::Lesson& lesson,
                                      const CourseOptions& options);

}  // namespace loopscope::app::cli
