#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "app/cli/command_line.hpp"
#include "app/cli/courses.hpp"
#include "app/cli/status.hpp"
#include "app/cli/terminal.hpp"
#include "sim/sandbox/launcher.hpp"

/// What a command is: one file each, command_NAME.cpp. To add one: declare its add_… here and list it in
/// command_line.cpp.
namespace loopscope::app::cli {

struct Context {
  sandbox::Launcher& launcher;
  const MakeProgramFor& make_program;
  Terminal terminal;
};

/// What the command line asked for, once it has been read.
struct Chosen {
  std::function<Status(Context&)> action;
};

/// Each adds its subcommand; where it is chosen, it puts its action into `chosen`, which must outlive
/// `program`.
void add_run(CLI::App& program, Chosen& chosen);
void add_lessons(CLI::App& program, Chosen& chosen);
/// `cases` and `case`.
void add_cases(CLI::App& program, Chosen& chosen);
void add_tour(CLI::App& program, Chosen& chosen);
void add_doctor(CLI::App& program, Chosen& chosen);
void add_shots(CLI::App& program, Chosen& chosen);
/// The options of the program without a command. First: a command's action then takes the place of its own.
void add_window(CLI::App& program, Chosen& chosen);
void add_predict(CLI::App& program, Chosen& chosen);
void add_check(CLI::App& program, Chosen& chosen);
void add_rules(CLI::App& program, Chosen& chosen);
void add_explain(CLI::App& program, Chosen& chosen);
void add_watch(CLI::App& program, Chosen& chosen);
void add_kernel(CLI::App& program, Chosen& chosen);
void add_test(CLI::App& program, Chosen& chosen);

/// `lessons new`, `check`, `preview` and `export`.
void add_lesson_writing(CLI::App& lessons, Chosen& chosen);

/// The tour as it is without a command line: where there is no display.
[[nodiscard]] Status run_tour(Context& context, const std::string& lesson, const CourseOptions& course = {});
/// The window, with this lesson of one's own, which is read again as its files are saved.
[[nodiscard]] Status preview_lesson(Context& context, const std::string& folder, bool allow_programs);

}  // namespace loopscope::app::cli
