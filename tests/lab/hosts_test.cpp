#include <algorithm>
#include <chrono>
#include <iostream>
#include <set>
#include <vector>

#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

/// Several machines in one world.
namespace loopscope::test {
namespace {

using namespace std::chrono_literals;
using trace::PacketHeld;
using trace::PacketSeen;

constexpr const char* two_hosts = R"(host far
process s on far
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 0.0.0.0:5000)
s: listen(l, 5)
c: c = socket(AF_INET, SOCK_STREAM)
)";

lab::Lab::Options stepping() {
  lab::Lab::Options options;
  options.stepping = true;
  options.experiment = "host far\n";
  return options;
}

void start_server(Stepper& lab) {
  lab.finish("process s on far");
  for (const char* line : {"s: l = socket(AF_INET, SOCK_STREAM)", "s: bind(l, 0.0.0.0:5000)",
                           "s: listen(l, 5)", "c: c = socket(AF_INET, SOCK_STREAM)"})
    lab.finish(line);
}

bool is_syn(const PacketSeen& seen) { return seen.packet.flags.syn && !seen.packet.flags.ack; }

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("each event tells its host, and a packet between hosts is seen at both", "[lab][hosts]") {
  const auto report = run(experiment_of(std::string(two_hosts) +
                                        "firewall far input tcp dport 5000 accept\n"
                                        "c: connect(c, 192.0.2.2:5000) = ok\ns: a = accept(l) = ok\n"));
  for (const auto& call : facts<trace::CallEntered>(report.events))
    CHECK(call.host == (call.process == "s" ? "far" : "here"));
  for (const auto& call : facts<trace::CallReturned>(report.events))
    CHECK(call.host == (call.process == "s" ? "far" : "here"));

  auto seen = facts<PacketSeen>(report.events);
  std::erase_if(seen, [](const PacketSeen& one) { return !is_syn(one); });
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].host == "here");
  CHECK(seen[0].leaves);
  CHECK(seen[1].host == "far");
  CHECK_FALSE(seen[1].leaves);
  CHECK(seen[1].device == "eth0");

  const auto judged = facts<trace::FirewallJudged>(report.events);
  REQUIRE_FALSE(judged.empty());
  CHECK(judged[0].host == "far");

  const auto tables = facts<trace::SocketTable>(report.events);
  const auto shows = [&](const std::string& host, SocketState state) {
    return std::any_of(tables.begin(), tables.end(), [&](const trace::SocketTable& table) {
      return table.host == host && std::any_of(table.sockets.begin(), table.sockets.end(),
                                               [&](const auto& socket) { return socket.state == state; });
    });
  };
  CHECK(shows("far", SocketState::Listen));
  CHECK_FALSE(shows("here", SocketState::Listen));
  CHECK(shows("here", SocketState::Established));
}

TEST_CASE("the segments of a handshake are stepped on the wire, without ARP between them", "[lab][hosts]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  lab.finish("patience 40ms");
  start_server(lab);
  const auto connect = lab.step("c: connect(c, 192.0.2.2:5000)");
  const auto syn = lab.next<PacketHeld>();
  CHECK(trace::label(syn.packet) == "SYN");
  CHECK(syn.host == "wire");
  lab.watch(100ms);
  CHECK_FALSE(lab.is_finished(connect));  // a held packet is nobody's impatience

  lab.lab().let_go(syn.id);
  const auto answer = lab.next<PacketHeld>();
  CHECK(trace::label(answer.packet) == "SYN-ACK");
  lab.lab().delay(answer.id, 30ms);
  const auto ack = lab.next<PacketHeld>();
  CHECK(trace::label(ack.packet) == "ACK");
  CHECK(lab.finished(connect).result == "ok");
  lab.lab().let_go(ack.id);
  CHECK(lab.finish("s: a = accept(l)").result == "ok");

  const auto gone = facts<trace::PacketLetGo>(lab.events());
  REQUIRE(gone.size() == 3);
  CHECK(gone[1].by_timer);
  // At the receiver the capture knows what had been held.
  for (const auto& seen : facts<PacketSeen>(lab.events())) CHECK(seen.held.has_value() == !seen.leaves);
}

TEST_CASE("ids are one packet's, on whichever host's lo or on the wire it is held", "[lab][hosts]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  start_server(lab);
  lab.finish("process own on far");
  lab.finish("own: o = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)");
  lab.finish("own: connect(o, 127.0.0.1:5000)");
  const auto on_far = lab.next<PacketHeld>();
  CHECK(on_far.host == "far");
  lab.finish("c: fcntl(c, F_SETFL, O_NONBLOCK)");
  lab.finish("c: connect(c, 192.0.2.2:5000)");
  const auto on_wire = lab.next<PacketHeld>();
  CHECK(on_wire.host == "wire");
  lab.finish("c: d = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)");
  lab.finish("c: connect(d, 127.0.0.1:5000)");
  const auto here = lab.next<PacketHeld>();
  CHECK(here.host == "here");
  CHECK(on_far.id < on_wire.id);
  CHECK(on_wire.id < here.id);
  lab.lab().let_go(on_wire.id);
  CHECK(trace::label(lab.next<PacketHeld>([](const auto& held) { return held.host == "wire"; }).packet) ==
        "SYN-ACK");
  lab.lab().drop(here.id);
  lab.lab().hold(false);
}

TEST_CASE("what is lost on the wire is sent again, and known as a repetition", "[lab][hosts]") {
  if (!can_hold()) return;
  Stepper lab(stepping());
  start_server(lab);
  const auto connect = lab.step("c: connect(c, 192.0.2.2:5000)");
  const auto syn = lab.next<PacketHeld>();
  lab.lab().drop(syn.id);
  CHECK(lab.next<trace::Retransmission>().of == syn.id);
  lab.lab().hold(false);
  CHECK(lab.finished(connect).result == "ok");
}

TEST_CASE("sixteen machines reach one another over both protocols", "[lab][hosts]") {
  std::string text, reach;
  for (int host = 2; host <= 16; ++host) {
    const auto name = "h" + std::to_string(host), process = "p" + std::to_string(host);
    text += "host " + name + "\n";
    reach += "process " + process + " on " + name + "\n" + process + ": a = socket(AF_INET, SOCK_STREAM)\n" +
             process + ": connect(a, 192.0.2." + std::to_string(host % 16 + 1) + ":7) = ECONNREFUSED\n" +
             process + ": b = socket(AF_INET6, SOCK_STREAM)\n" + process +
             ": connect(b, [2001:db8::1]:7) = ECONNREFUSED\n";
  }
  holds(text + reach);
}

TEST_CASE("what many frames carry arrives whole, and the wire loses none", "[lab][hosts]") {
  std::string rounds;
  for (int i = 0; i < 20; ++i)  // no more at a time than the receiver's window takes
    rounds +=
        "c: send(c, \"0123456789\" * 5000) = 50000\ns: recv(a, 50000, MSG_WAITALL) = \"0123456789\" * 5000\n";
  const auto experiment = experiment_of(
      std::string(two_hosts) + "patience 5s\nc: connect(c, 192.0.2.2:5000) = ok\ns: a = accept(l) = ok\n" +
      rounds + "c: close(c)\ns: recv(a) = \"\"\n");
  const auto report = run(experiment);
  CHECK(disagreements(experiment, report) == std::vector<std::string>{});
  for (const auto& change : facts<trace::WorldChanged>(report.events))
    CHECK(change.what.find("lost") == std::string::npos);
}

TEST_CASE("hosts on a bridge reach one another, are seen at both ends, and have no wire", "[lab][hosts]") {
  const auto experiment = experiment_of(R"(host far
host third
process s on far
process t on third
s: l = socket(AF_INET6, SOCK_STREAM)
s: bind(l, [::]:5000) = ok
s: listen(l, 5) = ok
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 192.0.2.2:5000) = ok
t: d = socket(AF_INET6, SOCK_STREAM)
t: connect(d, [2001:db8::2]:5000) = ok
t: e = socket(AF_INET, SOCK_STREAM)
t: connect(e, 192.0.2.1:5000) = ECONNREFUSED
packets wire hold
)");
  lab::RunOptions options;
  options.bridge = true;
  const auto report = lab::run(launcher(), experiment, {}, {}, options);
  REQUIRE(report);
  const auto problems = disagreements(experiment, *report);
  REQUIRE(problems.size() == 1);  // the last line
  CHECK(problems.front().find("--bridge") != std::string::npos);
  std::set<std::string> seen_at;
  for (const auto& one : facts<trace::PacketSeen>(report->events)) {
    if (one.device == "eth0" && trace::label(one.packet) == "SYN-ACK") seen_at.insert(one.host);
  }
  CHECK(seen_at == std::set<std::string>{"far", "here", "third"});
}

TEST_CASE("a host's settings, devices and addresses are its own", "[lab][hosts]") {
  holds(R"(host far
process s on far
device far eth1
address far lo 198.51.100.7/32
sysctl far net.ipv4.ip_unprivileged_port_start = 80
s: a = socket(AF_INET, SOCK_STREAM)
s: bind(a, 198.51.100.7:80) = ok
s: b = socket(AF_INET, SOCK_STREAM)
s: setsockopt(b, SO_BINDTODEVICE, "eth1") = ok
c: a = socket(AF_INET, SOCK_STREAM)
c: bind(a, 198.51.100.7:8080) = EADDRNOTAVAIL
c: bind(a, 127.0.0.1:80) = EACCES
c: setsockopt(a, SO_BINDTODEVICE, "eth1") = ENODEV
expect no BOUND 198.51.100.7:80
expect far BOUND 198.51.100.7:80 by s
)");
}

TEST_CASE("a world without hosts has no wire, and an unknown host is named", "[lab][hosts]") {
  CHECK(trouble_of("host far\npackets far hold\npackets wire hold\n").empty());
  Stepper lab({});
  CHECK(lab.finish(experiment::PacketsDecl{"wire", experiment::PacketsAction::Hold, {}}).trouble ==
        "there is no wire in this world: it has one host only");
  CHECK(lab.finish(experiment::SysctlDecl{"far", "net.ipv4.ip_forward", "0"}).trouble ==
        "this world has no host far");
}

TEST_CASE("a world of two hosts is made and gone quickly", "[lab][hosts]") {
  const auto experiment = experiment_of("host far\n");
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    CHECK(lab::run(launcher(), experiment));
    times.push_back(milliseconds_since(start));
  }
  std::sort(times.begin(), times.end());
  std::cout << "two hosts, made and gone: median " << times[50] << " ms, best " << times[0] << " ms, worst "
            << times[99] << " ms\n";
  CHECK(times[0] < 100);  // the machine may be busy with other things
}

}  // namespace loopscope::test
