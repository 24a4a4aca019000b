#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "sim/model/machine.hpp"
#include "sim/model/remedies.hpp"
#include "sim/model/world.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

experiment::Experiment lab(const std::string& text) {
  auto parsed = experiment::parse(text, "test.lab");
  if (!parsed) {
    for (const auto& problem : parsed.error()) UNSCOPED_INFO(to_string(problem));
  }
  REQUIRE(parsed);
  return *parsed;
}

model::Prediction last(const std::string& text) { return model::predict(lab(text)).back(); }

std::string remedies_of(const std::string& text) {
  const auto experiment = lab(text);
  std::string words;
  for (const auto& remedy : model::what_would_have_worked(experiment, experiment.statements.size() - 1))
    words += remedy.words + "\n";
  return words;
}

const char* const rivals =
    "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 0.0.0.0:62893)\nserver: listen(s, 16)\n"
    "rival: r = socket(AF_INET, SOCK_STREAM)\nrival: bind(r, 127.0.0.1:62893)\n";

}  // namespace

TEST_CASE("Every rule has one record, a name of its own, a sentence and a source", "[model][rules]") {
  std::set<std::string_view> names;
  std::set<model::RuleId> ids;
  for (const auto& rule : model::all_rules()) {
    INFO(rule.name);
    CHECK(names.insert(rule.name).second);
    CHECK(ids.insert(rule.id).second);
    CHECK(rule.sentence.size() > 15);
    CHECK((!rule.source.empty() || rule.id == model::RuleId::not_modelled));
    CHECK(model::find_rule(rule.name) == model::find_rule(rule.id));
  }
  CHECK(ids.size() > 100);
}

TEST_CASE("Each case that a rule names as its proof comes to that rule", "[model][rules]") {
  for (const auto& rule : model::all_rules()) {
    std::istringstream cases{std::string(rule.cases)};
    for (std::string name; cases >> name;) {
      INFO(rule.name << " in " << name);
      std::ifstream in(std::filesystem::path(LOOPSCOPE_CONFORMANCE) / name);
      REQUIRE(in);
      std::stringstream text;
      text << in.rdbuf();
      bool met = false;
      for (const auto& prediction : model::predict(lab(text.str()))) met = met || prediction.rule == rule.id;
      CHECK(met);
    }
  }
}

TEST_CASE("Each rule names a case that shows it, or says why it has none", "[model][rules]") {
  for (const auto& rule : model::all_rules()) {
    INFO(rule.name);
    CHECK(rule.cases.empty() != rule.without_case.empty());
  }
}

TEST_CASE("SO_REUSEPORT is shared by sockets of one user only", "[model][rules]") {
  model::World world;
  model::Existing existing;
  existing.state = SocketState::Listen;
  existing.local = *SocketAddress::parse("127.0.0.1:5000");
  existing.uid = 1001;
  existing.reuse_port = true;
  (void)model::add_existing(world, existing);
  model::Prediction prediction;
  for (const auto& statement : lab("p: a = socket(AF_INET, SOCK_STREAM)\np: setsockopt(a, SO_REUSEPORT, "
                                   "1)\np: bind(a, 127.0.0.1:5000)\n")
                                   .statements)
    prediction = model::apply(world, statement);
  CHECK(*prediction.result == experiment::Result{experiment::Errno{EADDRINUSE}});
  CHECK(prediction.rule == model::RuleId::bind_reuse_port_owner);
}

TEST_CASE("Waiting is a change that works against a TIME-WAIT of the machine itself", "[model][rules]") {
  model::World world;
  model::Existing existing;
  existing.state = SocketState::TimeWait;
  existing.local = *SocketAddress::parse("127.0.0.1:5000");
  existing.peer = *SocketAddress::parse("127.0.0.1:40000");
  existing.no_owner = true;
  existing.time_wait_left = std::chrono::seconds(42);
  (void)model::add_existing(world, existing);
  const auto steps = lab("p: a = socket(AF_INET, SOCK_STREAM)\np: bind(a, 127.0.0.1:5000)\n").statements;
  (void)model::apply(world, steps[0]);
  const auto remedies = model::what_would_work(world, steps[1]);
  const bool waits = std::any_of(remedies.begin(), remedies.end(), [](const model::Remedy& remedy) {
    return remedy.words.starts_with("Wait until TIME-WAIT is over: 4");
  });
  CHECK(waits);
}

TEST_CASE("A datagram that the host's own output chain drops is EPERM", "[model][rules]") {
  const auto prediction = last(
      "firewall output udp dport 5000 drop\np: u = socket(AF_INET, SOCK_DGRAM)\n"
      "p: sendto(u, \"hi\", 127.0.0.1:5000)\n");
  CHECK(*prediction.result == experiment::Result{experiment::Errno{EPERM}});
  CHECK(prediction.rule == model::RuleId::firewall_output);
}

TEST_CASE("A refused bind names who has the port, and how the addresses meet", "[model]") {
  const auto prediction = last(rivals);
  CHECK(*prediction.result == experiment::Result{experiment::Errno{EADDRINUSE}});
  REQUIRE(prediction.opponents.size() == 1);
  CHECK(describe(prediction.opponents.front()) ==
        "process `server`, socket `s`, listens on 0.0.0.0:62893, which includes 127.0.0.1");
}

TEST_CASE("A world that is copied goes its own way", "[model]") {
  model::World world;
  for (const auto& statement : lab(rivals).statements) (void)model::apply(world, statement);
  model::World copy = world;
  (void)model::apply(copy, *experiment::parse_statement("server: close(s)"));
  const auto bind = *experiment::parse_statement("rival: bind(r, 127.0.0.1:62893)");
  CHECK(is_success(*model::apply(copy, bind).result));
  CHECK_FALSE(is_success(*model::apply(world, bind).result));
}

TEST_CASE("What would have worked against a listener: not SO_REUSEADDR, but these", "[model][remedies]") {
  const auto words = remedies_of(rivals);
  CHECK(words.find("SO_REUSEADDR") == std::string::npos);
  CHECK(words.find("SO_REUSEPORT on both") != std::string::npos);
  CHECK(words.find("another port: 62894") != std::string::npos);
  CHECK(words.find("Close `s` of `server`") != std::string::npos);
}

TEST_CASE("Against TIME-WAIT both options and waiting work, and the wait says how long",
          "[model][remedies]") {
  const auto words = remedies_of(
      "p: l = socket(AF_INET, SOCK_STREAM)\np: bind(l, 127.0.0.1:5000)\np: listen(l, 1)\np: c = "
      "socket(AF_INET, SOCK_STREAM)\n"
      "p: connect(c, 127.0.0.1:5000)\np: s = accept(l)\np: close(s)\np: close(c)\np: close(l)\nwait 1s\n"
      "p: n = socket(AF_INET, SOCK_STREAM)\np: bind(n, 127.0.0.1:5000)\n");
  CHECK(words.find("Wait until TIME-WAIT is over: 62 seconds") != std::string::npos);
}

TEST_CASE("A firewall rule that stands in the way is found", "[model][remedies]") {
  const auto words = remedies_of(
      "p: l = socket(AF_INET, SOCK_STREAM)\np: bind(l, 127.0.0.1:5000)\np: listen(l, 1)\nfirewall input tcp "
      "dport 5000 reject with tcp reset\n"
      "p: c = socket(AF_INET, SOCK_STREAM)\np: connect(c, 127.0.0.1:5000)\n");
  CHECK(words.find("Take the firewall rule away: tcp dport 5000 reject with tcp reset") != std::string::npos);
}

TEST_CASE("Packets held in flight: the states between, one packet at a time", "[model][packets]") {
  const auto predictions =
      model::predict(lab("server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:5000)\nserver: "
                         "listen(s, 4)\npackets hold\n"
                         "client: c = socket(AF_INET, SOCK_STREAM)\nclient: connect(c, "
                         "127.0.0.1:5000)\nexpect held 1 SYN\nexpect SYN-SENT *:* 127.0.0.1:5000 by client\n"
                         "packets pass\nexpect held 1 SYN-ACK\nexpect SYN-RECEIVED 127.0.0.1:5000\npackets "
                         "pass\nexpect ESTABLISHED *:* 127.0.0.1:5000 by client\n"
                         "expect SYN-RECEIVED 127.0.0.1:5000\nclient: returns\npackets pass\nexpect "
                         "ESTABLISHED 127.0.0.1:5000\nexpect packets 1 SYN\n"));
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    INFO(i);
    if (!predictions[i].result) continue;
    const auto* claimed = std::get_if<experiment::Claimed>(&*predictions[i].result);
    if (claimed != nullptr) CHECK(claimed->holds);
  }
}

TEST_CASE("Two hosts: a request over the wire, and a firewall that drops it", "[model][hosts]") {
  const std::string world =
      "host web\nprocess server on web\nserver: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, "
      "0.0.0.0:80)\nserver: bind(s, 0.0.0.0:8080)\n"
      "server: listen(s, 4)\nclient: c = socket(AF_INET, SOCK_STREAM)\n";
  CHECK(is_success(*last(world + "client: connect(c, 192.0.2.2:8080)\n").result));
  CHECK(*last(world + "client: connect(c, 192.0.2.2:8081)\n").result ==
        experiment::Result{experiment::Errno{ECONNREFUSED}});
  CHECK(
      *last(world + "firewall web input tcp dport 8080 drop\nclient: connect(c, 192.0.2.2:8080)\n").result ==
      experiment::Result{experiment::Blocks{}});
}

TEST_CASE("What the model does not cover it says so, and why", "[model]") {
  const auto prediction = last("sysctl here net.ipv4.tcp_stdurg = 1\np: a = socket(AF_INET, SOCK_STREAM)\n");
  CHECK_FALSE(is_known(*prediction.result));
  CHECK(because(prediction) == "the setting net.ipv4.tcp_stdurg is not covered");
}

TEST_CASE("What the engine's own experiments show of claims and held packets holds on the model",
          "[model][claims]") {
  const auto all_hold = [](const std::string& text) {
    const auto experiment = lab(text);
    const auto predictions = model::predict(experiment);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const auto& statement = experiment.statements[i];
      const auto& result = predictions[i].result;
      if (!experiment::has_result(statement) || !result) continue;
      INFO(to_string(statement) << " -> " << to_string(*result));
      const auto* claimed = std::get_if<experiment::Claimed>(&*result);
      CHECK((claimed == nullptr || claimed->holds));
      if (const auto* stated = experiment::stated_of(statement))
        CHECK(agree(statement, stated->result, *result));
    }
  };
  const std::string connected =
      "s: l = socket(AF_INET, SOCK_STREAM)\ns: bind(l, 127.0.0.1:5000)\ns: listen(l, 5)\n"
      "c: c = socket(AF_INET, SOCK_STREAM)\nc: connect(c, 127.0.0.1:5000) = ok\ns: a = accept(l) = ok\n";
  // An orphan whose FIN is acknowledged is both: the kernel has made it a TIME-WAIT socket.
  all_hold(connected + "s: close(a)\nexpect TIME-WAIT 127.0.0.1:5000\nexpect FIN-WAIT-2 127.0.0.1:5000\n");
  all_hold(connected + "s: shutdown(a, SHUT_WR)\nexpect FIN-WAIT-2 127.0.0.1:5000\nexpect no TIME-WAIT *\n");
  // An ended process starts again with a socket of its own, or where it is declared anew.
  const std::string again = "s: l = socket(AF_INET, SOCK_STREAM) = ok\n";
  all_hold(connected + "kill s\n" + again + "s: bind(l, 127.0.0.1:5000) = EADDRINUSE\n");
  CHECK(last(connected + "kill s\nprocess s as root\n" + again + "s: bind(l, 127.0.0.1:80) = ok\n").result ==
        experiment::Result{experiment::Ok{}});
  // The ACK of the FIN is delayed, and awaited by the statement that lets it go.
  all_hold(connected +
           "c: send(c, \"hi\")\ns: recv(a)\npackets hold\nc: close(c)\npackets pass\npackets pass\n"
           "expect FIN-WAIT-2 * 127.0.0.1:5000\nexpect held 0\n");
}

TEST_CASE("A firewall rule whose prefix is longer than an address is not modelled, and read nowhere",
          "[model][firewall]") {
  for (const char* const prefix : {"127.0.0.1/33", "127.0.0.1/999", "127.0.0.1/-1", "127.0.0.1/8x"}) {
    INFO(prefix);
    const auto prediction =
        last("firewall here input: ip saddr " + std::string(prefix) +
             " drop\nserver: s = socket(AF_INET, SOCK_STREAM)\n"
             "server: bind(s, 127.0.0.1:62893)\nserver: listen(s, 1)\n"
             "client: c = socket(AF_INET, SOCK_STREAM)\nclient: connect(c, 127.0.0.1:62893)\n");
    CHECK((!prediction.result || !experiment::is_known(*prediction.result)));
  }
}
