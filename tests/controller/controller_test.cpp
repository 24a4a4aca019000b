#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "tests/controller/desk.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using std::chrono::steady_clock;
using test::parsed;

namespace {

lessons::Lesson test_lesson() {
  lessons::Lesson lesson;
  lesson.id = "03-test";
  lesson.number = 3;
  lesson.experiments.emplace_back("port.lab", parsed(R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16) = ok
rival: r = socket(AF_INET, SOCK_STREAM)
rival: bind(r, 127.0.0.1:62893) ?= EADDRINUSE
)",
                                                     "port.lab"));
  lesson.experiments.emplace_back("empty.lab",
                                  parsed("client: c = socket(AF_INET, SOCK_STREAM)\n", "empty.lab"));
  lessons::Page watch;
  watch.stage = lessons::Stage::Watch;
  watch.experiment = "port.lab";
  lessons::Page check = watch;
  check.stage = lessons::Stage::Check;
  check.goal.emplace();
  check.goal->claims = {experiment::parse_statement("expect LISTEN 127.0.0.1:62894 by rival").value()};
  check.quizzes.push_back({"q", "Why?", {{"wrong", false, ""}, {"right", true, ""}}});
  lessons::Page other = watch;
  other.experiment = "empty.lab";
  lesson.pages = {watch, check, other};
  return lesson;
}

struct Desk : test::Desk {
  Desk() : test::Desk(test_lesson()) {}
  /// The server listens, and the SYN of a client is held.
  const Snapshot& holds_a_syn() {
    does(action::OpenLesson{"03-test"});
    for (int steps = 0; steps < 3; ++steps) does(action::StepForward{});
    does(action::SetStepBy{lab::StepBy::Packet});
    return does(
        action::Perform{{"client: c = socket(AF_INET, SOCK_STREAM)", "client: connect(c, 127.0.0.1:62893)"}});
  }
  std::size_t tables() {
    const auto& events = program->snapshot().timeline->events();
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const auto& event) {
      return std::holds_alternative<trace::SocketTable>(event.fact);
    }));
  }
};

}  // namespace

TEST_CASE("At first there is the home screen, nothing lives and nothing moves") {
  Desk desk;
  const Snapshot& now = desk.program->snapshot();
  CHECK(now.screen == Screen::Home);
  CHECK(now.session == nullptr);
  CHECK(now.lessons->size() == 1);
  CHECK(desk.program->fd() == -1);
  CHECK_FALSE(desk.program->moving());
  CHECK_FALSE(desk.program->advance(1));
}

TEST_CASE("A lesson opens by its id or number, with a live run of its page") {
  Desk desk;
  const Snapshot& now = desk.does(action::OpenLesson{"3"});
  CHECK(now.screen == Screen::Lesson);
  CHECK(now.lesson->id == "03-test");
  REQUIRE(now.live);
  CHECK(now.live->phase == lab::Phase::Ready);
  CHECK(now.experiment->statements.size() == 5);
  CHECK(desk.does(action::OpenLesson{"99"}).message.find("99") != std::string::npos);
}

TEST_CASE("While a lab is being made the window goes on, and what needs the lab waits for it") {
  Desk desk;
  desk.program->carry_out({action::OpenLesson{"03-test"}});
  const Snapshot& opening = desk.program->snapshot();
  REQUIRE(opening.live);
  // It takes milliseconds; where the machine was quicker still, there is nothing to see of it.
  if (opening.session == nullptr) {
    CHECK(opening.live->opening);
    CHECK(opening.live->phase == lab::Phase::Running);
    CHECK(desk.program->fd() >= 0);
  }
  desk.program->carry_out({action::StepForward{}});
  CHECK_FALSE(desk.settled().live->opening);
  CHECK(desk.program->snapshot().live->next_statement == 1);
}

TEST_CASE("A lab that is being made is given up with its lesson") {
  Desk desk;
  desk.program->carry_out({action::OpenLesson{"03-test"}, action::GoHome{}});
  desk.settled();
  CHECK(desk.program->snapshot().screen == Screen::Home);
  CHECK(desk.program->snapshot().session == nullptr);
  CHECK(desk.program->fd() == -1);
}

TEST_CASE("Stepping makes real calls; back and forward move in what has happened, then the run goes on") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  const Snapshot& one = desk.does(action::StepForward{});
  CHECK(one.live->next_statement == 1);
  CHECK(one.at_end);
  CHECK(one.moment == one.timeline->end());
  const Snapshot& two = desk.does(action::StepForward{});
  CHECK(two.live->next_statement == 2);
  const auto end = two.moment;
  const Snapshot& past = desk.does(action::StepBack{});
  CHECK_FALSE(past.at_end);
  CHECK(past.moment < end);
  while (!desk.program->snapshot().at_end) desk.does(action::StepForward{});
  CHECK(desk.program->snapshot().live->next_statement == 2);  // only what had happened
  CHECK(desk.does(action::StepForward{}).live->next_statement == 3);
}

TEST_CASE("A question is answered, and a wrong prediction is kept as a surprise on disk") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  for (int steps = 0; steps < 4; ++steps) desk.does(action::StepForward{});
  REQUIRE(desk.phase() == lab::Phase::Asking);
  desk.does(action::StepForward{});
  CHECK(desk.phase() == lab::Phase::Asking);
  const Snapshot& now = desk.does(action::Predict{experiment::Result{experiment::Ok{}}});
  CHECK(now.live->phase == lab::Phase::Finished);
  REQUIRE(now.progress->surprises.size() == 1);
  CHECK(now.progress->surprises[0].predicted == "ok");
  CHECK(now.progress->surprises[0].kernel == "EADDRINUSE");
  CHECK_FALSE(now.progress->surprises[0].experiment.empty());
  CHECK(now.progress->surprises[0].statement == 4);
  const auto kept = lessons::load_progress(desk.progress_path);
  REQUIRE(kept);
  CHECK(kept->surprises.size() == 1);
}

TEST_CASE(
    "A check is met by what the learner does, not by going on, and the lesson is done with its questions") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  desk.does(action::GoToPage{1});
  for (int steps = 0; steps < 4; ++steps) desk.does(action::StepForward{});
  desk.does(action::Predict{});
  CHECK_FALSE(desk.program->snapshot().goal.met);
  CHECK(desk.program->snapshot().progress->surprises.empty());  // 'I don't know' surprises nobody
  desk.does(action::Perform{{"rival: bind(r, 127.0.0.1:62894)", "rival: listen(r, 16)"}});
  CHECK(desk.program->snapshot().goal.met);
  const auto& done = desk.program->snapshot().progress->lessons.at("03-test");
  CHECK(done.goals_met.contains(1));
  CHECK_FALSE(done.done);
  desk.does(action::AnswerQuiz{"q", 0});
  CHECK_FALSE(desk.program->snapshot().progress->lessons.at("03-test").done);
  desk.does(action::AnswerQuiz{"q", 1});
  CHECK(desk.program->snapshot().progress->lessons.at("03-test").done);
}

TEST_CASE("Pages of one experiment share its run, another one has its own, starting over begins anew") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  desk.does(action::StepForward{});
  CHECK(desk.does(action::GoToPage{1}).live->next_statement == 1);
  CHECK(desk.does(action::StartOver{}).live->next_statement == 0);
  CHECK(desk.does(action::GoToPage{2}).experiment->statements.size() == 1);
  CHECK(desk.does(action::GoHome{}).screen == Screen::Home);
  CHECK(desk.program->fd() == -1);
}

TEST_CASE("Where the learner was is there again the next time") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  desk.does(action::GoToPage{2});
  desk.program.reset();
  desk.program = desk.make();
  CHECK(desk.program->snapshot().progress->last_lesson == "03-test");
  CHECK(desk.does(action::OpenLesson{"03-test"}).page == 2);
}

TEST_CASE("A bad act is told, and the run goes on") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  CHECK(desk.does(action::Perform{{"rival: bend(r)"}}).message.find("rival: bend(r): ") == 0);
  CHECK(desk.phase() == lab::Phase::Ready);
}

TEST_CASE("By packet, what is held can be let go, and a packet's fate is the learner's") {
  Desk desk;
  desk.holds_a_syn();
  REQUIRE(desk.program->snapshot().live->can_hold_packets);
  REQUIRE(desk.phase() == lab::Phase::Holding);
  const Snapshot& held = desk.program->snapshot();
  CHECK(held.timeline->held_at(held.moment).size() == 1);
  CHECK_FALSE(desk.program->moving());  // a held packet waits without a frame
  desk.does(action::LetGo{1});
  CHECK(desk.phase() == lab::Phase::Holding);  // its SYN-ACK
  desk.does(action::StepForward{});
  desk.does(action::StepForward{});
  CHECK(desk.phase() == lab::Phase::Ready);
}

TEST_CASE("While a packet is held the moment shown goes on with the time, and fresh tables are measured") {
  Desk desk;
  const Nanoseconds first = desk.holds_a_syn().moment;
  REQUIRE(desk.phase() == lab::Phase::Holding);
  CHECK_FALSE(desk.program->moving());
  CHECK(desk.program->seconds_to_change() <= 1);
  CHECK(desk.program->seconds_to_change() >= 0);
  const std::size_t tables = desk.tables();
  desk.ahead = std::chrono::seconds(5);
  CHECK(desk.program->advance(0));
  const Snapshot& later = desk.program->snapshot();
  CHECK(later.at_end);
  CHECK(later.moment - first > std::chrono::milliseconds(4500));
  CHECK(later.timeline->held_at(later.moment).at(0).held_for > std::chrono::milliseconds(4500));
  desk.settled();
  while (desk.tables() == tables) {  // settling may have taken the table in already
    pollfd wait{desk.program->fd(), POLLIN, 0};
    REQUIRE(::poll(&wait, 1, 5000) == 1);
    desk.program->advance(0);
  }
  CHECK(desk.tables() == tables + 1);
  CHECK(desk.phase() == lab::Phase::Holding);
  CHECK(desk.program->snapshot().moment >= later.moment);
}

TEST_CASE("The past stands still while a packet is held; the end follows the time again") {
  Desk desk;
  desk.holds_a_syn();
  const Nanoseconds past = desk.does(action::StepBack{}).moment;
  CHECK(desk.program->seconds_to_change() < 0);
  desk.ahead = std::chrono::seconds(5);
  desk.program->advance(0);
  CHECK(desk.program->snapshot().moment == past);
  desk.does(action::JumpToEnd{});
  CHECK(desk.program->snapshot().moment - past > std::chrono::seconds(4));
}

TEST_CASE("A call that stays blocked lets the time go on; with nothing to wait for it stands") {
  Desk desk;
  desk.does(action::OpenLesson{"03-test"});
  for (int steps = 0; steps < 3; ++steps) desk.does(action::StepForward{});
  CHECK(desk.program->seconds_to_change() < 0);
  desk.ahead = std::chrono::seconds(5);
  CHECK_FALSE(desk.program->advance(0));
  desk.does(action::Perform{{"server: a = accept(s)"}});
  CHECK(desk.program->seconds_to_change() >= 0);
  CHECK(desk.program->snapshot().moment > std::chrono::seconds(5));
  desk.does(action::Perform{{"kill server"}});
  CHECK(desk.program->seconds_to_change() < 0);
}

TEST_CASE("With motion, what happens is replayed slowly, and then the window may rest") {
  Desk desk;
  desk.program.reset();
  desk.program = desk.make(false);
  desk.does(action::OpenLesson{"03-test"});
  desk.program->carry_out({action::StepForward{}});
  const auto end = steady_clock::now() + std::chrono::seconds(5);
  while (desk.phase() == lab::Phase::Running && steady_clock::now() < end) {
    pollfd wait{desk.program->fd(), POLLIN, 0};
    ::poll(&wait, 1, 100);
    desk.program->advance(0);
  }
  CHECK(desk.program->moving());
  CHECK(desk.program->snapshot().progress_of_motion < 1);
  int frames = 0;
  while (desk.program->moving() && frames < 10'000) {
    desk.program->advance(1.0 / 60);
    ++frames;
  }
  CHECK(frames > 10);
  CHECK(frames < 10'000);
  CHECK(desk.program->snapshot().moment == desk.program->snapshot().timeline->end());
  CHECK(desk.program->snapshot().progress_of_motion == 1);
}

TEST_CASE("What the machine allows is found out between frames, once the home screen has been shown") {
  Desk desk;
  desk.program = desk.make(true, false);
  CHECK(desk.program->seconds_to_change() < 0);
  CHECK_FALSE(desk.program->advance(0));
  CHECK(desk.program->snapshot().findings->empty());
  CHECK(desk.program->seconds_to_change() == 0);
  int pieces = 0;
  for (bool changed = false; !changed && pieces < 1000; ++pieces) {
    pollfd wait{desk.program->fd(), POLLIN, 0};
    if (wait.fd >= 0) ::poll(&wait, 1, 5000);
    changed = desk.program->advance(0);
  }
  CHECK(pieces > 3);
  std::set<std::string> known;
  for (const auto& finding : *desk.program->snapshot().findings) CHECK(known.insert(finding.id).second);
  for (const char* id :
       {"lab", "hold-packets", "capture", "firewall", "hosts", "bound-sockets", "other-user", "here"}) {
    INFO(id);
    CHECK(known.count(id) == 1);
  }
  CHECK(desk.program->seconds_to_change() < 0);
  CHECK(desk.program->fd() == -1);
}

TEST_CASE("Settings change at once, within their bounds") {
  Desk desk;
  CHECK(desk.does(action::SetScale{9}).settings->scale == 2.5F);
  CHECK_FALSE(desk.does(action::SetTheme{false}).settings->dark);
  CHECK(desk.does(action::SetSpeed{500}).settings->slower == 500);
  CHECK(desk.does(action::OpenSettings{}).settings_open);
  CHECK(desk.does(action::CopyText{"x"}).message == "Copied.");
}

TEST_CASE("A passing message goes by the clock, and no frame is drawn for it in between") {
  Desk desk;
  REQUIRE(desk.does(action::CopyText{"x"}).message == "Copied.");
  CHECK_FALSE(desk.program->moving());
  CHECK(desk.program->seconds_to_change() > 3);
  CHECK_FALSE(desk.program->advance(0));
  desk.ahead = std::chrono::seconds(5);
  CHECK(desk.program->advance(0));
  CHECK(desk.program->snapshot().message.empty());
  CHECK(desk.program->seconds_to_change() < 0);
}

TEST_CASE("Damaged progress is told until it is put away") {
  Desk desk;
  std::filesystem::create_directories(desk.folder.path);
  std::ofstream(desk.progress_path) << "no progress";
  desk.program = desk.make();
  REQUIRE(desk.program->snapshot().notices->size() == 1);
  CHECK(desk.program->snapshot().notices->front().find(".damaged") != std::string::npos);
  CHECK(desk.does(action::OpenLesson{"3"}).lesson != nullptr);
  CHECK(desk.does(action::DismissNotice{0}).notices->empty());
  CHECK(desk.does(action::DismissNotice{0}).notices->empty());
}

TEST_CASE("Progress that cannot be kept is told once, and the lessons go on") {
  Desk desk;
  std::filesystem::create_directories(desk.folder.path);
  std::ofstream(desk.folder.path / "file") << "a file where a folder is needed";
  desk.progress_path = desk.folder.path / "file" / "progress.json";
  desk.program = desk.make();
  CHECK(desk.program->snapshot().notices->empty());
  REQUIRE(desk.does(action::OpenLesson{"3"}).notices->size() == 1);
  CHECK(desk.does(action::DismissNotice{0}).notices->empty());
  CHECK(desk.does(action::GoToPage{1}).notices->empty());
  CHECK(desk.phase() != lab::Phase::Ended);
}

TEST_CASE("A delayed packet says when it goes, and then it is gone") {
  Desk desk;
  desk.holds_a_syn();
  if (!desk.program->snapshot().live->can_hold_packets) return;
  REQUIRE(desk.phase() == lab::Phase::Holding);
  CHECK(desk.program->snapshot().delays.empty());
  desk.program->carry_out({action::DelayPacket{1, 400}});
  const Snapshot& now = desk.program->snapshot();
  REQUIRE(now.delays.size() == 1);
  CHECK(now.delays[0].packet == 1);
  CHECK(now.delays[0].until > now.moment);
  CHECK(now.delays[0].until <= now.moment + Milliseconds(400));
  CHECK(desk.program->seconds_to_change() <= 0.1);  // its time runs out on the screen
  desk.settled();
  CHECK(desk.phase() == lab::Phase::Holding);  // the SYN-ACK, in its turn
  CHECK(desk.program->snapshot().delays.empty());
}
