#include <fstream>
#include <iterator>

#include "tests/controller/desk.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using test::Desk;
using test::parsed;

namespace {

constexpr const char* rival_text = R"(title  Two programs, one door
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16) = ok
rival: r = socket(AF_INET, SOCK_STREAM)
rival: setsockopt(r, SO_REUSEADDR, 1) = ok
rival: bind(r, 127.0.0.1:62893) ?= EADDRINUSE
rival: close(r)
)";

lessons::Lesson lesson_of(const std::string& text) {
  lessons::Lesson lesson;
  lesson.id = "06-test";
  lesson.number = 6;
  lesson.experiments.emplace_back("conflict.lab", parsed(text, "conflict.lab"));
  lessons::Page watch;
  watch.stage = lessons::Stage::Watch;
  watch.experiment = "conflict.lab";
  lesson.pages = {watch};
  return lesson;
}

/// Opens the lesson and goes on until `call` has been made.
const Snapshot& step_until(Desk& desk, const std::string& call) {
  desk.does(action::OpenLesson{"06-test"});
  for (int steps = 0; steps < 40; ++steps) {
    const Snapshot& now = desk.program->snapshot();
    if (now.explanation != nullptr && now.explanation->call == call) break;
    if (desk.phase() == lab::Phase::Asking) {
      desk.does(action::Predict{});
    } else {
      desk.does(action::StepForward{});
    }
  }
  const Snapshot& now = desk.program->snapshot();
  REQUIRE(now.explanation != nullptr);
  REQUIRE(now.explanation->call == call);
  return now;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A model that thinks every bind well done.
model::Prediction mistaken(model::World& world, const experiment::Statement& statement) {
  auto prediction = model::apply(world, statement);
  if (experiment::call_text(statement).starts_with("bind")) prediction.result = experiment::Ok{};
  return prediction;
}

}  // namespace

TEST_CASE("A rival's failed bind is explained: the rule, its source, and the server's own socket") {
  Desk desk(lesson_of(rival_text));
  const Snapshot& now = step_until(desk, "bind(r, 127.0.0.1:62893)");
  const Explanation& why = *now.explanation;
  CHECK(why.kernel == "EADDRINUSE");
  CHECK(why.model == "EADDRINUSE");
  CHECK(why.modelled);
  CHECK(why.agrees);
  CHECK(why.process == "rival");
  CHECK(why.rule.starts_with("bind."));
  CHECK_FALSE(why.sentence.empty());
  CHECK_FALSE(why.source.empty());
  REQUIRE(why.deciders.size() == 1);
  CHECK(why.deciders[0].process == "server");
  CHECK(why.deciders[0].variable == "s");
  CHECK(why.deciders[0].state == SocketState::Listen);
  CHECK(to_string(why.deciders[0].local) == "127.0.0.1:62893");
  CHECK(why.remedies.size() >= 3);
  CHECK(now.explanations->size() == 6);
}

TEST_CASE("The explanation is that of the step at the playhead, and steps back with it") {
  Desk desk(lesson_of(rival_text));
  step_until(desk, "bind(r, 127.0.0.1:62893)");
  for (int steps = 0; steps < 40; ++steps) {
    const Snapshot& now = desk.does(action::StepBack{});
    if (now.explanation != nullptr && now.explanation->call == "listen(s, 16)") break;
  }
  const Snapshot& now = desk.program->snapshot();
  REQUIRE(now.explanation != nullptr);
  CHECK(now.explanation->call == "listen(s, 16)");
  CHECK(now.explanation->remedies.empty());
  CHECK(desk.does(action::TryRemedy{0}).trial == nullptr);
}

TEST_CASE("Each remedy that is offered works when it is put to the real kernel, in a fresh world") {
  Desk desk(lesson_of(rival_text));
  const std::size_t offered = step_until(desk, "bind(r, 127.0.0.1:62893)").explanation->remedies.size();
  REQUIRE(offered >= 3);
  for (std::size_t index = 0; index < offered; ++index) {
    const Snapshot& now = desk.does(action::TryRemedy{index});
    REQUIRE(now.trial != nullptr);
    INFO(now.trial->words << "\n" << now.trial->text);
    CHECK(now.trial->before == "EADDRINUSE");
    CHECK(now.trial->after == "ok");
    CHECK(now.trial->works);
    CHECK(now.explanation->agrees);
    CHECK(experiment::parse(now.trial->text, "copied.lab").has_value());
    const Snapshot& back = desk.does(action::LeaveTrial{});
    REQUIRE(back.trial == nullptr);
    CHECK(back.explanation->kernel == "EADDRINUSE");
  }
  const Snapshot& now = desk.program->snapshot();
  CHECK(now.live->next_statement == 7);  // the original is where it was
  CHECK(desk.does(action::StepForward{}).live->phase == lab::Phase::Finished);
}

TEST_CASE("A trial is not the learner's own doing: no goal, no surprise, and leaving the page ends it") {
  auto lesson = lesson_of(rival_text);
  lesson.pages[0].goal.emplace();
  lesson.pages[0].goal->claims = {
      experiment::parse_statement("expect LISTEN 127.0.0.1:62893 by rival").value()};
  Desk desk(std::move(lesson));
  step_until(desk, "bind(r, 127.0.0.1:62893)");
  desk.does(action::TryRemedy{0});
  const Snapshot& trial = desk.does(action::Perform{{"rival: listen(r, 16)"}});
  REQUIRE(trial.trial != nullptr);
  CHECK_FALSE(trial.goal.met);
  CHECK(trial.progress->surprises.empty());
  CHECK(desk.does(action::StartOver{}).trial->works);
  CHECK(desk.does(action::GoToPage{0}).trial == nullptr);
  CHECK(desk.program->snapshot().live->next_statement == 7);
}

TEST_CASE("An act by hand is explained like a step of the experiment") {
  Desk desk(lesson_of(rival_text));
  step_until(desk, "bind(r, 127.0.0.1:62893)");
  const Snapshot& now = desk.does(action::Perform{{"rival: bind(r, [::1]:62893)"}});
  REQUIRE(now.explanation != nullptr);
  CHECK_FALSE(now.explanation->statement);
  CHECK(now.explanation->kernel == now.explanation->model);
}

TEST_CASE("Where the kernel and the model disagree it is said, and written to a file that runs again") {
  Desk desk(lesson_of(rival_text), mistaken);
  const Snapshot& now = step_until(desk, "bind(r, 127.0.0.1:62893)");
  CHECK_FALSE(now.explanation->agrees);
  CHECK(now.explanation->model == "ok");
  CHECK(now.explanation->remedies.empty());
  const Snapshot& told = desk.does(action::ReportDisagreement{});
  REQUIRE_FALSE(told.report.empty());
  CHECK(told.report.starts_with(desk.folder.path.string()));
  const auto text = content_of(told.report);
  CHECK(text.find("kernel: EADDRINUSE") != std::string::npos);
  CHECK(text.find("model:  ok") != std::string::npos);
  const auto again = experiment::parse(text, told.report);
  REQUIRE(again);
  CHECK(to_string(again->statements.back()).find("bind(r, 127.0.0.1:62893)") != std::string::npos);
  // What comes later follows from it: nothing more is said.
  const Snapshot& later = desk.does(action::StepForward{});
  REQUIRE(later.explanation != nullptr);
  CHECK_FALSE(later.explanation->modelled);
  CHECK_FALSE(later.explanation->sentence.empty());
  CHECK(later.explanation->agrees);
}

TEST_CASE("What the model does not cover is shown as exactly that") {
  Desk desk(lesson_of("sysctl net.ipv4.tcp_stdurg=1\nserver: s = socket(AF_INET, SOCK_STREAM)\n"));
  desk.does(action::OpenLesson{"06-test"});
  const Snapshot& now = desk.does(action::StepForward{});
  REQUIRE(now.explanation != nullptr);
  CHECK_FALSE(now.explanation->modelled);
  CHECK(now.explanation->model.starts_with("not modelled"));
  CHECK(now.explanation->agrees);
  CHECK_FALSE(now.explanation->sentence.empty());
}

TEST_CASE("A port that the kernel chose agrees with the model's any port, and the run goes on") {
  Desk desk(lesson_of(R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:0) = ok
server: listen(s, 4) = ok
server: getsockname(s)
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:port(server.s)) = ok
)"));
  desk.does(action::OpenLesson{"06-test"});
  while (desk.phase() == lab::Phase::Ready) desk.does(action::StepForward{});
  const Snapshot& now = desk.program->snapshot();
  REQUIRE(now.explanations->size() == 6);
  for (const Explanation& why : *now.explanations) {
    INFO(why.call << ": " << why.kernel << ", " << why.model);
    CHECK(why.agrees);
    CHECK(why.modelled);
  }
}
