#include <unistd.h>

#include <algorithm>

#include "tests/controller/desk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/sockets.hpp"

/// The switch between a private lab and this machine's own loopback.
using namespace loopscope;
using namespace loopscope::app;
using test::parsed;

namespace {

lessons::Lesson lesson_with(const std::string& text) {
  lessons::Lesson lesson;
  lesson.id = "01-here";
  lesson.number = 1;
  lesson.experiments.emplace_back("here.lab", parsed(text, "here.lab"));
  lessons::Page page;
  page.stage = lessons::Stage::Watch;
  page.experiment = "here.lab";
  lesson.pages = {page};
  return lesson;
}

const trace::ProcessStarted* outsider(const Snapshot& now) {
  for (const trace::Event& event : now.timeline->events()) {
    const auto* started = std::get_if<trace::ProcessStarted>(&event.fact);
    if (started != nullptr && started->outside) return started;
  }
  return nullptr;
}

SocketAddress listener_in(const Snapshot& now) {
  for (const auto& entry : now.timeline->sockets_at("here", now.timeline->end())) {
    if (entry.state == SocketState::Listen) return entry.local;
  }
  FAIL("nobody listens");
  return {};
}

}  // namespace

TEST_CASE("an experiment runs on this machine's own loopback when the learner wants it, and others join") {
  test::Desk desk(
      lesson_with("server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:0)\n"
                  "server: listen(s, 4)\n"));
  desk.does(action::OpenLesson{"01-here"});
  CHECK_FALSE(desk.program->snapshot().live->on_this_machine);
  const Snapshot& moved = desk.does(action::SetOnThisMachine{true});
  CHECK(moved.on_this_machine);
  REQUIRE(moved.live);
  CHECK(moved.live->on_this_machine);
  CHECK_FALSE(moved.live->can_hold_packets);
  for (int step = 0; step < 3; ++step) desk.does(action::StepForward{});
  const SocketAddress server = listener_in(desk.program->snapshot());
  const UniqueFd client = tests::connecting(server);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (outsider(desk.program->snapshot()) == nullptr && std::chrono::steady_clock::now() < end) {
    pollfd wait{desk.program->fd(), POLLIN, 0};
    ::poll(&wait, 1, 100);
    desk.program->advance(0.016);
  }
  REQUIRE(outsider(desk.program->snapshot()) != nullptr);
  CHECK(outsider(desk.program->snapshot())->pid == ::getpid());

  const Snapshot& back = desk.does(action::SetOnThisMachine{false});
  CHECK_FALSE(back.on_this_machine);
  CHECK_FALSE(back.live->on_this_machine);
  CHECK(outsider(back) == nullptr);  // a fresh run, in a lab
}

TEST_CASE("a listener is blocked by hand, and the model says that it does not follow") {
  test::Desk desk(
      lesson_with("server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:0)\n"
                  "server: listen(s, 4)\nclient: c = socket(AF_INET, SOCK_STREAM)\n"
                  "client: connect(c, 127.0.0.1:port(server.s))\n"));
  desk.does(action::OpenLesson{"01-here"});
  for (int step = 0; step < 4; ++step) desk.does(action::StepForward{});
  desk.does(action::BlockListener{"server", "s", true});
  const Snapshot& now = desk.does(action::StepForward{});
  REQUIRE(now.explanation != nullptr);
  CHECK(now.explanation->kernel == "blocks");
  CHECK_FALSE(now.explanation->modelled);
}

TEST_CASE(
    "an experiment that needs a private lab is refused on this machine, with its line, and comes back") {
  test::Desk desk(lesson_with("sysctl net.ipv4.tcp_tw_reuse = 1\np: s = socket(AF_INET, SOCK_STREAM)\n"));
  desk.does(action::OpenLesson{"01-here"});
  const Snapshot& refused = desk.does(action::SetOnThisMachine{true});
  CHECK_FALSE(refused.live);
  CHECK_THAT(refused.refusal, tests::ContainsText("here.lab:1: `sysctl` would change this machine"));
  const Snapshot& back = desk.does(action::SetOnThisMachine{false});
  CHECK(back.live);
  CHECK(back.refusal.empty());
}
