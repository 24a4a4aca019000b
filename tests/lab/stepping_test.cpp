#include <poll.h>
#include <unistd.h>

#include <chrono>

#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {
namespace {

using namespace std::chrono_literals;
using trace::PacketHeld;

lab::Lab::Options stepping() {
  lab::Lab::Options options;
  options.stepping = true;
  return options;
}

void start_server(Stepper& lab) {
  lab.finish("server: s = socket(AF_INET, SOCK_STREAM)");
  lab.finish("server: bind(s, 127.0.0.1:62893)");
  lab.finish("server: listen(s, 16)");
  lab.finish("client: c = socket(AF_INET, SOCK_STREAM)");
}

/// An act that changes nothing: when it is done, so is what was asked before, and there is a fresh table.
void settle(Stepper& lab) { lab.finished(lab.act("patience 40ms")); }

}  // namespace

TEST_CASE("each packet of a handshake is held, and both ends' states are seen between", "[lab]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  lab.finish("patience 40ms");
  start_server(lab);
  const auto connect = lab.step("client: connect(c, 127.0.0.1:62893)");
  const auto syn = lab.next<PacketHeld>();
  CHECK(trace::label(syn.packet) == "SYN");
  lab.watch(200ms);  // five times the patience: a held packet is nobody's impatience
  CHECK_FALSE(lab.is_finished(connect));
  CHECK(lab.states() == "LISTEN SYN-SENT");

  lab.lab().let_go(syn.id);
  const auto syn_ack = lab.next<PacketHeld>();
  CHECK(trace::label(syn_ack.packet) == "SYN-ACK");
  settle(lab);
  CHECK(lab.states() == "LISTEN SYN-RECEIVED SYN-SENT");

  lab.lab().let_go(syn_ack.id);
  const auto ack = lab.next<PacketHeld>();
  CHECK(lab.finished(connect).result == "ok");
  settle(lab);
  CHECK(lab.states() == "ESTABLISHED LISTEN SYN-RECEIVED");
  lab.lab().let_go(ack.id);
  lab.next<trace::PacketLetGo>();
  settle(lab);
  CHECK(lab.states() == "ESTABLISHED ESTABLISHED LISTEN");

  const auto seen = facts<trace::PacketSeen>(lab.events());
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].held == syn.id);
  CHECK(seen[2].held == ack.id);
}

TEST_CASE("a packet that is dropped is sent again, and the repetition is known as one", "[lab]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  start_server(lab);
  const auto connect = lab.step("client: connect(c, 127.0.0.1:62893)");
  const auto syn = lab.next<PacketHeld>();
  lab.lab().drop(syn.id);
  CHECK(lab.next<trace::PacketLetGo>().verdict == trace::Verdict::Dropped);
  CHECK(lab.next<trace::Retransmission>().of == syn.id);
  lab.lab().hold(false);
  CHECK(lab.finished(connect).result == "ok");
}

TEST_CASE("a packet can be delayed, and holding can end at any moment", "[lab]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  start_server(lab);
  const auto connect = lab.step("client: connect(c, 127.0.0.1:62893)");
  const auto syn = lab.next<PacketHeld>();
  lab.lab().delay(syn.id, 30ms);
  CHECK(lab.next<trace::PacketLetGo>().by_timer);
  lab.next<PacketHeld>();
  lab.lab().hold(false);
  CHECK(lab.finished(connect).result == "ok");
  CHECK(lab.finish("server: a = accept(s)").result == "ok");
}

// Hidden: it takes its ten minutes. Run it with `lab_test "[long]"`.
TEST_CASE("ten minutes of holding kill no connection", "[.long]") {
  if (!can_hold()) return;
  Stepper syn(stepping()), syn_ack(stepping()), data(stepping());
  std::vector<std::uint64_t> connects;
  for (Stepper* lab : {&syn, &syn_ack, &data}) {
    start_server(*lab);
    connects.push_back(lab->step("client: connect(c, 127.0.0.1:62893)"));
  }
  syn.next<PacketHeld>();
  syn_ack.lab().let_go(syn_ack.next<PacketHeld>().id);
  syn_ack.next<PacketHeld>();
  for (int i = 0; i < 3; ++i) data.lab().let_go(data.next<PacketHeld>().id);
  data.finished(connects[2]);
  CHECK(data.finish("client: send(c, \"hi\")").result == "2");
  data.next<PacketHeld>();

  syn.watch(601s);
  for (Stepper* lab : {&syn, &syn_ack, &data}) lab->lab().hold(false);
  CHECK(syn.finished(connects[0]).result == "ok");
  CHECK(syn_ack.finished(connects[1]).result == "ok");
  CHECK(data.finish("server: a = accept(s)").result == "ok");
  CHECK(data.finish("server: recv(a)").result == "\"hi\"");
}

TEST_CASE("a poll during which a packet is held waits on", "[lab]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  lab.finish("patience 60ms");
  start_server(lab);
  lab.finish("client: fcntl(c, F_SETFL, O_NONBLOCK)");
  CHECK(lab.finish("client: connect(c, 127.0.0.1:62893)").result == "EINPROGRESS");
  lab.next<PacketHeld>();
  const auto poll = lab.step("client: poll(c, POLLOUT)");
  lab.watch(200ms);
  CHECK_FALSE(lab.is_finished(poll));
  lab.lab().hold(false);
  CHECK(lab.finished(poll).result == "POLLOUT");
}

TEST_CASE("acts are taken at once, steps and one process's acts in their turn", "[lab]") {
  Stepper lab({});
  start_server(lab);
  lab.finish("patience 2s");
  const auto accept = lab.step("server: a = accept(s)");
  const auto queued = lab.step("server: b = accept(s)");
  const auto wait_turn = lab.act("server: getsockname(s)");
  CHECK(lab.finished(lab.act("rival: r = socket(AF_INET, SOCK_STREAM)")).result == "ok");
  CHECK(lab.finished(lab.act("rival: bind(r, 127.0.0.1:62893)")).result == "EADDRINUSE");
  CHECK_FALSE(lab.is_finished(accept));
  CHECK_FALSE(lab.is_finished(wait_turn));
  CHECK(lab.finished(lab.act("client: connect(c, 127.0.0.1:62893)")).result == "ok");
  CHECK(lab.finished(accept).result == "ok");
  CHECK_FALSE(lab.is_finished(queued));
  CHECK(lab.finished(lab.act("kill server")).trouble.empty());
  CHECK(lab.finished(queued).trouble.find("ended") != std::string::npos);
  CHECK(lab.finish("server: listen(s, 1)").trouble.find("has ended") != std::string::npos);
  CHECK(lab.finish("process server").trouble.empty());
  CHECK(lab.finish("server: n = socket(AF_INET, SOCK_STREAM)").result == "ok");
}

TEST_CASE("a table is given when it is asked for", "[lab]") {
  Stepper lab({});
  start_server(lab);
  const auto before = facts<trace::SocketTable>(lab.events()).size();
  lab.lab().look();
  settle(lab);
  CHECK(facts<trace::SocketTable>(lab.events()).size() == before + 2);  // one of the act's own
}

TEST_CASE("more bytes than an experiment needs are refused", "[lab]") {
  Stepper lab({});
  lab.finish("p: s = socket(AF_INET, SOCK_DGRAM)");
  using namespace experiment;
  const auto send = CallStep{"p", "", SendCall{"s", Text{"x", 1ULL << 60}, {}, 0}, {}};
  CHECK_FALSE(lab.finish(Body{send}).trouble.empty());
  const auto recv = CallStep{"p", "", RecvCall{"s", false, 1ULL << 60, {}}, {}};
  CHECK_FALSE(lab.finish(Body{recv}).trouble.empty());
}

TEST_CASE("a lab that dies is told as the run's end", "[lab]") {
  sandbox::Launcher silent([](UniqueFd) {});
  const auto refused = lab::Lab::open(silent, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().step == "start of the lab");

  sandbox::Launcher dying([](UniqueFd channel) {
    for (char byte = 0; byte != '\n' && ::read(channel.get(), &byte, 1) == 1;) {
    }
    const std::string hello =
        R"({"hello":true,"can_hold":false,"why_no_hold":"","why_no_capture":"","shows_bound":true,)"
        R"("second_user":false,"ipv6":true,"why_no_firewall":"","rule_problems":[]})"
        "\n";
    (void)!::write(channel.get(), hello.data(), hello.size());
  });
  auto opened = lab::Lab::open(dying, {});
  REQUIRE(opened);
  lab::Lab& lab = **opened;
  std::vector<trace::Event> events;
  while (lab.alive()) {
    pollfd wait{lab.fd(), POLLIN, 0};
    REQUIRE(::poll(&wait, 1, 5000) == 1);
    for (auto& event : lab.pump()) events.push_back(std::move(event));
  }
  REQUIRE_FALSE(events.empty());
  CHECK(std::get<trace::RunEnded>(events.back().fact).reason == "the lab ended unexpectedly");
  lab.perform(experiment::Statement{{}, experiment::WaitStep{}, {}}, 0);  // harmless from here on
  CHECK(lab.pump().empty());
}

}  // namespace loopscope::test
