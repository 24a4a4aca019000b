#include "sim/trace/timeline.hpp"

#include <chrono>

#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::trace;

namespace {

Event at(int nanoseconds, Fact fact) { return {Nanoseconds(nanoseconds), std::move(fact)}; }

SocketTable table(std::string host, SocketState state) {
  SocketEntry entry;
  entry.state = state;
  return {std::move(host), {entry}};
}

CallEntered entered(CallId call, std::string name) {
  CallEntered fact;
  fact.call = call;
  fact.name = std::move(name);
  return fact;
}
CallReturned returned(CallId call) {
  CallReturned fact;
  fact.call = call;
  return fact;
}

}  // namespace

TEST_CASE("Events that come late are put where they belong, others stay in the order of arrival") {
  Timeline timeline;
  timeline.add(at(10, WorldChanged{"here", "a"}));
  timeline.add(at(30, WorldChanged{"here", "b"}));
  timeline.add(at(20, WorldChanged{"here", "c"}));
  timeline.add(at(30, WorldChanged{"here", "d"}));
  std::string order;
  for (const Event& event : timeline.events()) order += std::get<WorldChanged>(event.fact).what;
  CHECK(order == "acbd");
  CHECK(timeline.end() == Nanoseconds(30));
  CHECK(timeline.count_until(Nanoseconds(9)) == 0);
  CHECK(timeline.count_until(Nanoseconds(20)) == 2);
  CHECK(timeline.until(Nanoseconds(30)).size() == 4);
}

TEST_CASE("The revision changes with each event and is not reset by clear") {
  Timeline timeline;
  const auto before = timeline.revision();
  timeline.add(at(1, RunEnded{"finished"}));
  CHECK(timeline.revision() != before);
  const auto filled = timeline.revision();
  timeline.clear();
  CHECK(timeline.empty());
  CHECK(timeline.revision() != before);
  CHECK(timeline.revision() != filled);
}

TEST_CASE("The socket table at a moment is that host's last one") {
  Timeline timeline;
  timeline.add(at(10, table("here", SocketState::Listen)));
  timeline.add(at(15, table("b", SocketState::Closing)));
  timeline.add(at(20, table("here", SocketState::Established)));
  CHECK(timeline.sockets_at("here", Nanoseconds(9)).empty());
  CHECK(timeline.sockets_at("here", Nanoseconds(10))[0].state == SocketState::Listen);
  CHECK(timeline.sockets_at("here", Nanoseconds(19))[0].state == SocketState::Listen);
  CHECK(timeline.sockets_at("here", Nanoseconds(20))[0].state == SocketState::Established);
  CHECK(timeline.sockets_at("b", Nanoseconds(99))[0].state == SocketState::Closing);
  CHECK(timeline.sockets_at("nowhere", Nanoseconds(99)).empty());
}

TEST_CASE("A call is under way until the moment of its return, also where the return came late") {
  Timeline timeline;
  timeline.add(at(10, entered(1, "connect")));
  timeline.add(at(20, entered(2, "accept")));
  timeline.add(at(40, returned(2)));
  timeline.add(at(30, returned(1)));
  auto calls = timeline.calls_until(Nanoseconds(25));
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].returned == nullptr);
  calls = timeline.calls_until(Nanoseconds(30));
  CHECK(calls[0].returned->at == Nanoseconds(30));
  CHECK(calls[1].returned == nullptr);
  CHECK(std::get<CallEntered>(calls[1].entered->fact).name == "accept");
  CHECK(timeline.calls_until(Nanoseconds(10)).size() == 1);
}

TEST_CASE("What is held is known at each moment, with how long and how often the kernel sent it again") {
  Timeline timeline;
  timeline.add(at(10, PacketHeld{1, "here", Hook::Output, {}}));
  timeline.add(at(20, PacketHeld{2, "here", Hook::Output, {}}));
  timeline.add(at(25, Retransmission{1, "here", {}}));
  timeline.add(at(30, PacketLetGo{1, Verdict::Passed, false}));
  CHECK(timeline.held_at(Nanoseconds(9)).empty());
  const auto both = timeline.held_at(Nanoseconds(29));
  REQUIRE(both.size() == 2);
  CHECK(both[0].held_for == Nanoseconds(19));
  CHECK(both[0].retransmissions == 1);
  CHECK(timeline.held_at(Nanoseconds(24))[0].retransmissions == 0);
  const auto one = timeline.held_at(Nanoseconds(30));
  REQUIRE(one.size() == 1);
  CHECK(std::get<PacketHeld>(one[0].event->fact).id == 2);
}

TEST_CASE("Processes live from their start to their end, a second one of the same name too") {
  Timeline timeline;
  timeline.add(at(10, ProcessStarted{"server", "here", 3, false}));
  timeline.add(at(20, ProcessEnded{"server", 3, std::nullopt, 9}));
  timeline.add(at(30, ProcessStarted{"server", "here", 4, false}));
  CHECK(timeline.processes_until(Nanoseconds(15))[0].ended == nullptr);
  const auto lives = timeline.processes_until(Nanoseconds(40));
  REQUIRE(lives.size() == 2);
  CHECK(lives[0].ended != nullptr);
  CHECK(lives[1].ended == nullptr);
}

TEST_CASE("A statement has its result once its step has finished") {
  Timeline timeline;
  timeline.add(at(10, StepStarted{7, 3, 12, "server", "bind(s, 127.0.0.1:62893)"}));
  timeline.add(at(20, StepFinished{7, "ok", ""}));
  CHECK_FALSE(timeline.result_of_statement(3, Nanoseconds(19)));
  CHECK(timeline.result_of_statement(3, Nanoseconds(20)) == "ok");
  CHECK_FALSE(timeline.result_of_statement(4, Nanoseconds(99)));
}

TEST_CASE("Questions to a hundred thousand events are answered from the index") {
  Timeline timeline;
  for (int index = 0; index < 100'000; ++index) {
    if (index % 10 == 0) {
      timeline.add(at(index * 10, table("here", SocketState::Listen)));
    } else {  // each third a little late
      timeline.add(at(index * 10 - (index % 3 == 0 ? 25 : 0), PacketSeen{"here", "lo", {}, {}}));
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  std::size_t found = 0;
  for (int round = 0; round < 10'000; ++round)
    found += timeline.sockets_at("here", Nanoseconds(round * 100)).size();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  CHECK(found == 10'000);
  CHECK(taken.count() < 1.0);  // one walk through all events each would take minutes
}
