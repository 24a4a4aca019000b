#include "lessons/engine/goal.hpp"

#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

experiment::Statement statement(const std::string& line) {
  auto parsed = experiment::parse_statement(line);
  REQUIRE(parsed);
  return *parsed;
}

/// A timeline as a live run makes it.
class Run {
 public:
  /// A step of the experiment itself.
  void stepped(const std::string& line, const std::string& result) { take(line, result, 0); }
  /// An act of the learner.
  void acted(const std::string& line, const std::string& result, const std::string& trouble = "") {
    take(line, result, std::nullopt, trouble);
  }
  void table(std::vector<trace::SocketEntry> sockets) { add(trace::SocketTable{"here", std::move(sockets)}); }
  void packet(const trace::Packet& packet) {
    add(trace::PacketSeen{.host = "here", .device = "lo", .packet = packet});
  }

  trace::Timeline timeline;

 private:
  void take(const std::string& line, const std::string& result, std::optional<std::uint64_t> index,
            const std::string& trouble = "") {
    const auto parsed = statement(line);
    add(trace::StepStarted{.step = ++step_,
                           .statement = index,
                           .process = experiment::process_of(parsed),
                           .text = experiment::to_string(parsed)});
    add(trace::StepFinished{.step = step_, .result = result, .trouble = trouble});
  }
  void add(trace::Fact fact) { timeline.add({.at = Nanoseconds(++clock_), .fact = std::move(fact)}); }
  std::uint64_t step_ = 0;
  int clock_ = 0;
};

Goal goal(const std::vector<std::string>& calls, const std::vector<std::string>& claims = {},
          bool in_order = false) {
  Goal made{.words = "…", .in_order = in_order};
  for (const auto& line : calls) made.calls.push_back(statement(line));
  for (const auto& line : claims) made.claims.push_back(statement(line));
  return made;
}

trace::SocketEntry listener(const char* address, const std::string& process) {
  return {.state = SocketState::Listen, .local = *SocketAddress::parse(address), .process = process};
}

trace::Packet reset_from(const char* address) {
  trace::Packet packet{.transport = trace::Transport::Tcp, .source = *SocketAddress::parse(address)};
  packet.flags.rst = true;
  return packet;
}

constexpr const char* bound = "rival: bind(r, 127.0.0.1:62894)";

}  // namespace

TEST_CASE("A goal counts what the learner did, not what the experiment does", "[lessons]") {
  const Goal wanted = goal({"rival: bind(r, 127.0.0.1:62894) = ok # the rival moves"});
  Run run;
  CHECK_FALSE(look_at(wanted, run.timeline).met);
  run.stepped(bound, "ok");
  const GoalState stepped = look_at(wanted, run.timeline);
  CHECK_FALSE(stepped.met);
  CHECK(stepped.missing == std::vector<std::string>{"the rival moves"});
  run.acted(bound, "ok");
  CHECK(look_at(wanted, run.timeline).met);
}

TEST_CASE("A goal's step needs its result, and one that could not be done does not count", "[lessons]") {
  const Goal wanted = goal({"rival: bind(r, 127.0.0.1:62894) = ok # moved"});
  Run run;
  run.acted(bound, "EADDRINUSE");
  run.acted(bound, "", "no process called rival");
  run.acted("rival: bind(r, 127.0.0.1:62895)", "ok");
  run.acted("other: bind(r, 127.0.0.1:62894)", "ok");
  CHECK_FALSE(look_at(wanted, run.timeline).met);
  run.acted(bound, "ok");
  CHECK(look_at(wanted, run.timeline).met);
}

TEST_CASE("The variable of a step does not matter, and success need not be spelt out", "[lessons]") {
  Run run;
  run.acted("server: a = accept(s)", "ok");
  run.acted("kill server", "");
  CHECK(look_at(goal({"server: accept(s) = ok # taken", "kill server # gone"}), run.timeline).met);
}

TEST_CASE("A program that the learner ran counts by its words and its exit status", "[lessons]") {
  const Goal wanted = goal({"caller: run curl -s http://127.0.0.1:62893/ = exit 0 # the page has come"});
  const char* fetch = "caller: run curl -s http://127.0.0.1:62893/";
  Run run;
  run.stepped(fetch, "exit 0");
  run.acted(fetch, "exit 7");
  run.acted("caller: run curl -s http://127.0.0.1:62894/", "exit 0");
  CHECK_FALSE(look_at(wanted, run.timeline).met);
  run.acted(fetch, "exit 0");
  CHECK(look_at(wanted, run.timeline).met);
}

TEST_CASE("Steps in order must have come in that order", "[lessons]") {
  const std::vector<std::string> steps = {"kill server # stopped",
                                          "rival: bind(r, 127.0.0.1:62893) = ok # taken over"};
  Run wrong;
  wrong.acted("rival: bind(r, 127.0.0.1:62893)", "ok");
  wrong.acted("kill server", "");
  CHECK(look_at(goal(steps), wrong.timeline).met);
  const GoalState state = look_at(goal(steps, {}, true), wrong.timeline);
  CHECK_FALSE(state.met);
  CHECK(state.missing == std::vector<std::string>{"taken over"});
  wrong.acted("rival: bind(r, 127.0.0.1:62893)", "ok");
  CHECK(look_at(goal(steps, {}, true), wrong.timeline).met);
}

TEST_CASE("Claims are held against the last socket table", "[lessons]") {
  const Goal wanted =
      goal({}, {"expect LISTEN 127.0.0.1:* by rival # listening", "expect no LISTEN *:62893 # left"});
  Run run;
  run.table({listener("127.0.0.1:62893", "server"), listener("127.0.0.1:62894", "rival")});
  CHECK(look_at(wanted, run.timeline).missing == std::vector<std::string>{"left"});
  run.table({listener("127.0.0.1:62894", "rival")});
  // All claims hold; but the learner has done nothing.
  CHECK_FALSE(look_at(wanted, run.timeline).met);
  run.acted("kill server", "");
  CHECK(look_at(wanted, run.timeline).met);
  run.table({listener("[::1]:62894", "rival")});
  CHECK_FALSE(look_at(wanted, run.timeline).met);
}

TEST_CASE("Packets are counted as at least so many, and none as none", "[lessons]") {
  Run run;
  run.acted("kill server", "");
  CHECK(look_at(goal({}, {"expect packets 0 RST # quiet"}), run.timeline).met);
  run.packet(reset_from("127.0.0.1:62893"));
  run.packet(reset_from("127.0.0.1:62893"));
  CHECK_FALSE(look_at(goal({}, {"expect packets 0 RST # quiet"}), run.timeline).met);
  CHECK(look_at(goal({}, {"expect packets 1 RST from 127.0.0.1:62893 # refused"}), run.timeline).met);
  CHECK_FALSE(look_at(goal({}, {"expect packets 3 RST # refused thrice"}), run.timeline).met);
  CHECK_FALSE(look_at(goal({}, {"expect packets 1 RST from 127.0.0.2:62893 # there"}), run.timeline).met);
  CHECK_FALSE(look_at(goal({}, {"expect packets 1 SYN # called"}), run.timeline).met);
}
