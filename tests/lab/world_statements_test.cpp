#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {

TEST_CASE("devices and addresses are there for the processes", "[lab]") {
  holds(R"(device eth1
address eth1 192.0.2.1/24
address eth1 2001:db8::1/64
address lo 192.0.2.9/32
p: a = socket(AF_INET, SOCK_STREAM)
p: bind(a, 192.0.2.1:5000) = ok
p: b = socket(AF_INET6, SOCK_STREAM)
p: bind(b, [2001:db8::1]:5000) = ok
p: c = socket(AF_INET, SOCK_STREAM)
p: bind(c, 192.0.2.9:5000) = ok
p: d = socket(AF_INET, SOCK_DGRAM)
p: bind(d, 192.0.2.7:5000) = EADDRNOTAVAIL
)");
}

TEST_CASE("the other end of a device answers nothing", "[lab]") {
  holds(R"(device eth1
address eth1 192.0.2.1/24
patience 100ms
p: a = socket(AF_INET, SOCK_STREAM)
p: connect(a, 192.0.2.2:80) = blocks
expect SYN-SENT 192.0.2.1:* 192.0.2.2:80 by p
)");
}

TEST_CASE("a setting takes effect at once, and one that the machine shares is refused", "[lab]") {
  holds(R"(sysctl here net.ipv4.ip_local_port_range = 40000 40000
p: a = socket(AF_INET, SOCK_DGRAM)
p: bind(a, 127.0.0.1:0)
p: getsockname(a) = 127.0.0.1:40000
)");
  Stepper stepper({});
  const auto refuses = [&](const std::string& name) {
    INFO(name);
    CHECK_FALSE(stepper.finish(experiment::SysctlDecl{"", name, "1"}).trouble.empty());
  };
  refuses("kernel.core_pattern");
  refuses("net/../kernel/hostname");
  refuses("net.../kernel.hostname");
  refuses("net.ipv4.no_such_setting");
}

TEST_CASE("files stay in the working folder", "[lab]") {
  Stepper stepper({});
  CHECK(stepper.finish(experiment::FileDecl{"server.conf", {"port 80", "x"}}).trouble.empty());
  for (const std::string name : {"../a", "/etc/a", "a/b", "..", "."}) {
    INFO(name);
    CHECK_FALSE(stepper.finish(experiment::FileDecl{name, {"x"}}).trouble.empty());
  }
}

TEST_CASE("the experiment holds packets itself, and a step that needs them blocks", "[lab]") {
  if (!can_hold()) return;
  holds(R"(patience 80ms
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:5000)
s: listen(l, 5)
packets hold
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = blocks
expect held 1
expect held 1 SYN
expect SYN-SENT 127.0.0.1:* 127.0.0.1:5000 by c
packets pass
expect held 1 SYN-ACK
expect SYN-RECEIVED 127.0.0.1:5000
packets pass all
c: returns = ok
expect held 1
packets drop
expect held 0
expect SYN-RECEIVED 127.0.0.1:5000
c: send(c, "hi") = 2
expect held 1
packets flow
expect held 0
s: a = accept(l) = ok
s: recv(a) = "hi"
)");
}

TEST_CASE("what is let go may still be on its way", "[lab]") {
  if (!can_hold()) return;
  // The ACK of the FIN is delayed by up to 40 ms, and nothing stands between the two statements.
  holds(R"(s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:5000)
s: listen(l, 5)
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000)
s: a = accept(l)
c: send(c, "hi")
s: recv(a)
packets hold
c: close(c)
packets pass
packets pass
expect FIN-WAIT-2 127.0.0.1:port(c.c) 127.0.0.1:5000
expect held 0
)");
}

TEST_CASE("letting go where nothing is held says so", "[lab]") {
  if (!can_hold()) return;
  CHECK(trouble_of("patience 20ms\npackets hold\npackets pass") == "no packet is held at this moment");
}

TEST_CASE("a claim that does not come true fails after the patience", "[lab]") {
  const auto experiment = experiment_of("patience 40ms\nexpect LISTEN 127.0.0.1:5000\nexpect no LISTEN *\n");
  const auto report = run(experiment);
  CHECK(report.outcomes[1].result == experiment::Result{experiment::Claimed{false}});
  CHECK(report.outcomes[2].result == experiment::Result{experiment::Claimed{true}});
}

TEST_CASE("what programs an experiment would start is known before anything is done", "[lab]") {
  const auto experiment = experiment_of(R"(p: run true
p: a = socket(AF_INET, SOCK_STREAM)
q: start sleep 10
)",
                                        "a.lab");
  CHECK(lab::programs_of(experiment) ==
        std::vector<std::string>{"a.lab:1: p: run true", "a.lab:3: q: start sleep 10"});
}

TEST_CASE("nothing is started where nobody has allowed it", "[lab]") {
  const auto report = run(experiment_of("p: run true\n"));
  CHECK(report.outcomes[0].trouble == "this experiment may not start programs: nobody has allowed it");
}

TEST_CASE("a run can be stopped before a step, and each outcome is told as it comes", "[lab]") {
  const auto experiment =
      experiment_of("p: a = socket(AF_INET, SOCK_STREAM)\np: b = socket(AF_INET, SOCK_DGRAM)\n");
  std::vector<std::size_t> told;
  const auto report = lab::run(
      launcher(), experiment, [](std::size_t statement) { return statement == 0; },
      [&](const lab::Outcome& outcome) { told.push_back(outcome.statement); });
  REQUIRE(report);
  CHECK(told == std::vector<std::size_t>{0});
  CHECK_FALSE(report->outcomes[1].result.has_value());
  CHECK(std::get<trace::RunEnded>(report->events.back().fact).reason == "stopped");
}

}  // namespace loopscope::test
