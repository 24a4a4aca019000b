#include "sim/lab/session.hpp"

#include <poll.h>

#include <chrono>

#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lab;
using std::chrono::steady_clock;

namespace {

const char* const journey = R"(title  The journey
== Application initialization
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16) = ok
== Request sending
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893) = ok
client: send(c, "GET /") = 5
== Request processing
server: a = accept(s)
server: recv(a) = "GET /"
== Response
server: send(a, "home") = 4
server: close(a)
client: recv(c) = "home"
client: recv(c) = ""
client: close(c)
expect TIME-WAIT 127.0.0.1:62893
)";

sandbox::Launcher& launcher() {
  static sandbox::Launcher one = make_launcher();
  return one;
}

/// A session and what a test asks of it.
struct Stepping {
  std::unique_ptr<Session> session;

  explicit Stepping(const std::string& text) {
    auto started = Session::start(launcher(), experiment::parse(text, "test.lab").value());
    if (!started) FAIL(sandbox::to_string(started.error()));
    session = std::move(*started);
  }

  /// Takes in what happens until the session wants something, for five seconds at most.
  Phase settle() {
    const auto end = steady_clock::now() + std::chrono::seconds(5);
    session->pump();
    while (session->phase() == Phase::Running && steady_clock::now() < end) {
      pollfd wait{session->fd(), POLLIN, 0};
      ::poll(&wait, 1, 100);
      session->pump();
    }
    return session->phase();
  }
  /// Takes in what happens until the session is in this phase, for five seconds at most.
  Phase wait_for(Phase phase) {
    const auto end = steady_clock::now() + std::chrono::seconds(5);
    while (session->phase() != phase && steady_clock::now() < end) {
      pollfd wait{session->fd(), POLLIN, 0};
      ::poll(&wait, 1, 100);
      session->pump();
    }
    return session->phase();
  }
  Phase go_on() {
    session->go_on();
    return settle();
  }
  /// Goes on until the next statement is the one with this text.
  void go_to(const std::string& text) {
    for (int steps = 0; steps < 100; ++steps) {
      const auto next = session->next_statement();
      const auto& statements = session->experiment().statements;
      if (session->phase() == Phase::Ready && next < statements.size() && call_text(statements[next]) == text)
        return;
      go_on();
    }
    FAIL("never came to " + text);
  }
  [[nodiscard]] std::string result(const std::string& text) const {
    const auto& statements = session->experiment().statements;
    for (std::size_t index = 0; index < statements.size(); ++index) {
      if (call_text(statements[index]) != text) continue;
      return session->timeline().result_of_statement(index, session->timeline().end()).value_or("none yet");
    }
    return "no such statement";
  }
  /// 'client's end, server's end' of the connection on 62893 by the last table, LISTEN where the server has
  /// none yet.
  [[nodiscard]] std::string states() const {
    std::string client = "none", server = "none";
    for (const auto& entry : session->timeline().sockets_at("here", session->timeline().end())) {
      if (number(entry.peer.port) == 62893) client = to_string(entry.state);
      if (number(entry.local.port) != 62893) continue;
      if (number(entry.peer.port) != 0) server = to_string(entry.state);
      if (entry.state == SocketState::Listen && server == "none") server = "LISTEN";
    }
    return client + ", " + server;
  }
  /// 'SYN: SYN-SENT, LISTEN' for the one packet that is held.
  [[nodiscard]] std::string held() const {
    const auto all = session->timeline().held_at(session->timeline().end());
    std::string text;
    for (const auto& one : all)
      text += trace::label(std::get<trace::PacketHeld>(one.event->fact).packet) + ": ";
    return text + states();
  }
};

}  // namespace

TEST_CASE("By call, each go_on makes one call, and the kernel's state between calls is real") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  CHECK(stepping.settle() == Phase::Ready);
  CHECK(session.next_statement() == 2);
  stepping.go_to("send(c, \"GET /\")");
  // Connected before anybody accepts.
  CHECK(stepping.states() == "ESTABLISHED, ESTABLISHED");
  stepping.go_to("recv(a)");
  CHECK(stepping.result("a = accept(s)") == "ok");
  while (session.phase() != Phase::Finished) stepping.go_on();
  CHECK(stepping.result("recv(c)") == "\"home\"");
  CHECK(stepping.result("expect TIME-WAIT 127.0.0.1:62893") == "holds");
  CHECK(session.trouble().empty());
}

TEST_CASE("By chapter, each go_on goes through one chapter") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Chapter);
  CHECK(stepping.go_on() == Phase::Ready);
  CHECK(session.next_statement() == 6);
  CHECK(stepping.go_on() == Phase::Ready);
  CHECK(session.next_statement() == 10);
  CHECK(stepping.go_on() == Phase::Ready);
  CHECK(stepping.go_on() == Phase::Finished);
  CHECK(stepping.result("expect TIME-WAIT 127.0.0.1:62893") == "holds");
}

TEST_CASE("By packet, the journey climbs the ladder of states") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  REQUIRE(session.can_hold_packets());
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  stepping.go_to("connect(c, 127.0.0.1:62893)");

  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "SYN: SYN-SENT, LISTEN");
  CHECK(session.next_statement() == 7);
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "SYN-ACK: SYN-SENT, SYN-RECEIVED");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "ACK: ESTABLISHED, SYN-RECEIVED");
  REQUIRE(stepping.go_on() == Phase::Ready);
  CHECK(stepping.states() == "ESTABLISHED, ESTABLISHED");
  CHECK(stepping.result("connect(c, 127.0.0.1:62893)") == "ok");

  REQUIRE(stepping.go_on() == Phase::Holding);  // send
  CHECK(stepping.held() == "DATA: ESTABLISHED, ESTABLISHED");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "ACK: ESTABLISHED, ESTABLISHED");
  stepping.go_to("send(a, \"home\")");  // accept and recv move no packet
  CHECK(stepping.result("recv(a)") == "\"GET /\"");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "DATA: ESTABLISHED, ESTABLISHED");
  stepping.go_on();
  REQUIRE(stepping.wait_for(Phase::Holding) == Phase::Holding);
  CHECK(stepping.held() == "ACK: ESTABLISHED, ESTABLISHED");
  stepping.go_to("close(a)");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "FIN-ACK: ESTABLISHED, FIN-WAIT-1");
  stepping.go_on();
  REQUIRE(stepping.wait_for(Phase::Holding) == Phase::Holding);  // a delayed ACK
  CHECK(stepping.held() == "ACK: CLOSE-WAIT, FIN-WAIT-1");
  stepping.go_to("close(c)");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "FIN-ACK: LAST-ACK, FIN-WAIT-2");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held() == "ACK: LAST-ACK, TIME-WAIT");
  REQUIRE(stepping.go_on() == Phase::Finished);
  CHECK(stepping.states() == "none, TIME-WAIT");
  CHECK(stepping.result("expect TIME-WAIT 127.0.0.1:62893") == "holds");
}

TEST_CASE("A question stops the session until it is answered, and the outcome is kept beside it") {
  Stepping stepping(R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
rival: r = socket(AF_INET, SOCK_STREAM)
rival: bind(r, 127.0.0.1:62893) ?= EADDRINUSE
rival: close(r)
)");
  auto& session = *stepping.session;
  session.set_step_by(StepBy::Chapter);
  stepping.settle();
  CHECK(stepping.go_on() == Phase::Asking);
  CHECK(session.next_statement() == 3);
  session.go_on();
  CHECK(session.phase() == Phase::Asking);
  session.predict(experiment::Result{experiment::Ok{}});
  CHECK(stepping.settle() == Phase::Finished);
  REQUIRE(session.predictions().size() == 1);
  const auto& prediction = session.predictions()[0];
  CHECK(prediction.statement == 3);
  CHECK(to_string(prediction.guess.value()) == "ok");
  REQUIRE(prediction.outcome);
  CHECK(to_string(*prediction.outcome) == "EADDRINUSE");
}

TEST_CASE("The learner acts while the run waits, and what becomes impossible is told and passed over") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  stepping.go_to("connect(c, 127.0.0.1:62893)");
  REQUIRE(session.act("kill server"));
  CHECK(stepping.settle() == Phase::Ready);
  CHECK(stepping.go_on() == Phase::Ready);
  CHECK(stepping.result("connect(c, 127.0.0.1:62893)") == "ECONNREFUSED");
  for (int steps = 0; steps < 20 && session.phase() == Phase::Ready; ++steps) stepping.go_on();
  CHECK(session.phase() == Phase::Finished);
  int troubles = 0;
  for (const auto& event : session.timeline().events()) {
    const auto* finished = std::get_if<trace::StepFinished>(&event.fact);
    if (finished != nullptr && !finished->trouble.empty()) ++troubles;
  }
  CHECK(troubles > 0);
}

TEST_CASE("Acts are possible after the end, too, and a bad line is refused with the parser's words") {
  Stepping stepping("server: s = socket(AF_INET, SOCK_STREAM)\n");
  auto& session = *stepping.session;
  stepping.settle();
  CHECK(stepping.go_on() == Phase::Finished);
  REQUIRE(session.act("rival: r = socket(AF_INET, SOCK_STREAM)"));
  REQUIRE(session.act("rival: bind(r, 127.0.0.1:62893)"));
  CHECK(stepping.settle() == Phase::Finished);
  const auto sockets = session.timeline().sockets_at("here", session.timeline().end());
  CHECK(sockets.size() <= 2);
  const auto refused = session.act("rival: bend(r)");
  REQUIRE_FALSE(refused);
  CHECK_FALSE(refused.error().empty());
}

TEST_CASE("A held packet is lost, and its retransmission is held again and gets through") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  stepping.go_to("connect(c, 127.0.0.1:62893)");
  REQUIRE(stepping.go_on() == Phase::Holding);
  const auto id =
      std::get<trace::PacketHeld>(session.timeline().held_at(session.timeline().end())[0].event->fact).id;
  session.drop(id);
  // connect is reported as blocking meanwhile; a second later the kernel sends the SYN again.
  REQUIRE(stepping.wait_for(Phase::Holding) == Phase::Holding);
  CHECK(stepping.held() == "SYN: SYN-SENT, LISTEN");
  for (int packets = 0; packets < 3 && session.phase() == Phase::Holding; ++packets) stepping.go_on();
  CHECK(stepping.states() == "ESTABLISHED, ESTABLISHED");
}

TEST_CASE("A delayed packet goes on by itself after its time") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  stepping.go_to("connect(c, 127.0.0.1:62893)");
  REQUIRE(stepping.go_on() == Phase::Holding);
  const auto before = session.timeline().end();
  session.delay(1, Milliseconds(150));
  CHECK(session.phase() == Phase::Running);
  REQUIRE(stepping.settle() == Phase::Holding);
  CHECK(stepping.held() == "SYN-ACK: SYN-SENT, SYN-RECEIVED");
  CHECK(session.timeline().end() - before >= Milliseconds(150));
}

TEST_CASE("Changing to steps by call lets all go, and the call under way completes") {
  Stepping stepping(journey);
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  stepping.go_to("connect(c, 127.0.0.1:62893)");
  REQUIRE(stepping.go_on() == Phase::Holding);
  session.set_step_by(StepBy::Call);
  CHECK(stepping.settle() == Phase::Ready);
  CHECK(stepping.result("connect(c, 127.0.0.1:62893)") == "ok");
  CHECK(session.timeline().held_at(session.timeline().end()).empty());
}

TEST_CASE("A call that blocks is told and does not stop the rest") {
  Stepping stepping(R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 1) = ok
server: a = accept(s) = blocks
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893) = ok
server: returns = ok
)");
  auto& session = *stepping.session;
  stepping.settle();
  stepping.go_to("a = accept(s)");
  CHECK(stepping.go_on() == Phase::Ready);
  CHECK(stepping.result("a = accept(s)") == "blocks");
  while (session.phase() == Phase::Ready) stepping.go_on();
  CHECK(session.phase() == Phase::Finished);
  CHECK(stepping.result("returns") == "ok");
}

TEST_CASE("What an experiment holds by itself is its own to let go") {
  Stepping stepping(R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 1) = ok
client: c = socket(AF_INET, SOCK_STREAM)
packets hold
client: connect(c, 127.0.0.1:62893) = blocks
expect held 1 SYN
packets flow
client: returns = ok
)");
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  for (int steps = 0; steps < 20 && session.phase() != Phase::Finished; ++steps) stepping.go_on();
  CHECK(stepping.result("connect(c, 127.0.0.1:62893)") == "blocks");
  CHECK(stepping.result("expect held 1 SYN") == "holds");
  CHECK(stepping.result("returns") == "ok");
}

TEST_CASE("Datagrams and the kernel's answers to them are stepped as well") {
  Stepping stepping(R"(client: c = socket(AF_INET, SOCK_DGRAM)
client: connect(c, 127.0.0.1:9) = ok
client: send(c, "hi") = 2
client: recv(c) = ECONNREFUSED
)");
  auto& session = *stepping.session;
  stepping.settle();
  session.set_step_by(StepBy::Packet);
  stepping.settle();
  stepping.go_to("send(c, \"hi\")");
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held().starts_with("UDP: "));
  REQUIRE(stepping.go_on() == Phase::Holding);
  CHECK(stepping.held().starts_with("ICMP port unreachable: "));
  REQUIRE(stepping.go_on() == Phase::Ready);
  CHECK(stepping.go_on() == Phase::Finished);
  CHECK(stepping.result("recv(c)") == "ECONNREFUSED");
}
