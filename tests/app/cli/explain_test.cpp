#include <unistd.h>

#include <algorithm>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/sockets.hpp"

/// `loopscope explain` on real sockets of this test program, on ports that the kernel chose.
using namespace loopscope;
using namespace loopscope::tests;

namespace {

std::string port_of(const UniqueFd& socket) { return to_string(name_of(socket)); }

std::string me() { return "(pid " + std::to_string(::getpid()) + ")"; }

UniqueFd bound(int type) {
  UniqueFd socket = socket_for(at("127.0.0.1:0"), type);
  bind_to(socket, at("127.0.0.1:0"));
  return socket;
}

/// An answer is at most five lines, and exit status 1 says 'taken'.
std::string answer_about(const std::string& place, const std::string& transport = "--tcp") {
  const Ran ran = run_program({"explain", transport, place});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 1);
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') <= 5);
  CHECK_THAT(ran.out, ContainsText(place) && ContainsText("is taken: bind would give EADDRINUSE"));
  CHECK_THAT(ran.out, ContainsText("  why    ") && ContainsText("  would  "));
  return ran.out;
}

/// The address of a listener that has closed a connection first, and is gone.
SocketAddress time_wait() {
  UniqueFd server = socket_for(at("127.0.0.1:0"), SOCK_STREAM);
  bind_to(server, at("127.0.0.1:0"));
  check("listen", ::listen(server.get(), 1));
  const SocketAddress address = name_of(server);
  const UniqueFd client = connecting(address);
  UniqueFd accepted = accept_from(server);
  server.reset();
  accepted.reset();
  CHECK(readable(client.get(), 5000));  // its FIN has come
  return address;
}

}  // namespace

TEST_CASE("explain names the process that listens, and its command", "[cli]") {
  const UniqueFd holder = listener(at("127.0.0.1:0"));
  const std::string text = answer_about(port_of(holder));
  CHECK_THAT(text, ContainsText(me() + ": LISTEN on " + port_of(holder) + ", the same address"));
  CHECK_THAT(text, ContainsText("command: "));
}

TEST_CASE("explain tells a listener on :: that an IPv4 address meets", "[cli]") {
  const UniqueFd holder = listener(at("[::]:0"));
  const std::string place = "127.0.0.1:" + to_string(name_of(holder).port);
  CHECK_THAT(answer_about(place),
             ContainsText("LISTEN on [::]:") && ContainsText("which includes 127.0.0.1"));
}

TEST_CASE("explain sees UDP sockets and the client's end of a connection", "[cli]") {
  const UniqueFd datagrams = bound(SOCK_DGRAM);
  CHECK_THAT(answer_about(port_of(datagrams), "--udp"), ContainsText(me() + ": UNCONNECTED on "));
  const UniqueFd server = listener(at("127.0.0.1:0"));
  const UniqueFd client = connecting(name_of(server));
  CHECK_THAT(answer_about(port_of(client)), ContainsText(me() + ": ESTABLISHED on " + port_of(client)));
}

TEST_CASE("explain sees a socket that is bound and silent where the kernel shows it, and else says that",
          "[cli]") {
  const UniqueFd silent = bound(SOCK_STREAM);
  const Ran ran = run_program({"explain", port_of(silent)});
  INFO(ran.out << ran.err);
  if (ran.status == 0) {
    CHECK_THAT(ran.out, ContainsText("--try makes sure"));
    CHECK(run_program({"explain", "--try", port_of(silent)}).status == 1);
    return;
  }
  CHECK_THAT(ran.out, ContainsText(me() + ": BOUND on " + port_of(silent)));
}

TEST_CASE("explain says how long a TIME-WAIT lasts, and offers to wait, for people and as JSON", "[cli]") {
  const SocketAddress address = time_wait();
  const std::string text = answer_about(to_string(address));
  CHECK_THAT(text, ContainsText("nobody: TIME-WAIT on ") && ContainsText("gone in "));
  CHECK_THAT(text, ContainsText("Wait until TIME-WAIT is over: "));
  const auto json = lines_of(run_program({"explain", "--json", to_string(address)}).out).at(0);
  REQUIRE(json["holders"].size() == 1);
  CHECK(json["holders"][0]["state"] == "TIME-WAIT");
  CHECK(json["holders"][0]["seconds_left"].get<double>() > 30);
  CHECK(json["holders"][0]["seconds_left"].get<double>() <= 60.1);
  const auto& changes = json["would_work"];
  CHECK(std::any_of(changes.begin(), changes.end(), [](const auto& one) {
    return one["change"].template get<std::string>().starts_with("Wait until TIME-WAIT is over: ");
  }));
}

TEST_CASE("explain says what is free, and what can't be had for another reason", "[cli]") {
  std::string place;
  {
    const UniqueFd once = bound(SOCK_STREAM);
    place = port_of(once);
  }
  const Ran free = run_program({"explain", place});
  INFO(free.out << free.err);
  CHECK(free.status == 0);
  CHECK_THAT(free.out, ContainsText(" is free: a bind would succeed"));
  const Ran elsewhere = run_program({"explain", "192.0.2.77:4000"});  // RFC 5737: nobody's address
  CHECK(elsewhere.status == 1);
  CHECK_THAT(elsewhere.out, ContainsText("can't be had: bind would give EADDRNOTAVAIL"));
}
