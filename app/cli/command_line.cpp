#include "app/cli/command_line.hpp"

#include <array>
#include <filesystem>
#include <iostream>

#include "app/cli/command.hpp"
#include "sim/base/nearest.hpp"

namespace loopscope::app::cli {
namespace {

constexpr std::array adders{add_window,  add_run,   add_predict, add_check, add_rules,
                            add_explain, add_watch, add_lessons, add_cases, add_tour,
                            add_kernel,  add_test,  add_doctor,  add_shots};

constexpr const char* footer =
    "Without a command the program opens its window; where there is no display it is the tour.\n"
    "Exit status: 0 all as stated; 1 something differs; 2 a file or the command line is wrong; 3 no lab "
    "here.\n"
    "More: man loopscope";

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string hint_for(const std::string& word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto near = nearest(word, views);
  return near ? "; did you mean '" + *near + "'?" : "";
}

/// What is meant as a file to open: it has a folder or an ending, or is there.
bool may_be_file(const std::string& word) {
  std::error_code ignored;
  return word.find_first_of("/.") != std::string::npos || std::filesystem::is_regular_file(word, ignored);
}

/// A first word that is neither a command nor a file nor an option: CLI11 would only say that it was not
/// expected.
bool is_unknown_command(const CLI::App& program, const std::string& word) {
  if (word.empty() || word.front() == '-' || may_be_file(word)) return false;
  for (const std::string& name : command_names(program)) {
    if (name == word) return false;
  }
  std::cerr << "loopscope: there is no command '" << word << "'" << hint_for(word, command_names(program))
            << "\n`loopscope --help` lists the commands.\n";
  return true;
}

Status complain(const CLI::App& program, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* command = &program;
  for (const CLI::App* chosen : program.get_subcommands()) command = chosen;
  std::vector<std::string> options;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  std::string hint;
  for (int index = 1;
       index < argc && hint.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr; ++index) {
    const std::string word = argv[index];
    const bool known = std::find(options.begin(), options.end(), word) != options.end();
    if (word.rfind("--", 0) == 0 && !known) hint = hint_for(word, options);
  }
  const std::string name = command == &program ? "loopscope" : "loopscope " + command->get_name();
  std::cerr << name << ": " << error.what() << hint << "\n`" << name << " --help` says how it is written.\n";
  return Status::Wrong;
}

}  // namespace

Status run_command_line(int argc, char** argv, sandbox::Launcher& launcher,
                        const MakeProgramFor& make_program) {
  CLI::App program(
      "See what happens at 127.0.0.1:62893: lessons with a live lab of real processes and packets.",
      "loopscope");
  program.set_version_flag("--version", "loopscope " LOOPSCOPE_VERSION);
  program.set_help_flag("-h,--help", "Say how it is used");
  program.require_subcommand(0, 1);
  program.footer(footer);
  Chosen chosen;
  for (const auto add : adders) add(program, chosen);
  if (argc > 1 && is_unknown_command(program, argv[1])) return Status::Wrong;
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return static_cast<Status>(program.exit(done));
  } catch (const CLI::ParseError& error) {
    return complain(program, error, argc, argv);
  }
  Context context{launcher, make_program, Terminal::of_stdout()};
  return chosen.action(context);
}

}  // namespace loopscope::app::cli
