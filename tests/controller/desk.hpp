#pragma once

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "app/controller/controller.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"

namespace loopscope::app::test {

[[nodiscard]] inline experiment::Experiment parsed(const std::string& text, const std::string& file) {
  return experiment::parse(text, file).value();
}

struct TemporaryFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("loopscope-controller-" + std::to_string(::getpid()));
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

/// The launcher of every desk of this program.
[[nodiscard]] inline sandbox::Launcher& one_launcher() {
  static sandbox::Launcher launcher = lab::make_launcher();
  return launcher;
}

/// The program without a window, and what a learner does.
struct Desk {
  explicit Desk(lessons::Lesson taught, Reasoning::Model model = &model::apply)
      : lesson(std::move(taught)), says(std::move(model)), program(make()) {}

  std::unique_ptr<Controller> make(bool reduced_motion = true, bool examined = true) {
    lessons::Library library;
    library.lessons.push_back(lesson);
    Controller::Options options;
    options.settings.reduced_motion = reduced_motion;
    options.progress_path = progress_path;
    if (examined) options.findings = {{"lab", "A private world", lab::Ability::Yes, "", ""}};
    options.reports_folder = folder.path / "reports";
    options.model = says;
    options.clock = [this] {
      return std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()) +
             ahead;
    };
    return std::make_unique<Controller>(one_launcher(), std::move(library), std::move(options));
  }
  /// Carries out, and takes in what happens until the lab wants something, for five seconds at most.
  const Snapshot& does(Action action) {
    program->carry_out({std::move(action)});
    return settled();
  }
  const Snapshot& settled() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    program->advance(0);
    while ((phase() == lab::Phase::Running || in_trial()) && std::chrono::steady_clock::now() < end) {
      pollfd wait{program->fd(), POLLIN, 0};
      ::poll(&wait, 1, 100);
      program->advance(0.016);
    }
    return program->snapshot();
  }
  lab::Phase phase() {
    const Snapshot& now = program->snapshot();
    return now.live ? now.live->phase : lab::Phase::Ended;
  }
  bool in_trial() {
    const Snapshot& now = program->snapshot();
    return now.trial != nullptr && now.trial->after.empty();
  }

  lessons::Lesson lesson;
  Reasoning::Model says;
  TemporaryFolder folder;
  std::string progress_path = folder.path / "progress.json";
  Nanoseconds ahead{};  ///< the program's clock is so much later than the machine's: nobody has to wait
  std::unique_ptr<Controller> program;
};

}  // namespace loopscope::app::test
