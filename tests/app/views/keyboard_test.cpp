// A whole lesson with the keyboard alone, on the real lab: no mouse, no shortcut past the check.
#include <poll.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "app/views/lesson_screen.hpp"
#include "lessons/engine/library.hpp"
#include "sim/lab/lab.hpp"
#include "sim/lab/session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {

/// Carries out what the views ask for, as little as a lesson needs: each page's experiment in a session of
/// its own.
class Learner {
 public:
  explicit Learner(sandbox::Launcher& launcher)
      : launcher_(launcher),
        lesson_(load()),
        driver_([this](Ui& ui, Rect area) { draw_lesson_screen(ui, area, now_, actions_); }, 1440, 900) {
    turn_to(0);
  }

  [[nodiscard]] const lessons::Page& page() const {
    return lesson_.pages[static_cast<std::size_t>(now_.page)];
  }
  [[nodiscard]] bool last() const { return now_.page + 1 == static_cast<int>(lesson_.pages.size()); }
  [[nodiscard]] bool met() const { return now_.goal.met; }
  [[nodiscard]] const Snapshot& now() const { return now_; }
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
  [[nodiscard]] std::string act_called(std::string_view words) const {
    for (std::size_t i = 0; i < page().acts.size(); ++i) {
      if (page().acts[i].label.find(words) != std::string::npos) return "act/" + std::to_string(i + 1);
    }
    throw std::runtime_error("no act with the words " + std::string(words));
  }

 private:
  static lessons::Lesson load() {
    const auto folder = lessons::find_library();
    if (!folder) throw std::runtime_error(folder.error());
    auto lesson = lessons::load_lesson(*folder + "/05-nobody-home");
    if (!lesson) throw std::runtime_error(to_string(lesson.error().front()));
    return std::move(*lesson);
  }

  void turn_to(int page_number) {
    const auto before = now_.lesson->pages[static_cast<std::size_t>(now_.page)].experiment;
    now_.page = page_number;
    if (page().experiment != before || session_ == nullptr) begin();
    settle();
  }
  void begin() {
    session_.reset();
    acts_ = 0;
    now_.experiment = lessons::experiment_of(lesson_, page().experiment);
    if (now_.experiment == nullptr) return;
    auto session = lab::Session::start(launcher_, *now_.experiment);
    if (!session) throw std::runtime_error(to_string(session.error()));
    session_ = std::move(*session);
    session_->set_step_by(lab::StepBy::Call);
  }

  void carry_out(const Action& action) {
    if (const auto* turn = std::get_if<action::GoToPage>(&action)) turn_to(turn->page);
    if (std::holds_alternative<action::StepForward>(action) && session_) session_->go_on();
    if (const auto* guess = std::get_if<action::Predict>(&action)) {
      ++predictions_;
      session_->predict(guess->guess);
    }
    if (const auto* act = std::get_if<action::Perform>(&action)) {
      for (const auto& line : act->lines) {
        if (auto done = session_->act(line); !done) throw std::runtime_error(done.error());
        ++acts_;
      }
    }
    if (const auto* answer = std::get_if<action::AnswerQuiz>(&action))
      progress_.lessons[lesson_.id].answers[answer->id] = answer->choice;
  }

  /// Until nothing is asked for and nothing runs: draws, carries out, takes in what happened.
  void settle() {
    for (int quiet = 0; quiet < 4; ++quiet) {
      refresh();
      driver_.frames();
      const auto asked = std::exchange(actions_, {});
      for (const auto& action : asked) carry_out(action);
      if (!asked.empty() || wait_for_lab()) quiet = 0;
    }
  }
  /// Acts of the learner that have not ended: the session has no phase for them.
  [[nodiscard]] bool acts_under_way() const {
    std::size_t ended = 0;
    std::set<std::uint64_t> acts;
    for (const auto& event : session_->timeline().events()) {
      const auto* started = std::get_if<trace::StepStarted>(&event.fact);
      if (started != nullptr && !started->statement) acts.insert(started->step);
      const auto* finished = std::get_if<trace::StepFinished>(&event.fact);
      if (finished != nullptr && acts.contains(finished->step)) ++ended;
    }
    return ended < acts_;
  }
  /// True where something came, or should still come.
  bool wait_for_lab() {
    if (session_ == nullptr) return false;
    const bool running = session_->phase() == lab::Phase::Running || acts_under_way();
    pollfd ready{session_->fd(), POLLIN, 0};
    if (poll(&ready, 1, running ? 5000 : 0) > 0) session_->pump();
    return running;
  }
  void refresh() {
    now_.live.reset();
    now_.timeline = nullptr;
    now_.goal = {};
    if (session_ == nullptr) return;
    session_->pump();
    now_.live = live_of(*session_);
    now_.timeline = &session_->timeline();
    now_.moment = now_.timeline->end();
    if (page().goal) now_.goal = lessons::look_at(*page().goal, *now_.timeline);
  }

  sandbox::Launcher& launcher_;
  lessons::Lesson lesson_;
  lessons::Progress progress_;
  Settings settings_;
  std::unique_ptr<lab::Session> session_;
  Snapshot now_{.screen = Screen::Lesson, .settings = &settings_, .progress = &progress_, .lesson = &lesson_};
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
  learner.press(learner.act_called("Call [::1]:62894"));
  CHECK(learner.met());
  CHECK(learner.predictions() > 0);
}
