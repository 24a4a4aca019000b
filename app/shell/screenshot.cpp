#include <poll.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "app/shell/scale.hpp"
#include "app/shell/shell.hpp"
#include "app/views/screens.hpp"
#include "app/widgets/canvas.hpp"

namespace loopscope::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int patience_ms = 5000;  // for one step of the lab

/// Plays the learner: opens a page and takes steps, waiting for the lab after each.
class Walker {
 public:
  explicit Walker(Program& program) : program_(program) {}

  void open(const ShotOptions& shot) {
    predictions_ = shot.predictions;
    if (!shot.file.empty()) program_.carry_out({action::OpenFile{shot.file}});
    if (!shot.lesson.empty())
      program_.carry_out({action::OpenLesson{shot.lesson}, action::GoToPage{shot.page - 1}});
    if (!shot.lesson.empty() || !shot.file.empty()) {
      settle();
      set_step_by(shot.step_by);
      for (int i = 0; i < shot.steps; ++i) step();
    }
    program_.carry_out({action::SetInspectorTab{shot.inspector_tab}});
    if (shot.settings_open) program_.carry_out({action::OpenSettings{}});
    settle();
  }

 private:
  void set_step_by(const std::string& by) {
    if (by.empty()) return;
    program_.carry_out({action::SetStepBy{by == "chapter"  ? lab::StepBy::Chapter
                                          : by == "packet" ? lab::StepBy::Packet
                                                           : lab::StepBy::Call}});
    settle();
  }

  void step() {
    const Snapshot& now = program_.snapshot();
    if (now.live && now.live->phase == lab::Phase::Asking)
      program_.carry_out({action::Predict{next_guess(now)}});
    else
      program_.carry_out({action::StepForward{}});
    settle();
  }

  std::optional<experiment::Result> next_guess(const Snapshot& now) {
    const int choice = asked_ < predictions_.size() ? predictions_[asked_] : 0;
    ++asked_;
    if (now.lesson == nullptr) return std::nullopt;
    const auto& page = now.lesson->pages[static_cast<std::size_t>(now.page)];
    const auto* forecast = lessons::forecast_of(*now.lesson, page.experiment, now.live->next_statement);
    if (forecast == nullptr || choice < 1 || static_cast<std::size_t>(choice) > forecast->choices.size())
      return std::nullopt;
    return forecast->choices[static_cast<std::size_t>(choice) - 1].result;
  }

  // Until the lab has nothing more to say by itself.
  void settle() {
    const auto end = Clock::now() + std::chrono::milliseconds(patience_ms);
    while (Clock::now() < end) {
      pollfd fd{program_.fd(), POLLIN, 0};
      const bool running = busy();
      const bool ready = fd.fd >= 0 && ::poll(&fd, 1, running ? 50 : 20) > 0;
      // A replay goes on in steps of a frame; one second of it a turn at most.
      const bool changed = program_.advance(program_.moving() ? 1.0 / 60 : 0);
      if (!ready && !changed && !busy()) return;
      if (!ready && !running && ++quiet_ > 200)
        return;  // what moves by itself for ever, such as the clock of a held packet
    }
  }

  [[nodiscard]] bool busy() {
    const Snapshot& now = program_.snapshot();
    const bool examines =  // what this machine allows is on the home screen
        now.screen == Screen::Home && now.findings != nullptr && now.findings->empty() &&
        (program_.fd() >= 0 || program_.seconds_to_change() >= 0);
    return examines || (now.live && now.live->phase == lab::Phase::Running);
  }

  Program& program_;
  std::vector<int> predictions_;
  std::size_t asked_ = 0;
  int quiet_ = 0;
};

int fail(const std::string& words) {
  std::fprintf(stderr, "loopscope: %s\n", words.c_str());
  return shell_exit::failed;
}

}  // namespace

int take_screenshot(const ShotOptions& shot, const MakeProgram& make_program) {
  if (shot.width < 320 || shot.height < 240 || shot.width > 8192 || shot.height > 8192)
    return fail("a picture must have between 320 x 240 and 8192 x 8192 pixels");
  Settings settings;
  settings.dark = shot.dark;
  settings.scale = shot.scale;
  settings.reduced_motion = true;  // a packet is drawn where it has arrived
  settings.inspector_tab = shot.inspector_tab;
  const Point size{static_cast<float>(shot.width), static_cast<float>(shot.height)};
  auto canvas = Canvas::make(pixels_a_point(settings, 1, size));
  if (!canvas) return fail(canvas.error());
  const std::unique_ptr<Program> program = make_program(settings);
  Walker(*program).open(shot);
  if (!shot.lesson.empty() && program->snapshot().lesson == nullptr)
    return fail("there is no lesson '" + shot.lesson + "'");
  // Without a lab nothing was stepped: a picture of that would look as if it had been.
  if (const Snapshot& now = program->snapshot(); shot.steps > 0 && !now.live && !now.refusal.empty()) {
    std::fprintf(stderr, "loopscope: no step can be taken, and no picture was made: %s\n",
                 now.refusal.c_str());
    return shell_exit::no_lab;
  }
  // Layouts and scroll areas know their heights after a frame or two.
  for (int i = 0; i < 4; ++i) {
    Actions ignored;
    (*canvas)->frame(
        {.width = size.x, .height = size.y, .dark = shot.dark, .reduced_motion = true, .headless = true},
        [&](Ui& ui, Rect area) { draw_screen(ui, area, program->snapshot(), ignored); });
  }
  if (auto written = write_png((*canvas)->picture(), shot.path); !written) return fail(written.error());
  return shell_exit::good;
}

std::vector<ShotOptions> all_shots(const std::string& folder, const std::vector<std::string>& lessons) {
  struct Size {
    int width, height;
    float scale;
  };
  std::vector<ShotOptions> shots;
  for (const Size& size : {Size{1280, 800, 1}, Size{1920, 1080, 1}, Size{1920, 1080, 1.5F}})
    for (const bool dark : {true, false}) {
      const auto add = [&](const std::string& name, ShotOptions shot) {
        shot.width = size.width;
        shot.height = size.height;
        shot.scale = size.scale;
        shot.dark = dark;
        shot.path = folder + "/" + name + "-" + std::to_string(size.width) + "x" +
                    std::to_string(size.height) + (size.scale == 1 ? "" : "-large") +
                    (dark ? "-dark" : "-light") + ".png";
        shots.push_back(std::move(shot));
      };
      add("home", {});
      add("settings", {.settings_open = true});
      for (const auto& lesson : lessons)
        for (const int page : {1, 3, 5}) {
          const int steps = page == 1 ? 0 : page == 3 ? 6 : 12;
          add(lesson + "-page" + std::to_string(page),
              {.lesson = lesson, .page = page, .steps = steps, .inspector_tab = page / 2});
        }
    }
  return shots;
}

int take_screenshots(const std::vector<ShotOptions>& shots, const MakeProgram& make_program) {
  int code = shell_exit::good;
  for (const auto& shot : shots) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(shot.path).parent_path(), ignored);
    const int one = take_screenshot(shot, make_program);
    if (one != shell_exit::good) code = one;
    std::printf("%s%s\n", shot.path.c_str(), one == shell_exit::good ? "" : ": failed");
  }
  return code;
}

}  // namespace loopscope::app
