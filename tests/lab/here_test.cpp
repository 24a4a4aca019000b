#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>

#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/sockets.hpp"

/// Runs on this machine's own loopback. The outsider is this test program.
namespace loopscope::test {
namespace {

using namespace std::chrono_literals;

lab::Lab::Options on_this_machine() {
  lab::Lab::Options options;
  options.here = true;
  return options;
}

/// A server of the experiment that listens on a port that the kernel chose.
SocketAddress serve(Stepper& lab) {
  CHECK(lab.finish("server: s = socket(AF_INET, SOCK_STREAM)").trouble.empty());
  CHECK(lab.finish("server: bind(s, 127.0.0.1:0)").result == "ok");
  CHECK(lab.finish("server: listen(s, 4)").result == "ok");
  const std::string address = lab.finish("server: getsockname(s)").result;
  INFO(address);
  return tests::at(address);
}

/// As /proc tells it: run by its descriptor, the program has another name than its file.
std::string my_name() {
  std::ifstream comm("/proc/self/comm");
  std::string name;
  std::getline(comm, name);
  return name;
}

bool is_me(const trace::SocketEntry& entry) { return entry.pid == ::getpid(); }

const trace::SocketEntry* mine_in(const trace::SocketTable& table) {
  const auto found = std::find_if(table.sockets.begin(), table.sockets.end(), is_me);
  return found == table.sockets.end() ? nullptr : &*found;
}

/// The next table with a socket of this test program in it.
trace::SocketEntry next_of_mine(Stepper& lab) {
  const auto table =
      lab.next<trace::SocketTable>([](const trace::SocketTable& one) { return mine_in(one) != nullptr; });
  return *mine_in(table);
}

int tcp_state(const UniqueFd& socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  REQUIRE(::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &length) == 0);
  return info.tcpi_state;
}

bool writable(const UniqueFd& socket, std::chrono::milliseconds within) {
  pollfd wait{socket.get(), POLLOUT, 0};
  return ::poll(&wait, 1, static_cast<int>(within.count())) == 1 && (wait.revents & POLLOUT) != 0;
}

std::string labels(const std::vector<trace::PacketSeen>& packets) {
  std::string text;
  for (const auto& seen : packets) text += (text.empty() ? "" : " ") + trace::label(seen.packet);
  return text;
}

}  // namespace

TEST_CASE("a client that comes from outside joins under its own name, pid and user", "[here]") {
  Stepper lab(on_this_machine());
  const SocketAddress server = serve(lab);
  const UniqueFd client = tests::connecting(server);
  // Nobody has asked for a table: the lab looks by itself.
  const auto entry = next_of_mine(lab);
  CHECK(entry.process == my_name());
  CHECK(entry.fd == client.get());
  CHECK(entry.state == SocketState::Established);
  CHECK(entry.peer == server);
  const auto started = facts<trace::ProcessStarted>(lab.events());
  const auto me = std::find_if(started.begin(), started.end(), [](const auto& one) { return one.outside; });
  REQUIRE(me != started.end());
  CHECK(me->process == my_name());
  CHECK(me->pid == ::getpid());
  CHECK(me->host == "here");
  CHECK(me->root == (::geteuid() == 0));
  CHECK_FALSE(me->user.empty());
  CHECK(std::count_if(started.begin(), started.end(), [](const auto& one) { return one.outside; }) == 1);

  CHECK(lab.finish("server: a = accept(s)").result == "ok");
  tests::send_text(client, "hello");
  CHECK(lab.finish("server: recv(a)").result == "\"hello\"");
}

TEST_CASE("a port that is really taken is a conflict with its real holder", "[here]") {
  Stepper lab(on_this_machine());
  const UniqueFd holder = tests::listener(tests::at("127.0.0.1:0"));
  const SocketAddress taken = tests::name_of(holder);
  lab.finish("server: s = socket(AF_INET, SOCK_STREAM)");
  CHECK(lab.finish("server: bind(s, " + to_string(taken) + ")").result == "EADDRINUSE");
  const auto entry = next_of_mine(lab);
  CHECK(entry.state == SocketState::Listen);
  CHECK(entry.local == taken);
  CHECK(entry.process == my_name());
  CHECK(entry.fd == holder.get());
}

TEST_CASE("packets of this machine are seen where it allows that, and told from their effects where not",
          "[here]") {
  Stepper lab(on_this_machine());
  const bool seen_by_capture = lab.lab().found().why_no_capture.empty();
  if (!seen_by_capture)
    std::cout << "packets are inferred here: " << lab.lab().found().why_no_capture << '\n';
  const SocketAddress server = serve(lab);
  const SocketAddress other = tests::name_of(tests::listener(tests::at("127.0.0.1:0")));
  {
    const UniqueFd unrelated = tests::listener(other);
    const UniqueFd stranger = tests::connecting(other);  // has nothing to do with the experiment
    const UniqueFd client = tests::connecting(server);
    CHECK(lab.finish("server: a = accept(s)").result == "ok");
    tests::send_text(client, "hello");
    CHECK(lab.finish("server: recv(a)").result == "\"hello\"");
    CHECK(lab.finish("server: send(a, \"bye\")").result == "3");
    std::array<char, 3> bye{};  // a close with unread data would be a reset
    CHECK(::recv(client.get(), bye.data(), bye.size(), MSG_WAITALL) == 3);
    CHECK(lab.finish("server: close(a)").result == "ok");
    CHECK(lab.finish("expect FIN-WAIT-2 " + to_string(server)).result == "holds");
  }
  CHECK(lab.finish("expect TIME-WAIT " + to_string(server)).result == "holds");
  const auto packets = facts<trace::PacketSeen>(lab.events());
  REQUIRE_FALSE(packets.empty());
  for (const auto& one : packets) {
    INFO(to_string(one.packet.source) << " > " << to_string(one.packet.destination));
    CHECK(one.derived != seen_by_capture);
    CHECK((one.packet.source == server || one.packet.destination == server));
    CHECK(one.packet.raw.empty() == one.derived);
  }
  if (seen_by_capture) {
    CHECK_THAT(labels(packets), Catch::Matchers::StartsWith("SYN SYN-ACK ACK DATA"));
  } else {
    CHECK(labels(packets) == "SYN SYN-ACK ACK DATA DATA FIN-ACK FIN-ACK");
    CHECK(packets[3].packet.payload == "hello");
    CHECK(packets[3].packet.destination == server);
    CHECK_FALSE(lab.finish("expect packets 1 SYN").trouble.empty());  // a claim holds for what was seen only
  }
}

TEST_CASE("calls of the experiment's own show their packets, refusals and datagrams too", "[here]") {
  Stepper lab(on_this_machine());
  if (lab.lab().found().why_no_capture.empty()) {
    std::cout << "not tested here: this user may capture, so that nothing is inferred\n";
    return;
  }
  const SocketAddress free_port = tests::name_of(tests::listener(tests::at("127.0.0.1:0")));
  lab.finish("c: c = socket(AF_INET, SOCK_STREAM)");
  CHECK(lab.finish("c: connect(c, " + to_string(free_port) + ")").result == "ECONNREFUSED");
  CHECK(labels(facts<trace::PacketSeen>(lab.events())) == "SYN RST-ACK");
  lab.finish("u: u = socket(AF_INET, SOCK_DGRAM)");
  lab.finish("u: bind(u, 127.0.0.1:0)");
  lab.finish("v: v = socket(AF_INET, SOCK_DGRAM)");
  lab.finish("v: bind(v, 127.0.0.1:0)");
  CHECK(lab.finish("v: sendto(v, \"hi\", 127.0.0.1:port(u.u))").result == "2");
  CHECK(lab.finish("u: recvfrom(u)").result.starts_with("\"hi\" from "));
  CHECK(labels(facts<trace::PacketSeen>(lab.events())) == "SYN RST-ACK UDP");
}

TEST_CASE("nothing is run where a line of the file would leave the loopback", "[here]") {
  auto options = on_this_machine();
  options.file = "wide.lab";
  options.experiment = "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 0.0.0.0:0)\n";
  const auto opened = lab::Lab::open(launcher(), options);
  REQUIRE_FALSE(opened);
  CHECK_THAT(sandbox::to_string(opened.error()),
             Catch::Matchers::StartsWith("wide.lab:2: 0.0.0.0:0 would be open to the network"));
}

TEST_CASE("an act that would leave the loopback is refused, and so is a listen after a bind that failed",
          "[here]") {
  Stepper lab(on_this_machine());
  const SocketAddress server = serve(lab);
  CHECK(lab.finished(lab.act("rival: r = socket(AF_INET, SOCK_STREAM)")).trouble.empty());
  CHECK_THAT(lab.finished(lab.act("rival: bind(r, 0.0.0.0:0)")).trouble, tests::ContainsText("--here"));
  CHECK(lab.finished(lab.act("rival: bind(r, " + to_string(server) + ")")).result == "EADDRINUSE");
  const auto refused = lab.finished(lab.act("rival: listen(r, 1)"));
  CHECK(refused.result.empty());
  CHECK_THAT(refused.trouble, tests::ContainsText("every address of this machine"));
  CHECK(lab.finished(lab.act("rival: getsockname(r)")).result == "0.0.0.0:0");  // and it goes on
  for (const char* line : {"sysctl net.ipv4.tcp_tw_reuse = 1", "address lo 192.0.2.1/32", "device eth1",
                           "packets hold", "process r as root", "firewall input drop"}) {
    INFO(line);
    CHECK_FALSE(lab.finished(lab.act(line)).trouble.empty());
  }
}

TEST_CASE("a listener is blocked by IP_MINTTL without privileges, and hears again", "[here]") {
  Stepper lab(on_this_machine());
  const SocketAddress server = serve(lab);
  const auto accepting = lab.step("server: a = accept(s)");
  CHECK(lab.finished(accepting).result == "blocks");  // it works while its process waits
  CHECK(lab.finished(lab.lab().block_listener("server", "s", true)).trouble.empty());
  const auto changed = lab.next<trace::WorldChanged>();
  CHECK_THAT(changed.what, tests::ContainsText("IP_MINTTL = 255"));
  CHECK_THAT(changed.what, tests::ContainsText("no firewall"));

  const UniqueFd client = tests::connecting(server);
  CHECK_FALSE(writable(client, 300ms));  // only for what must not happen
  CHECK(tcp_state(client) == TCP_SYN_SENT);
  CHECK(next_of_mine(lab).state == SocketState::SynSent);

  CHECK(lab.finished(lab.lab().block_listener("server", "s", false)).trouble.empty());
  CHECK(writable(client, 5000ms));  // when its SYN is sent again, after a second
  CHECK(tcp_state(client) == TCP_ESTABLISHED);
  CHECK(lab.finish("server: returns within 5s").result == "ok");
}

TEST_CASE("only a listener of the experiment's own can be blocked", "[here]") {
  Stepper lab(on_this_machine());
  lab.finish("c: c = socket(AF_INET, SOCK_STREAM)");
  lab.finish("u: u = socket(AF_INET, SOCK_DGRAM)");
  for (const auto& [process, variable] :
       {std::pair{"c", "c"}, std::pair{"u", "u"}, std::pair{"c", "x"}, std::pair{"nobody", "s"}}) {
    INFO(process << " " << variable);
    CHECK_FALSE(lab.finished(lab.lab().block_listener(process, variable, true)).trouble.empty());
  }
}

}  // namespace loopscope::test
