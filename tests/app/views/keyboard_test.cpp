// A whole lesson with the keyboard alone, on the real lab: no mouse, no shortcut past the check.
#include <poll.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "app/controller/controller.hpp"
#include "app/views/screens.hpp"
#include "lessons/engine/library.hpp"
#include "sim/lab/lab.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {

/// Sits before the whole screen with the real controller and lab behind it, and has only a keyboard.
class Learner {
 public:
  explicit Learner(sandbox::Launcher& launcher)
      : controller_(launcher, lessons::load_library(lessons::find_library().value()), options()),
        driver_([this](Ui& ui, Rect area) { draw_screen(ui, area, controller_.snapshot(), actions_); }, 1440,
                900) {
    settle();
  }

  [[nodiscard]] const Snapshot& now() { return controller_.snapshot(); }
  [[nodiscard]] const lessons::Page& page() {
    return now().lesson->pages[static_cast<std::size_t>(now().page)];
  }
  [[nodiscard]] bool last() { return now().page + 1 == static_cast<int>(now().lesson->pages.size()); }
  [[nodiscard]] bool met() { return now().goal.met; }
  [[nodiscard]] bool done(const std::string& lesson) {
    const auto found = now().progress->lessons.find(lesson);
    return found != now().progress->lessons.end() && found->second.done;
  }
  [[nodiscard]] int predictions() const { return predictions_; }

  void press(Key key) {
    driver_.key(key);
    settle();
  }
  /// Walks to a control with Tab and presses Enter on it.
  void press(const std::string& id) {
    driver_.tab_to(id, 400);
    press(Key::Enter);
  }
  [[nodiscard]] std::string act_called(std::string_view words) {
    for (std::size_t i = 0; i < page().acts.size(); ++i) {
      if (page().acts[i].label.find(words) != std::string::npos) return "act/" + std::to_string(i + 1);
    }
    throw std::runtime_error("no act with the words " + std::string(words));
  }
  void picture(const std::string& name) { driver_.keep_picture(name); }
  /// Answers each question of the page with its right choice.
  void answer_all() {
    const auto quizzes = page().quizzes;
    for (const auto& quiz : quizzes) {
      const auto right = std::find_if(quiz.choices.begin(), quiz.choices.end(),
                                      [](const auto& choice) { return choice.right; });
      press("quiz/" + quiz.id + "/" + std::to_string(right - quiz.choices.begin() + 1));
    }
  }

 private:
  static Controller::Options options() {
    Controller::Options options;
    options.findings.resize(1);  // this machine is not examined
    return options;
  }
  /// Until nothing is asked for and nothing runs: draws, carries out, takes in what happened.
  void settle() {
    for (int quiet = 0; quiet < 4; ++quiet) {
      driver_.frames();
      const auto asked = std::exchange(actions_, {});
      for (const auto& action : asked) {
        if (std::holds_alternative<action::Predict>(action)) ++predictions_;
        if (const auto* act = std::get_if<action::Perform>(&action)) acts_ += act->lines.size();
        if (std::holds_alternative<action::GoToPage>(action)) acts_ = 0;
      }
      controller_.carry_out(asked);
      if (!asked.empty() || wait_for_lab()) quiet = 0;
    }
  }
  /// Acts of the learner on this page that have not ended: the session has no phase for them.
  [[nodiscard]] bool acts_under_way() {
    std::size_t ended = 0;
    std::set<std::uint64_t> acts;
    for (const auto& event : now().timeline->events()) {
      const auto* started = std::get_if<trace::StepStarted>(&event.fact);
      if (started != nullptr && !started->statement) acts.insert(started->step);
      const auto* finished = std::get_if<trace::StepFinished>(&event.fact);
      if (finished != nullptr && acts.contains(finished->step)) ++ended;
    }
    return ended < acts_;
  }
  /// True where something came, or should still come.
  bool wait_for_lab() {
    const bool running = now().live && now().timeline != nullptr &&
                         (now().live->phase == lab::Phase::Running || acts_under_way());
    pollfd ready{controller_.fd(), POLLIN, 0};
    if (running && ready.fd >= 0) poll(&ready, 1, 5000);
    const bool changed = controller_.advance(1.0 / 60);
    return running || changed || controller_.moving();
  }

  Controller controller_;
  Actions actions_;
  int predictions_ = 0;
  std::size_t acts_ = 0;
  UiDriver driver_;
};

/// Steps through the page's experiment; at a question chooses the first answer.
void step_through(Learner& learner) {
  for (int i = 0; i < 80 && learner.now().live; ++i) {
    const auto phase = learner.now().live->phase;
    if (phase == lab::Phase::Finished || phase == lab::Phase::Ended) return;
    if (phase == lab::Phase::Asking) {
      learner.press(Key::One);
      learner.press(Key::Enter);
    } else {
      learner.press(Key::PageDown);
    }
  }
}

}  // namespace

TEST_CASE("a lesson is completed with the keyboard alone, and turning pages does not meet its check") {
  auto launcher = lab::make_launcher();
  if (auto world = launcher.make_world(); !world) {
    WARN("this machine makes no lab: " << to_string(world.error()));
    return;
  }
  Learner learner(launcher);
  learner.press("home/lesson/05-nobody-home");
  REQUIRE(learner.now().screen == Screen::Lesson);
  while (!learner.last()) {
    step_through(learner);
    if (learner.page().stage == lessons::Stage::Change) {
      CHECK_FALSE(learner.met());
      learner.press(learner.act_called("Kill the server"));
      learner.press(learner.act_called("The visitor calls"));
      learner.press(learner.act_called("SO_REUSEADDR"));
      learner.press(learner.act_called("The visitor calls"));
      CHECK(learner.met());
    }
    learner.press("lesson/next");
  }
  REQUIRE(learner.page().stage == lessons::Stage::Check);
  CHECK_FALSE(learner.met());
  step_through(learner);
  CHECK_FALSE(learner.met());
  CHECK_FALSE(learner.done("05-nobody-home"));
  learner.press(learner.act_called("Call [::1]:62894"));
  CHECK(learner.met());
  learner.answer_all();
  CHECK(learner.done("05-nobody-home"));
  CHECK(learner.predictions() > 0);
}
