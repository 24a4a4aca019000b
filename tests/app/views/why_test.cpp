// Why a call failed and what would have worked, clicked on the real screen with the real lab behind it.
#include <filesystem>

#include "sim/experiment/parser.hpp"
#include "tests/app/views/live_desk.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {

class Learner : public LiveDesk {
 public:
  explicit Learner(Reasoning::Model model = &model::apply) : LiveDesk(std::move(model)) {}
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
};

model::Prediction mistaken(model::World& world, const experiment::Statement& statement) {
  auto prediction = model::apply(world, statement);
  if (experiment::call_text(statement).starts_with("bind(r")) prediction.result = experiment::Ok{};
  return prediction;
}

}  // namespace

TEST_CASE("a remedy that is clicked runs for real in a fresh world, can be copied, and there is a way back") {
  if (!LiveDesk::has_lab()) return;
  Learner learner;
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
  if (!LiveDesk::has_lab()) return;
  Learner learner;
  learner.let_the_rival_fail();
  learner.driver().tab_to("stage/remedy/1", 400);
  learner.press(Key::Enter);
  REQUIRE(learner.now().trial != nullptr);
  CHECK(learner.now().trial->works);
  learner.press(Key::B);
  CHECK(learner.now().trial == nullptr);
}

TEST_CASE("the inspector's calls say why, and what would have worked") {
  if (!LiveDesk::has_lab()) return;
  Learner learner;
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
  if (!LiveDesk::has_lab()) return;
  Learner learner(mistaken);
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
