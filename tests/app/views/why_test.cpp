// Why a call failed and what would have worked, clicked on the real screen with the real lab behind it.
#include <poll.h>
#include <unistd.h>

#include <filesystem>

#include "app/controller/controller.hpp"
#include "app/views/screens.hpp"
#include "lessons/engine/library.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {

class Learner {
 public:
  explicit Learner(sandbox::Launcher& launcher, Reasoning::Model model = &model::apply)
      : controller_(launcher, lessons::load_library(lessons::find_library().value()),
                    options(std::move(model))),
        driver_([this](Ui& ui, Rect area) { draw_screen(ui, area, controller_.snapshot(), actions_); }, 1280,
                800) {}
  ~Learner() { std::filesystem::remove_all(folder()); }

  [[nodiscard]] const Snapshot& now() { return controller_.snapshot(); }
  UiDriver& driver() { return driver_; }
  void does(Action action) {
    controller_.carry_out({std::move(action)});
    settle();
  }
  void click(const std::string& id) {
    driver_.click(id);
    settle();
  }
  void press(Key key) {
    driver_.key(key);
    settle();
  }
  [[nodiscard]] const std::string& copied() const { return copied_; }
  /// The rival's first bind in lesson 6 has failed.
  void let_the_rival_fail() {
    does(action::OpenLesson{"06-port-conflicts"});
    does(action::GoToPage{2});
    for (int steps = 0; steps < 40 && now().live->phase == lab::Phase::Ready; ++steps)
      does(action::StepForward{});
    REQUIRE(now().live->phase == lab::Phase::Asking);
    does(action::Predict{experiment::Result{experiment::Ok{}}});
    REQUIRE(now().explanation != nullptr);
    REQUIRE(now().explanation->kernel == "EADDRINUSE");
  }
  /// In both themes, and large.
  void picture(const std::string& name) {
    for (const bool dark : {true, false}) {
      driver_.dark = dark;
      for (const bool large : {false, true}) {
        driver_.resize(large ? 1920 : 1280, large ? 1080 : 800);
        driver_.frames(3);
        driver_.keep_picture(name + (large ? "-large" : "") + (dark ? "-dark" : "-light"));
      }
    }
    driver_.resize(1280, 800);
    driver_.frames(2);
  }

 private:
  static std::filesystem::path folder() {
    return std::filesystem::temp_directory_path() / ("loopscope-why-" + std::to_string(::getpid()));
  }
  static Controller::Options options(Reasoning::Model model) {
    Controller::Options options;
    options.findings.resize(1);  // this machine is not examined
    options.settings.reduced_motion = true;
    options.reports_folder = folder() / "reports";
    options.model = std::move(model);
    return options;
  }
  [[nodiscard]] bool busy() {
    if (!now().live) return false;
    return now().live->phase == lab::Phase::Running || (now().trial != nullptr && now().trial->after.empty());
  }
  void settle() {
    for (int quiet = 0; quiet < 3; ++quiet) {
      driver_.frames();
      const auto asked = std::exchange(actions_, {});
      for (const auto& action : asked) {
        if (const auto* copy = std::get_if<action::CopyText>(&action)) copied_ = copy->text;
      }
      controller_.carry_out(asked);
      const bool running = busy();
      pollfd ready{controller_.fd(), POLLIN, 0};
      if (running && ready.fd >= 0) poll(&ready, 1, 5000);
      if (controller_.advance(1.0 / 60) || running || !asked.empty()) quiet = 0;
    }
  }

  Controller controller_;
  Actions actions_;
  std::string copied_;
  UiDriver driver_;
};

bool has_lab(sandbox::Launcher& launcher) {
  auto world = launcher.make_world();
  if (!world) WARN("this machine makes no lab: " << to_string(world.error()));
  return world.has_value();
}

model::Prediction mistaken(model::World& world, const experiment::Statement& statement) {
  auto prediction = model::apply(world, statement);
  if (experiment::call_text(statement).starts_with("bind(r")) prediction.result = experiment::Ok{};
  return prediction;
}

}  // namespace

TEST_CASE("a remedy that is clicked runs for real in a fresh world, can be copied, and there is a way back") {
  auto launcher = lab::make_launcher();
  if (!has_lab(launcher)) return;
  Learner learner(launcher);
  learner.let_the_rival_fail();
  REQUIRE(learner.driver().has("stage/remedy/0"));
  learner.picture("why");
  learner.click("stage/remedy/0");
  REQUIRE(learner.now().trial != nullptr);
  CHECK(learner.now().trial->before == "EADDRINUSE");
  CHECK(learner.now().trial->after == "ok");
  learner.picture("why-tried");
  learner.click("trial/copy");
  CHECK(experiment::parse(learner.copied(), "copied.lab").has_value());
  learner.click("trial/back");
  CHECK(learner.now().trial == nullptr);
  CHECK(learner.now().explanation->kernel == "EADDRINUSE");
}

TEST_CASE("a remedy can be tried and left with the keyboard alone") {
  auto launcher = lab::make_launcher();
  if (!has_lab(launcher)) return;
  Learner learner(launcher);
  learner.let_the_rival_fail();
  learner.driver().tab_to("stage/remedy/1", 400);
  learner.press(Key::Enter);
  REQUIRE(learner.now().trial != nullptr);
  CHECK(learner.now().trial->works);
  learner.press(Key::B);
  CHECK(learner.now().trial == nullptr);
}

TEST_CASE("the inspector's calls say why, and what would have worked") {
  auto launcher = lab::make_launcher();
  if (!has_lab(launcher)) return;
  Learner learner(launcher);
  learner.driver().resize(1440, 900);
  learner.let_the_rival_fail();
  learner.does(action::SetInspectorTab{2});
  CHECK(learner.driver().item("why").label == "EADDRINUSE");
  learner.picture("why-calls");
  learner.driver().resize(1440, 900);
  learner.driver().frames(3);
  learner.click("call/remedy/0");
  REQUIRE(learner.now().trial != nullptr);
  CHECK(learner.now().trial->works);
}

TEST_CASE("a disagreement of kernel and model is told, written to a file, and its path can be copied") {
  auto launcher = lab::make_launcher();
  if (!has_lab(launcher)) return;
  Learner learner(launcher, mistaken);
  learner.let_the_rival_fail();
  CHECK_FALSE(learner.driver().has("stage/remedy/0"));
  learner.picture("why-differs");
  learner.click("report/write");
  REQUIRE_FALSE(learner.now().report.empty());
  CHECK(std::filesystem::exists(learner.now().report));
  learner.picture("why-reported");
  const std::string path = learner.now().report;
  learner.click("report/copy");
  CHECK(learner.copied() == path);
}
