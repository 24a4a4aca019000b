#include "app/notation/choices.hpp"

#include <algorithm>
#include <cerrno>

#include "app/notation/mask.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app::notation;
using namespace loopscope::experiment;

namespace {
AddressTerm home(unsigned short port) { return {false, IpAddress::loopback_v4(), Port{port}}; }
Statement asks(std::string process, Call call, Result result) {
  return {{}, CallStep{std::move(process), "", std::move(call), Stated{std::move(result), true}}, ""};
}
Statement step(std::string process, Call call) {
  return {{}, CallStep{std::move(process), "", std::move(call), {}}, ""};
}
bool offers(const std::vector<Result>& all, const Result& result) {
  return std::find(all.begin(), all.end(), result) != all.end();
}
}  // namespace

TEST_CASE("a bind is asked with the errors that bind may give") {
  const Experiment experiment{"", {asks("rival", BindCall{"r", home(62893)}, Errno{EADDRINUSE})}, {}};
  const auto all = choices_for(experiment, 0);
  CHECK(all == std::vector<Result>{Ok{}, Errno{EACCES}, Errno{EADDRINUSE}, Errno{EADDRNOTAVAIL}});
  CHECK(question_for(experiment, 0) == "What does rival's `bind(r, 127.0.0.1:62893)` return?");
}

TEST_CASE("the choices of an error do not tell which was stated") {
  const Experiment in_use{"", {asks("rival", BindCall{"r", home(62893)}, Errno{EADDRINUSE})}, {}};
  const Experiment fine{"", {asks("rival", BindCall{"r", home(62893)}, Ok{})}, {}};
  CHECK(choices_for(in_use, 0) == choices_for(fine, 0));
}

TEST_CASE("an unusual answer is among the choices") {
  const Experiment experiment{"", {asks("server", BindCall{"s", home(80)}, Errno{ENODEV})}, {}};
  CHECK(offers(choices_for(experiment, 0), Errno{ENODEV}));
}

TEST_CASE("a call that is asked when it returns offers no blocking") {
  const Experiment experiment{"",
                              {step("client", ConnectCall{"c", home(1)}),
                               step("server", ListenCall{"s", 1}),
                               {{}, ReturnsStep{"client", {}, Stated{Errno{ETIMEDOUT}, true}}, ""}},
                              {}};
  const auto all = choices_for(experiment, 2);
  CHECK(offers(all, Errno{ETIMEDOUT}));
  CHECK(offers(all, Errno{ECONNREFUSED}));
  CHECK_FALSE(offers(all, Blocks{}));
  CHECK(question_for(experiment, 2) == "What does client's `connect(c, 127.0.0.1:1)` return in the end?");
}

TEST_CASE("what was sent before is a choice of what is received") {
  const Experiment experiment{"",
                              {step("client", SendCall{"c", {"GET /", 1}, {}, 0}),
                               asks("server", RecvCall{"a", false, {}, {}}, Received{{"GET /", 1}, {}})},
                              {}};
  const auto all = choices_for(experiment, 1);
  CHECK(offers(all, Received{{"GET /", 1}, {}}));
  CHECK(offers(all, Received{{"", 1}, {}}));
  CHECK(offers(all, Blocks{}));
}

TEST_CASE("each choice is there once, and every kind of question has at least three") {
  const std::vector<std::pair<Call, Result>> questions{
      {ConnectCall{"c", home(1)}, Errno{ECONNREFUSED}},
      {AcceptCall{"s"}, Blocks{}},
      {StateCall{"s"}, SocketState::SynReceived},
      {GetsocknameCall{"c"}, home(62893)},
      {GetpeernameCall{"c"}, Errno{ENOTCONN}},
      {PollCall{"s", {1}}, Events{1}},
      {ListenCall{"s", 1}, Ok{}},
      {CloseCall{"s"}, Ok{}},
      {GetsockoptCall{"s", {"SO_ERROR"}}, Errno{ECONNREFUSED}}};
  for (const auto& [call, result] : questions) {
    const Experiment experiment{"", {asks("p", call, result)}, {}};
    const auto all = choices_for(experiment, 0);
    INFO(to_string(call));
    CHECK(all.size() >= 3);
    CHECK(all.size() <= 6);
    CHECK(offers(all, result));
    for (const auto& one : all) CHECK(std::count(all.begin(), all.end(), one) == 1);
  }
}

TEST_CASE("a pending question hides what answers it, and nothing else does") {
  CHECK_FALSE(mask_for(step("server", StateCall{"s"})).any());
  const auto state = mask_for(asks("server", StateCall{"s"}, SocketState::Listen));
  CHECK(state.state);
  CHECK_FALSE(state.local);
  CHECK(state.process == "server");
  CHECK(mask_for(asks("client", GetsocknameCall{"c"}, home(1))).local);
  CHECK_FALSE(mask_for(asks("rival", BindCall{"r", home(1)}, Ok{})).any());
}

TEST_CASE("while an address is asked for, no end of its connections and no packet tells it") {
  const auto mask = mask_for(asks("client", GetsocknameCall{"c"}, home(1)));
  trace::SocketEntry own, other;
  own.process = "client";
  own.local = {IpAddress::loopback_v4(), Port{38942}};
  own.peer = {IpAddress::loopback_v4(), Port{62893}};
  other.local = own.peer;  // waits to be accepted: nobody's
  other.peer = own.local;
  CHECK(mask.hides_local(own));
  CHECK_FALSE(mask.hides_peer(own));
  CHECK(mask.hides_peer(other));
  CHECK_FALSE(mask.hides_local(other));
  CHECK(mask.hides_packet_ends());
  CHECK_FALSE(mask_for(asks("client", StateCall{"c"}, SocketState::Established)).hides_packet_ends());
}
