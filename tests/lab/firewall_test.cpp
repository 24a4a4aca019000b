#include <algorithm>

#include "sim/trace/words.hpp"
#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

/// `firewall` in a world.
namespace loopscope::test {
namespace {

constexpr const char* server = R"(patience 150ms
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:5000)
s: listen(l, 5)
)";

std::vector<trace::FirewallJudged> stopped(const std::vector<trace::Event>& events) {
  auto all = facts<trace::FirewallJudged>(events);
  std::erase_if(all, [](const auto& one) { return one.judgement == trace::Judgement::Accepted; });
  return all;
}

}  // namespace

TEST_CASE("a rule takes effect where it stands, and `clear` takes it away", "[lab][firewall]") {
  holds(std::string(server) + R"(c: a = socket(AF_INET, SOCK_STREAM)
c: connect(a, 127.0.0.1:5000) = ok
firewall input tcp dport 5000 reject with tcp reset
c: b = socket(AF_INET, SOCK_STREAM)
c: connect(b, 127.0.0.1:5000) = ECONNREFUSED
firewall clear
c: connect(b, 127.0.0.1:5000) = ok
firewall output tcp dport 5000 drop
c: d = socket(AF_INET, SOCK_STREAM)
c: connect(d, 127.0.0.1:5000) = blocks
firewall clear
c: returns within 3s = ok
)");
}

TEST_CASE("the trace says which rule stopped which packet, at the packet's own time", "[lab][firewall]") {
  const auto report = run(experiment_of(std::string(server) + R"(firewall input tcp dport 5000 counter drop
c: a = socket(AF_INET, SOCK_STREAM)
c: connect(a, 127.0.0.1:5000) = blocks
)"));
  const auto all = stopped(report.events);
  REQUIRE(all.size() == 1);
  CHECK(all[0].judgement == trace::Judgement::Dropped);
  CHECK(all[0].hook == trace::Hook::Input);
  CHECK(all[0].rule == "tcp dport 5000 counter drop");
  CHECK(trace::words_of(all[0]).starts_with("input dropped SYN 127.0.0.1:"));
  // Between the packet on `lo` and whatever came next.
  const auto is = [&](const auto& want) {
    return std::find_if(report.events.begin(), report.events.end(), want);
  };
  const auto seen =
      is([](const auto& event) { return std::holds_alternative<trace::PacketSeen>(event.fact); });
  const auto judged = is([](const auto& event) {
    const auto* one = std::get_if<trace::FirewallJudged>(&event.fact);
    return one != nullptr && one->judgement != trace::Judgement::Accepted;
  });
  REQUIRE(seen != report.events.end());
  CHECK(seen < judged);
  CHECK(seen->at == judged->at);
}

TEST_CASE("what is stopped at output lies between its call's entry and return", "[lab][firewall]") {
  const auto report = run(experiment_of(R"(firewall output udp dport 5000 drop
c: a = socket(AF_INET, SOCK_DGRAM)
c: sendto(a, "x", 127.0.0.1:5000) = EPERM
)"));
  CHECK(facts<trace::PacketSeen>(report.events).empty());
  Nanoseconds entered{}, judged{}, returned{};
  for (const auto& event : report.events) {
    if (const auto* call = std::get_if<trace::CallEntered>(&event.fact); call && call->name == "sendto")
      entered = event.at;
    if (std::holds_alternative<trace::FirewallJudged>(event.fact)) judged = event.at;
    if (const auto* call = std::get_if<trace::CallReturned>(&event.fact); call && call->name == "sendto")
      returned = event.at;
  }
  REQUIRE(judged.count() != 0);
  CHECK(entered <= judged);
  CHECK(judged <= returned);
}

TEST_CASE("what nft refuses is an error of the file, and nothing is run", "[lab][firewall]") {
  const auto report = run(experiment_of(R"(p: a = socket(AF_INET, SOCK_STREAM)
firewall input   tcp dprt 5000 drop
firewall output drop; flush ruleset
)",
                                        "a.lab"));
  CHECK(report.events.empty());
  CHECK(report.trouble.starts_with("a.lab:2:22: syntax error"));
  CHECK(report.trouble.find("\na.lab:3:21: one rule a line") != std::string::npos);
}

TEST_CASE("a learner's own rule that nft refuses is said at once", "[lab][firewall]") {
  Stepper stepper({});
  CHECK(stepper.finish("firewall input tcp dprt 80 drop")
            .trouble.starts_with("the rule is refused at its column 5: syntax error"));
  CHECK(stepper.finish("firewall input tcp dport 80 drop").trouble.empty());
  CHECK(stepper.finish("firewall clear").trouble.empty());
}

TEST_CASE("a firewall may come and go while packets are held, and loses none of them", "[lab][firewall]") {
  if (!can_hold()) return;
  holds(std::string(server) + R"(packets hold
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = blocks
expect held 1 SYN
firewall input tcp dport 9 drop
firewall output tcp dport 9 reject with tcp reset
firewall clear
expect held 1 SYN
packets pass
expect held 1 SYN-ACK
packets pass all
packets flow
c: returns within 2s = ok
s: a = accept(l) = ok
)");
}

TEST_CASE("connection tracking does not begin while packets are held", "[lab][firewall]") {
  if (!can_hold()) return;
  CHECK(trouble_of(std::string(server) + R"(packets hold
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = blocks
firewall input ct state new drop
)")
            .find("let them go first") != std::string::npos);
  holds(std::string(server) + R"(firewall input ct state established accept
packets hold
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = blocks
firewall clear
expect held 1 SYN
packets flow
c: returns within 2s = ok
)");
}

TEST_CASE("a held packet that is let go still meets the rules of input", "[lab][firewall]") {
  if (!can_hold()) return;
  const auto report = run(experiment_of(std::string(server) + R"(packets hold
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:5000) = blocks
firewall input tcp dport 5000 drop
packets pass
expect held 0
)"));
  const auto all = stopped(report.events);
  REQUIRE_FALSE(all.empty());
  CHECK(all[0].packet.flags.syn);
}

}  // namespace loopscope::test
