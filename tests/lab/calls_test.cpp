#include <algorithm>

#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

namespace loopscope::test {

TEST_CASE("the example of the language's own description gives its results", "[lab]") {
  holds(R"(title  Who gets the port?
== Application initialization
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)              = ok
server: listen(s, 16)
== A second server
rival: r = socket(AF_INET, SOCK_STREAM)
rival: setsockopt(r, SO_REUSEADDR, 1)
rival: bind(r, 127.0.0.1:62893)               ?= EADDRINUSE
== A client
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893)
server: a = accept(s)
client: send(c, "GET / HTTP/1.0\r\n\r\n")
server: recv(a)                               = "GET / HTTP/1.0\r\n\r\n"
server: send(a, "HTTP/1.0 200 OK\r\n\r\nhome")
server: close(a)
client: recv(c)                               = "HTTP/1.0 200 OK\r\n\r\nhome"
client: recv(c)                               = ""
expect TIME-WAIT 127.0.0.1:62893
)");
}

TEST_CASE("every call of the language is made and answered", "[lab]") {
  holds(R"(p: l = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)
p: setsockopt(l, SO_REUSEADDR, 1) = ok
p: getsockopt(l, SO_REUSEADDR) = 1
p: getsockopt(l, SO_TYPE) = 1
p: state(l) = CLOSED
p: bind(l, 127.0.0.1:0) = ok
p: state(l) = BOUND
p: getsockname(l) = 127.0.0.1:port(l)
p: listen(l, 5) = ok
p: state(l) = LISTEN
p: accept(l) = EAGAIN
p: poll(l, POLLIN) = 0
p: c = socket(AF_INET, SOCK_STREAM)
p: setsockopt(c, SO_LINGER, {1, 0})
p: getsockopt(c, SO_LINGER) = {1, 0}
p: setsockopt(c, SO_RCVTIMEO, {0, 40000})
p: connect(c, 127.0.0.1:port(l)) = ok
p: poll(l, POLLIN) = POLLIN
p: a = accept(l) = ok
p: getpeername(a) = 127.0.0.1:port(c)
p: recv(c) = EAGAIN
p: write(c, "ab" * 1000) = 2000
p: read(a, 4) = "abab"
p: recv(a, 4, MSG_PEEK) = "abab"
p: recv(a, 65536) = "ab" * 998
p: fcntl(a, F_SETFL, O_NONBLOCK) = ok
p: recv(a) = EAGAIN
p: shutdown(a, SHUT_WR) = ok
p: recv(c) = ""
p: state(c) = CLOSE-WAIT
p: close(c) = ok
p: recv(a) = ECONNRESET
p: getsockopt(a, SO_ERROR) = 0
p: close(c) = EBADF
)");
}

TEST_CASE("datagrams tell their sender, over IPv4 and IPv6", "[lab]") {
  holds(R"(p: a = socket(AF_INET6, SOCK_DGRAM)
p: bind(a, [::1]:4000)
p: b = socket(AF_INET6, SOCK_DGRAM)
p: sendto(b, "hi", [::1]:4000) = 2
p: recvfrom(a) = "hi" from [::1]:port(b)
p: connect(b, [::1]:4000)
p: state(b) = ESTABLISHED
p: state(a) = UNCONNECTED
p: connect(b, AF_UNSPEC) = ok
p: setsockopt(b, SO_BINDTODEVICE, "lo") = ok
p: getsockopt(b, SO_BINDTODEVICE) = "lo"
p: setsockopt(b, IP_LOCAL_PORT_RANGE, 40000-40009) = ok
p: getsockopt(b, IP_LOCAL_PORT_RANGE) = 40000-40009
q: c = socket(AF_INET, SOCK_DGRAM)
q: connect(c, 127.0.0.1:9)
q: send(c, "x") = 1
q: send(c, "x") = ECONNREFUSED
)");
}

TEST_CASE("a call that waits blocks, and returns when it may", "[lab]") {
  holds(R"(patience 60ms
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:5000)
s: listen(l, 5)
s: a = accept(l) = blocks
s: returns = blocks
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = ok
s: returns within 2s = ok
s: recv(a) = blocks
c: send(c, "late")
wait 20ms
s: returns = "late"
c: recv(c) = blocks
kill s
c: returns within 1s = ""
)");
}

TEST_CASE("what a process may not do now is said in words", "[lab]") {
  const std::string start = "patience 30ms\nproc: l = socket(AF_INET, SOCK_DGRAM)\n";
  CHECK(trouble_of(start + "proc: recv(l)\nproc: close(l)").find("has not returned from recv(l)") !=
        std::string::npos);
  CHECK(trouble_of(start + "proc: recv(l)\nexit proc").find("has not returned") != std::string::npos);
  CHECK(trouble_of(start + "proc: returns").find("no call under way") != std::string::npos);
  CHECK(trouble_of(start + "proc: connect(l, 127.0.0.1:port(l))").find("has no port yet") !=
        std::string::npos);
}

TEST_CASE("a process leaves, is killed, and is started anew", "[lab]") {
  const auto experiment = experiment_of(R"(p: a = socket(AF_INET, SOCK_STREAM)
p: bind(a, 127.0.0.1:5000)
expect BOUND 127.0.0.1:5000 by p
exit p
expect no BOUND 127.0.0.1:5000
q: b = socket(AF_INET, SOCK_STREAM)
kill q
)");
  const auto report = run(experiment);
  CHECK(disagreements(experiment, report).empty());
  const auto ended = facts<trace::ProcessEnded>(report.events);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].exit_status == 0);
  CHECK(ended[1].signal == 9);
}

TEST_CASE("a stopped process makes no call while its kernel goes on for it, and then goes on itself",
          "[lab]") {
  holds(R"(patience 60ms
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:5000)
s: listen(l, 5)
s: a = accept(l) = blocks
kill s SIGSTOP
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = ok
c: send(c, "hi") = 2
s: returns = blocks
c: recv(c) = blocks
kill s SIGCONT
s: returns within 2s = ok
kill s SIGSTOP
s: recv(a) = blocks
kill s SIGCONT
s: returns within 2s = "hi"
s: send(a, "yes") = 3
c: returns within 2s = "yes"
)");
  const std::string stopped = "p: a = socket(AF_INET, SOCK_STREAM)\nkill p SIGSTOP\n";
  CHECK(trouble_of(stopped + "exit p").find("kill p SIGCONT") != std::string::npos);
  CHECK(trouble_of("p: a = socket(AF_INET, SOCK_STREAM)\nkill p\nkill p SIGSTOP").find("has ended") !=
        std::string::npos);
}

TEST_CASE("ordinary processes have no privilege, those of root have all", "[lab]") {
  holds(R"(process r as root
p: a = socket(AF_INET, SOCK_STREAM)
p: bind(a, 127.0.0.1:80) = EACCES
p: setsockopt(a, IP_TRANSPARENT, 1) = EPERM
r: b = socket(AF_INET, SOCK_STREAM)
r: setsockopt(b, IP_TRANSPARENT, 1) = ok
r: bind(b, 127.0.0.1:80) = ok
)");
}

TEST_CASE("a packet lies between its call's entry and its return", "[lab]") {
  const auto experiment = experiment_of(R"(p: l = socket(AF_INET, SOCK_STREAM)
p: bind(l, 127.0.0.1:5000)
p: listen(l, 5)
q: c = socket(AF_INET, SOCK_STREAM)
q: connect(c, 127.0.0.1:5000)
expect packets 1 SYN to 127.0.0.1:5000
expect packets 1 SYN-ACK from 127.0.0.1:5000
expect packets 3 any
)");
  const auto report = run(experiment);
  for (const auto& problem : disagreements(experiment, report)) FAIL_CHECK(problem);
  std::string order;
  for (const trace::Event& event : report.events) {
    if (const auto* call = std::get_if<trace::CallEntered>(&event.fact); call && call->name == "connect")
      order += "(";
    if (const auto* call = std::get_if<trace::CallReturned>(&event.fact); call && call->name == "connect")
      order += ")";
    if (const auto* seen = std::get_if<trace::PacketSeen>(&event.fact))
      order += seen->packet.flags.syn ? "S" : "A";
  }
  CHECK(order == "(SSA)");
}

TEST_CASE("a call is told as strace prints it", "[lab]") {
  const auto report = run(experiment_of(R"(p: l = socket(AF_INET6, SOCK_STREAM)
p: bind(l, [::1]:5000)
p: setsockopt(l, SO_REUSEADDR, 1)
p: s = socket(AF_INET, SOCK_DGRAM)
p: sendto(s, "hi\n", 127.0.0.1:9)
)"));
  const auto calls = facts<trace::CallEntered>(report.events);
  REQUIRE(calls.size() == 5);
  CHECK(calls[0].arguments == "AF_INET6, SOCK_STREAM, IPPROTO_IP");
  CHECK(calls[1].arguments == R"(3, {sa_family=AF_INET6, sin6_port=htons(5000), sin6_flowinfo=htonl(0), )"
                              R"(inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28)");
  CHECK(calls[1].variable == "l");
  CHECK(calls[2].arguments == "3, SOL_SOCKET, SO_REUSEADDR, [1], 4");
  CHECK(calls[4].name == "sendto");
  CHECK(calls[4].arguments ==
        R"(4, "hi\n", 3, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16)");
}

TEST_CASE("the socket table after each step names the owner", "[lab]") {
  const auto report = run(
      experiment_of("p: l = socket(AF_INET, SOCK_STREAM)\np: bind(l, 127.0.0.1:5000)\np: listen(l, 7)\n"));
  const auto tables = facts<trace::SocketTable>(report.events);
  REQUIRE(tables.size() == 3);
  REQUIRE(tables[1].sockets.size() == 1);
  CHECK(tables[1].sockets[0].state == SocketState::Bound);
  REQUIRE(tables[2].sockets.size() == 1);
  CHECK(tables[2].sockets[0].state == SocketState::Listen);
  CHECK(tables[2].sockets[0].process == "p");
  CHECK(tables[2].sockets[0].fd == 3);
  CHECK(tables[2].sockets[0].send_queue == 7);
}

TEST_CASE("all of this holds for an ordinary user as well", "[again]") {
  const Rerun rerun = run_again_as_ordinary_user("[lab]");
  INFO(rerun.output);
  CHECK(rerun.exit_status == 0);
}

}  // namespace loopscope::test
