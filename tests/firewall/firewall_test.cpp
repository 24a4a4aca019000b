#include "sim/firewall/firewall.hpp"

#include <cerrno>
#include <chrono>
#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;
using firewall::Firewall;

namespace {

Firewall open_firewall() {
  enter_fresh_network();
  auto opened = Firewall::open();
  if (!opened) FAIL(opened.error());
  return std::move(*opened);
}

void add(Firewall& firewall, const std::string& chain, const std::string& rule) {
  const auto added = firewall.add(chain, rule);
  if (!added) FAIL(rule << ": " << added.error().column << ": " << added.error().message);
}

/// 0 or the errno of a connect that does not wait.
int connected(const SocketAddress& address) {
  const UniqueFd socket = socket_for(address, SOCK_STREAM | SOCK_NONBLOCK);
  return connect_to(socket, address) == 0 ? 0 : errno;
}

/// The verdicts of the next packets, oldest first.
std::vector<firewall::Judged> verdicts(Firewall& firewall, std::size_t count) {
  std::vector<firewall::Judged> all;
  while (all.size() < count && readable(firewall.fd(), 2000)) {
    for (auto& one : firewall.take()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

TEST_CASE("A rule that rejects answers, and is named with the packet that it met") {
  auto firewall = open_firewall();
  const auto listening = listener(at("127.0.0.1:5000"));
  add(firewall, "input", "tcp dport 5000 counter reject with tcp reset");
  const UniqueFd client = socket_for(at("127.0.0.1:1"), SOCK_STREAM);
  CHECK(connect_to(client, at("127.0.0.1:5000")) == -1);
  CHECK(errno == ECONNREFUSED);
  const auto told = verdicts(firewall, 2);
  REQUIRE(told.size() >= 2);
  CHECK(told[0].judgement == trace::Judgement::Rejected);
  CHECK(told[0].hook == trace::Hook::Input);
  CHECK(told[0].rule == "tcp dport 5000 counter reject with tcp reset");
  CHECK(told[0].packet.flags.syn);
  CHECK(told[0].packet.destination == at("127.0.0.1:5000"));
  // The RST that it sent came in too, and no rule matched.
  CHECK(told[1].judgement == trace::Judgement::Accepted);
  CHECK(told[1].rule.empty());
  CHECK(told[1].packet.flags.rst);
}

TEST_CASE("What is dropped at output is told, and a datagram's sender gets EPERM") {
  auto firewall = open_firewall();
  add(firewall, "output", "udp dport 5000 drop");
  const UniqueFd client = socket_for(at("[::1]:1"), SOCK_DGRAM);
  REQUIRE(connect_to(client, at("[::1]:5000")) == 0);
  CHECK(::send(client.get(), "x", 1, 0) == -1);
  CHECK(errno == EPERM);
  const auto told = verdicts(firewall, 1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].judgement == trace::Judgement::Dropped);
  CHECK(told[0].hook == trace::Hook::Output);
  CHECK(told[0].packet.transport == trace::Transport::Udp);
}

TEST_CASE("Rules are judged in their order, and cleared together") {
  auto firewall = open_firewall();
  const auto listening = listener(at("127.0.0.1:5000"));
  add(firewall, "output", "tcp dport 5000 accept");
  add(firewall, "output", "tcp dport 5000 reject with tcp reset");
  CHECK(connected(at("127.0.0.1:5000")) == EINPROGRESS);
  firewall.clear();
  add(firewall, "output", "tcp dport 5000 reject with tcp reset");
  const UniqueFd client = socket_for(at("127.0.0.1:1"), SOCK_STREAM);
  CHECK(connect_to(client, at("127.0.0.1:5000")) == -1);
  firewall.clear();
  const UniqueFd again = socket_for(at("127.0.0.1:1"), SOCK_STREAM);
  CHECK(connect_to(again, at("127.0.0.1:5000")) == 0);
  (void)firewall.take();
  CHECK(connected(at("127.0.0.1:5000")) == EINPROGRESS);
  CHECK(firewall.take().empty());  // without rules nothing is told
}

TEST_CASE("What nft refuses comes back in its own words, with the place, and changes nothing") {
  auto firewall = open_firewall();
  const auto refused = firewall.add("input", "tcp dprt 5000 drop");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().column == 5);
  CHECK(refused.error().message.find("syntax error") != std::string::npos);
  const auto checked = firewall::check_rules({{"input", "tcp dport 5000 drop"},
                                              {"output", "tcp dport 99999 drop"},
                                              {"input", "drop; flush ruleset"}});
  REQUIRE(checked.size() == 3);
  CHECK_FALSE(checked[0]);
  REQUIRE(checked[1]);
  CHECK(checked[1]->column == 11);
  REQUIRE(checked[2]);
  CHECK(checked[2]->column == 5);
  // Checking added none.
  const auto listening = listener(at("127.0.0.1:5000"));
  const UniqueFd client = socket_for(at("127.0.0.1:1"), SOCK_STREAM);
  CHECK(connect_to(client, at("127.0.0.1:5000")) == 0);
}

TEST_CASE("A name in a rule is looked up nowhere") {
  auto firewall = open_firewall();
  for (const char* rule : {"ip saddr localhost drop", "ip saddr example.com drop", "tcp dport http drop",
                           "meta skuid root drop"}) {
    INFO(rule);
    const auto start = std::chrono::steady_clock::now();
    const auto refused = firewall.add("output", rule);
    CHECK_FALSE(refused);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
  }
}

TEST_CASE("Connection tracking stays once a rule has brought it") {
  auto firewall = open_firewall();
  CHECK(firewall.brings_hooks("ct state new drop"));
  CHECK_FALSE(firewall.brings_hooks("tcp dport 5000 drop"));
  add(firewall, "input", "ct state established accept");
  CHECK_FALSE(firewall.brings_hooks("ct state new drop"));
  firewall.clear();
  CHECK_FALSE(firewall.brings_hooks("ct state new drop"));
  const auto listening = listener(at("127.0.0.1:5000"));
  add(firewall, "input", "ct state new tcp dport 5000 reject with tcp reset");
  const UniqueFd client = socket_for(at("127.0.0.1:1"), SOCK_STREAM);
  CHECK(connect_to(client, at("127.0.0.1:5000")) == -1);
}
