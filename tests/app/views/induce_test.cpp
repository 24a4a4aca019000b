// What can be induced, chosen on the real screen, and what the real kernel answers to it.
#include <filesystem>

#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "tests/app/views/live_desk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;
using tests::ContainsText;

namespace {

constexpr const char* served = R"(patience 60ms
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)
server: listen(s, 3)
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893)
client: send(c, "hi")
server: a = accept(s)
server: recv(a)
)";
constexpr int listening = 3, made = 4, connected = 5;  // steps

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the port is taken: the same address, every address, and with each option", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("take/same");
  CHECK(desk.result_of("rival: bind(r, 127.0.0.1:62893)") == "EADDRINUSE");
  desk.induce("take/wildcard");
  CHECK(desk.result_of("rival2: bind(r, 0.0.0.0:62893)") == "EADDRINUSE");
  desk.induce("take/reuseaddr");
  CHECK(desk.result_of("rival3: setsockopt(r, SO_REUSEADDR, 1)") == "ok");
  CHECK(desk.result_of("rival3: bind(r, 127.0.0.1:62893)") == "EADDRINUSE");
  desk.induce("take/reuseport");
  CHECK(desk.result_of("rival4: bind(r, 127.0.0.1:62893)") == "EADDRINUSE");
  CHECK(desk.now().written->by_hand == 10);
}

TEST_CASE("a port is taken before the server asks for it, or shared with one that allows it", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk first(served);
  first.steps(1);
  first.induce("take/same");
  CHECK(first.has_socket("here", SocketState::Listen, "127.0.0.1:62893"));
  first.steps(1);
  CHECK(first.result_of("server: bind") == "EADDRINUSE");

  LiveDesk shared(
      "server: s = socket(AF_INET, SOCK_STREAM)\nserver: setsockopt(s, SO_REUSEPORT, 1)\n"
      "server: bind(s, 127.0.0.1:62893)\nserver: listen(s, 3)\n");
  shared.steps(4);
  shared.induce("take/reuseport");
  CHECK(shared.result_of("rival: listen(r, 16)") == "ok");
}

TEST_CASE("the server stops, is killed, or stands still until it goes on", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("freeze");
  CHECK(desk.now().written->by_hand == 1);
  desk.steps(3);  // the kernel connects and takes the bytes
  CHECK(desk.result_of("client: connect") == "ok");
  CHECK(desk.result_of("client: send") == "2");
  desk.steps(1);
  CHECK(desk.result_of("server: a = accept(s)") == "blocks");
  CHECK_THAT(desk.why_not("stop"), ContainsText("frozen"));
  desk.induce("freeze");
  CHECK(contains(desk.written(), "kill server SIGCONT\n"));
  desk.does(action::Perform{{"server: returns"}});
  CHECK(desk.result_of("server: returns") == "ok");
  desk.induce("kill");
  CHECK_FALSE(desk.has_socket("here", SocketState::Listen, "127.0.0.1:62893"));
  CHECK_THAT(desk.why_not("kill"), ContainsText("nobody serves"));

  LiveDesk stopped(served);
  stopped.steps(made);
  stopped.induce("stop");
  stopped.steps(1);
  CHECK(stopped.result_of("client: connect") == "ECONNREFUSED");
}

TEST_CASE("a real program that serves is frozen and goes on; where it listens is its own affair",
          "[induce]") {
  if (!LiveDesk::has_lab() || !std::filesystem::exists("/usr/bin/python3")) return;
  LiveDesk desk("server: start python3 -m http.server 8123 --bind 127.0.0.1 until 127.0.0.1:8123\n");
  desk.does(action::SetStepBy{lab::StepBy::Chapter});  // its calls do not wait for the learner
  desk.steps(1);
  CHECK_THAT(desk.why_not("move/port"), ContainsText("decides itself"));
  desk.induce("freeze");
  desk.does(action::Perform{{"client: c = socket(AF_INET, SOCK_STREAM)", "client: connect(c, 127.0.0.1:8123)",
                             "client: send(c, \"HEAD / HTTP/1.0\\r\\n\\r\\n\")", "client: recv(c, 8)"}});
  CHECK(desk.result_of("client: connect") == "ok");
  CHECK(desk.result_of("client: recv") == "blocks");
  desk.induce("freeze");
  desk.does(action::Perform{{"client: returns within 8s"}});
  CHECK(desk.result_of("client: returns") == "\"HTTP/1.0\"");
  desk.induce("stop");
  CHECK_FALSE(desk.has_socket("here", SocketState::Listen, "127.0.0.1:8123"));
}

TEST_CASE("the accept queue is filled, so that the next SYN gets no answer", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(made);
  desk.induce("fill");
  CHECK(desk.now().written->by_hand == 8);  // a backlog of 3 has room for four
  CHECK(desk.result_of("crowd: connect(c4, 127.0.0.1:62893)") == "ok");
  CHECK_THAT(desk.why_not("fill"), ContainsText("full"));
  desk.steps(1);
  CHECK(desk.result_of("client: connect") == "blocks");
}

TEST_CASE("what comes in or goes out is dropped or rejected", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  const auto answer_after = [](const std::string& what) {
    LiveDesk desk(served);
    desk.steps(made);
    desk.induce(what);
    desk.steps(1);
    return desk.result_of("client: connect");
  };
  CHECK(answer_after("drop-syn") == "blocks");
  CHECK(answer_after("drop-replies") == "blocks");
  CHECK(answer_after("reject-rst") == "ECONNREFUSED");
  // The first ICMP error comes while connect itself still has the socket, and is only noted (tcp_v4_err); the
  // second ends it.
  LiveDesk desk(served);
  desk.steps(made);
  desk.induce("reject-icmp");
  desk.steps(1);
  desk.does(action::Perform{{"client: returns within 5s"}});
  CHECK((desk.result_of("client: returns") == "ECONNREFUSED" ||
         desk.result_of("client: connect") == "ECONNREFUSED"));
}

TEST_CASE("the cable is pulled out between two machines and put back", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(R"(host far
patience 60ms
process server on far
server: s = socket(AF_INET, SOCK_DGRAM)
server: bind(s, 0.0.0.0:5000)
client: c = socket(AF_INET, SOCK_DGRAM)
client: connect(c, 192.0.2.2:5000)
client: send(c, "one")
server: recv(s)
client: send(c, "two")
server: returns within 5s
)");
  desk.steps(4);
  desk.induce("cable");
  CHECK(contains(desk.written(), "packets wire hold\n"));
  desk.steps(2);
  CHECK(desk.result_of("client: send(c, \"one\")") == "3");
  CHECK(desk.result_of("server: recv(s)") == "blocks");
  desk.picture("unplugged");
  desk.induce("cable");
  CHECK(contains(desk.written(), "packets wire drop all\npackets wire flow\n"));
  desk.steps(2);
  CHECK(desk.result_of("server: returns") == "\"two\"");  // the first is lost

  LiveDesk alone(served);
  alone.steps(listening);
  CHECK_THAT(alone.why_not("cable"), ContainsText("one machine"));
}

TEST_CASE("the server moves to another port or address, and the rest of the experiment goes on", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(made);
  desk.induce("move/port");
  CHECK(desk.has_socket("here", SocketState::Listen, "127.0.0.1:62894"));
  desk.steps(1);
  CHECK(desk.result_of("client: connect") == "ECONNREFUSED");
  desk.induce("move/address");
  CHECK(desk.has_socket("here", SocketState::Listen, "127.0.0.2:62894"));
}

TEST_CASE("the ephemeral ports are used up, so that a connect finds none", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(made);
  desk.induce("ephemeral");
  desk.steps(1);
  CHECK(desk.result_of("client: connect") == "EADDRNOTAVAIL");
}

TEST_CASE("on this machine itself a listener is made deaf, and what would change the machine is not offered",
          "[induce]") {
  LiveDesk desk(
      "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:0)\n"
      "server: listen(s, 3)\nclient: c = socket(AF_INET, SOCK_STREAM)\n"
      "client: connect(c, 127.0.0.1:port(server.s))\n");
  CHECK_THAT(desk.why_not("deaf"), ContainsText("private lab"));
  desk.does(action::SetOnThisMachine{true});
  desk.steps(4);
  for (const char* what : {"drop-syn", "reject-rst", "drop-replies", "ephemeral", "cable", "take/wildcard"})
    CHECK_FALSE(desk.why_not(what).empty());
  desk.induce("deaf");
  CHECK_THAT(desk.written(), ContainsText("IP_MINTTL = 255"));
  desk.steps(1);
  CHECK(desk.result_of("client: connect") == "blocks");
  desk.induce("deaf");
  CHECK_THAT(desk.written(), ContainsText("IP_MINTTL = 0"));
  desk.press(Key::Z, with_ctrl);  // deaf again, in a run of its own
  CHECK_FALSE(contains(desk.written(), "IP_MINTTL = 0"));
  CHECK(desk.result_of("client: connect") == "blocks");
}

TEST_CASE("Ctrl+Z begins the run anew without the last line, and what came before is done again",
          "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("call");
  const std::string before = desk.written();
  desk.induce("kill");
  desk.steps(2);
  CHECK(desk.result_of("client: connect") == "ECONNREFUSED");
  CHECK(contains(desk.written(), "kill server\n"));
  CHECK(contains(desk.written(), "# server: a = accept(s)\n"));  // what nobody can take any more
  desk.press(Key::Z, with_ctrl);
  CHECK(desk.written() == before);
  CHECK(desk.result_of("caller: connect") == "ok");
  CHECK(desk.result_of("client: connect") == "ok");
  CHECK(desk.now().live->next_statement == 6);  // where the learner was
  desk.press(Key::Z, {.ctrl = true, .shift = true});
  CHECK_FALSE(desk.has_socket("here", SocketState::Listen, "127.0.0.1:62893"));
  desk.press(Key::Z, with_ctrl);
  desk.press(Key::Z, with_ctrl);
  CHECK(desk.now().written->by_hand == 0);
  desk.press(Key::Z, with_ctrl);
  CHECK_THAT(desk.now().message, ContainsText("Nothing was done by hand"));
}

TEST_CASE("starting over puts away what was done by hand, and Ctrl+Z brings it back", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("take/same");
  desk.steps(1);
  const std::string before = desk.written();
  desk.press(Key::R);
  CHECK(desk.now().written->by_hand == 0);
  CHECK(desk.now().live->next_statement == 1);
  desk.press(Key::Z, with_ctrl);
  CHECK(desk.written() == before);
  CHECK(desk.result_of("rival: bind") == "EADDRINUSE");
  CHECK(desk.now().live->next_statement == 5);
  desk.press(Key::R);
  desk.steps(listening);
  desk.induce("kill");  // something else: what was put away is gone
  desk.press(Key::Z, with_ctrl);
  CHECK(desk.now().written->by_hand == 0);
}

TEST_CASE("what is written is a file that runs by itself and comes to the same", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("take/same");
  desk.induce("stop");
  desk.steps(connected - listening);
  desk.press(Key::E);
  desk.click("experiment/copy");
  CHECK(desk.copied() == desk.written());
  auto parsed = experiment::parse(desk.copied(), "kept.lab");
  REQUIRE(parsed);
  sandbox::Launcher launcher = lab::make_launcher();
  const auto report = lab::run(launcher, *parsed);
  REQUIRE(report);
  std::string results;
  for (std::size_t i = 0; i < parsed->statements.size(); ++i) {
    if (!report->outcomes[i].result) continue;
    results += to_string(parsed->statements[i]) + " -> " + to_string(*report->outcomes[i].result) + "\n";
  }
  CHECK_THAT(results, ContainsText("rival: bind(r, 127.0.0.1:62893) -> EADDRINUSE"));
  CHECK_THAT(results, ContainsText("client: connect(c, 127.0.0.1:62893) -> ECONNREFUSED"));
}

TEST_CASE("the palette can be had with the keyboard alone, and nothing is induced on the past", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.press(Key::I);
  desk.driver().tab_to("induce/kill");
  desk.press(Key::Enter);
  CHECK_FALSE(desk.has_socket("here", SocketState::Listen, "127.0.0.1:62893"));
  CHECK_FALSE(desk.driver().has("induce/sheet"));
  desk.press(Key::Left);
  CHECK_THAT(desk.why_not("call"), ContainsText("past"));
}

TEST_CASE("the palette and the experiment's text can be seen whole", "[induce]") {
  if (!LiveDesk::has_lab()) return;
  LiveDesk desk(served);
  desk.steps(listening);
  desk.induce("take/same");
  desk.press(Key::I);
  desk.picture("induce");
  desk.press(Key::Escape);
  desk.press(Key::E);
  desk.induce("freeze");
  desk.steps(1);
  desk.picture("experiment");
  desk.click("stage/process/server");
  CHECK_FALSE(desk.driver().item("stage/menu/stop").enabled);  // it is frozen
  desk.picture("process-menu");
  desk.press(Key::Escape);
  desk.click("top/lab");
  desk.picture("place-menu");
}
