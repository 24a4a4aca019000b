#include <exception>
#include <iostream>

#include "app/cli/command_line.hpp"
#include "app/cli/standard_streams.hpp"
#include "app/controller/controller.hpp"
#include "sim/lab/lab.hpp"

// Wiring only.
namespace {

using namespace loopscope;

std::unique_ptr<app::Program> make_program(sandbox::Launcher& launcher, const app::Settings& settings,
                                           const app::cli::ProgramWish& wish) {
  const auto folder = lessons::find_library();
  if (!folder) throw std::runtime_error(folder.error());
  lessons::Library library = lessons::load_library(*folder, wish.seed);
  if (!wish.course.empty()) lessons::add_course(library, wish.course, wish.seed);
  for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
  app::Controller::Options options;
  options.settings = settings;
  options.allow_programs = wish.allow_programs;
  options.preview = wish.preview;
  options.reports_folder = app::Controller::usual_reports_folder();
  if (wish.keeps_progress) options.progress_path = app::Controller::usual_progress_path();
  return std::make_unique<app::Controller>(launcher, std::move(library), std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  app::cli::keep_standard_streams();
  try {
    // First of all: it is forked before the program has any thread (sim/sandbox/launcher.hpp).
    sandbox::Launcher launcher = lab::make_launcher();
    const auto status = app::cli::run_command_line(
        argc, argv, launcher, [&launcher](const app::Settings& settings, const app::cli::ProgramWish& wish) {
          return make_program(launcher, settings, wish);
        });
    return static_cast<int>(status);
  } catch (const std::exception& error) {
    std::cerr << "loopscope: " << error.what() << "\n";
    return static_cast<int>(app::cli::Status::NoLab);
  }
}
