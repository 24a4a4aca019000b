#include <algorithm>
#include <cerrno>

#include "app/views/lesson_parts.hpp"
#include "tests/app/views/sample_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {
/// The lesson panel alone, as wide as on a small screen.
struct Panel {
  explicit Panel(SampleRun& sample)
      : run(sample),
        driver([this](Ui& ui, Rect area) { draw_lesson_panel(ui, area, run.now(), actions); }, 304, 728) {}
  template <class Kind>
  const Kind* asked() const {
    for (const auto& action : actions) {
      if (const auto* found = std::get_if<Kind>(&action)) return found;
    }
    return nullptr;
  }
  int page_of(lessons::Stage stage) const {
    const auto& pages = run.lesson.pages;
    const auto found =
        std::find_if(pages.begin(), pages.end(), [&](const auto& page) { return page.stage == stage; });
    return static_cast<int>(found - pages.begin());
  }
  SampleRun& run;
  Actions actions;
  UiDriver driver;
};
}  // namespace

TEST_CASE("a number key chooses a prediction and Enter locks it in") {
  SampleRun run;
  run.ask("connect");
  Panel panel(run);
  CHECK_FALSE(panel.driver.item("question/lock").enabled);
  panel.driver.key(Key::Two);
  panel.driver.frames(2);
  CHECK(panel.driver.item("question/lock").enabled);
  CHECK(panel.asked<action::Predict>() == nullptr);
  panel.driver.key(Key::Enter);
  panel.driver.frames(2);
  const auto* predict = panel.asked<action::Predict>();
  REQUIRE(predict != nullptr);
  CHECK(predict->guess == experiment::Result{experiment::Ok{}});
}

TEST_CASE("a prediction can be chosen and locked in by mouse, and changed before") {
  SampleRun run;
  run.ask("connect");
  Panel panel(run);
  panel.driver.click("question/2");
  panel.driver.click("question/1");
  panel.driver.click("question/lock");
  REQUIRE(panel.asked<action::Predict>() != nullptr);
  CHECK(panel.asked<action::Predict>()->guess == experiment::Result{experiment::Blocks{}});
}

TEST_CASE("whoever does not know looks without a guess") {
  SampleRun run;
  run.ask("connect");
  Panel panel(run);
  panel.driver.click("question/unsure");
  REQUIRE(panel.asked<action::Predict>() != nullptr);
  CHECK_FALSE(panel.asked<action::Predict>()->guess.has_value());
}

TEST_CASE("the prediction stands beside what the kernel said") {
  SampleRun run;
  run.ask("send");
  const auto asked = run.now().live->next_statement;
  run.predicted(experiment::Result{experiment::Blocks{}},
                experiment::Result{experiment::OptionValue{std::int64_t{18}}});
  Panel panel(run);
  CHECK(panel.driver.has("outcome/yours"));
  CHECK(panel.driver.item("outcome/kernel").label.find("18") != std::string::npos);
  panel.driver.click("outcome/on");
  CHECK(panel.asked<action::StepForward>() != nullptr);
  CHECK(run.now().live->next_statement == asked + 1);
}

TEST_CASE("an outcome that has been read gives way to the task of the page") {
  SampleRun run;
  run.ask("send");
  run.predicted(std::nullopt, experiment::Result{experiment::OptionValue{std::int64_t{18}}});
  Panel panel(run);
  run.now().page = panel.page_of(lessons::Stage::Check);
  run.now().live->phase = lab::Phase::Finished;
  panel.driver.frames(3);
  CHECK(panel.driver.has("outcome/on"));
  panel.driver.click("outcome/on");
  panel.driver.frames(2);
  CHECK(panel.asked<action::StepForward>() == nullptr);
  CHECK_FALSE(panel.driver.has("outcome/on"));
  CHECK(panel.driver.has("goal"));
}

TEST_CASE("a right prediction is shown once, as the kernel's") {
  SampleRun run;
  run.ask("send");
  run.predicted(experiment::Result{experiment::OptionValue{std::int64_t{18}}},
                experiment::Result{experiment::OptionValue{std::int64_t{18}}});
  Panel panel(run);
  CHECK_FALSE(panel.driver.has("outcome/yours"));
  CHECK(panel.driver.has("outcome/kernel"));
}

TEST_CASE("pages turn by button and key, and turning asks for nothing else") {
  SampleRun run;
  run.listening();
  Panel panel(run);
  panel.driver.click("lesson/next");
  REQUIRE(panel.actions.size() == 1);
  CHECK(std::get<action::GoToPage>(panel.actions[0]).page == run.now().page + 1);
  panel.actions.clear();
  panel.driver.key(Key::N);
  panel.driver.frames();
  REQUIRE(panel.asked<action::GoToPage>() != nullptr);
  CHECK_FALSE(panel.driver.item("lesson/back").enabled);
}

TEST_CASE("'I know this' leads to the check, which is still to be met") {
  SampleRun run;
  Panel panel(run);
  panel.driver.click("lesson/skip");
  REQUIRE(panel.asked<action::GoToPage>() != nullptr);
  CHECK(panel.asked<action::GoToPage>()->page == panel.page_of(lessons::Stage::Check));
}

TEST_CASE("a task says what is missing and changes when the kernel agrees") {
  SampleRun run;
  Panel panel(run);
  run.now().page = panel.page_of(lessons::Stage::Check);
  run.now().goal = {false, {"The client has the answer."}};
  panel.driver.frames(3);
  CHECK_FALSE(panel.driver.item("goal").on);
  const float before = panel.driver.item("goal").area.height();
  run.now().goal = {true, {}};
  panel.driver.frames(3);
  CHECK(panel.driver.item("goal").on);
  CHECK(panel.driver.item("goal").area.height() < before);
}

TEST_CASE("an act is performed in the live world, and not while the lab waits for a prediction") {
  SampleRun run("06-port-conflicts");
  run.refused();
  Panel panel(run);
  run.now().page = panel.page_of(lessons::Stage::Check);
  panel.driver.frames(3);
  panel.driver.click("act/1");
  REQUIRE(panel.asked<action::Perform>() != nullptr);
  CHECK(panel.asked<action::Perform>()->lines ==
        run.lesson.pages.at(static_cast<std::size_t>(run.now().page)).acts.at(0).lines);
  run.now().live->phase = lab::Phase::Asking;
  panel.driver.frames(3);
  CHECK_FALSE(panel.driver.item("act/1").enabled);
}

TEST_CASE("a quiz answer gets feedback about the idea, and another may be tried") {
  SampleRun run;
  Panel panel(run);
  const auto& pages = run.lesson.pages;
  const auto page =
      std::find_if(pages.begin(), pages.end(), [](const auto& one) { return !one.quizzes.empty(); });
  REQUIRE(page != pages.end());
  const auto& quiz = page->quizzes.front();
  run.now().page = static_cast<int>(page - pages.begin());
  panel.driver.frames(3);
  panel.driver.click("quiz/" + quiz.id + "/1");
  REQUIRE(panel.asked<action::AnswerQuiz>() != nullptr);
  CHECK(panel.asked<action::AnswerQuiz>()->choice == 0);
  CHECK_FALSE(panel.driver.has("quiz/" + quiz.id + "/feedback"));
  run.progress.lessons[run.lesson.id].answers[quiz.id] = 0;
  panel.driver.frames(3);
  CHECK(panel.driver.item("quiz/" + quiz.id + "/1").on);
  CHECK(panel.driver.has("quiz/" + quiz.id + "/feedback"));
  CHECK(panel.driver.item("quiz/" + quiz.id + "/2").enabled);
}

TEST_CASE("where there is no lab the panel says why") {
  SampleRun run;
  run.now().live.reset();
  run.now().refusal = "unshare(CLONE_NEWUSER): EPERM. Remedy: sudo sysctl kernel.unprivileged_userns_clone=1";
  Panel panel(run);
  CHECK(panel.driver.item("trouble").label.find("EPERM") != std::string::npos);
}

TEST_CASE("no control of the panel is cut off at its sides, at any page, on a small screen and a projector") {
  for (const auto& lesson : {"01-home", "03-journey", "05-nobody-home", "06-port-conflicts"}) {
    SampleRun run(lesson);
    run.now().live->phase = lab::Phase::Ready;
    for (const int width : {260, 304, 420}) {
      Actions actions;
      UiDriver driver([&](Ui& ui, Rect area) { draw_lesson_panel(ui, area, run.now(), actions); }, width,
                      460);
      for (int page = 0; page < static_cast<int>(run.lesson.pages.size()); ++page) {
        run.now().page = page;
        driver.frames(2);
        for (const auto& item : driver.registry().items()) {
          INFO(lesson << " page " << page + 1 << " at " << width << ": " << item.id);
          CHECK(item.area.x0 >= item.clip.x0 - 1);
          CHECK(item.area.x1 <= item.clip.x1 + 1);
        }
        CHECK(driver.item("lesson/next").visible() == driver.item("lesson/next").area);
      }
    }
  }
}
