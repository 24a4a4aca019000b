#include "sim/capture/capture.hpp"

#include <chrono>

#include "sim/capture/clock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;

namespace {

Nanoseconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

/// Takes until so many packets have come, or nothing comes for a second.
std::vector<capture::Captured> take(capture::Capture& capture, std::size_t count) {
  std::vector<capture::Captured> all;
  while (all.size() < count && readable(capture.fd(), 1000)) {
    for (auto& one : capture.take()) all.push_back(std::move(one));
  }
  return all;
}

std::string labels(const std::vector<capture::Captured>& captured) {
  std::string text;
  for (const auto& one : captured) text += (text.empty() ? "" : " ") + trace::label(one.packet);
  return text;
}

}  // namespace

TEST_CASE("Each packet on lo comes once, in order, IPv4 and IPv6") {
  const auto address = GENERATE(at("127.0.0.1:62893"), at("[::1]:62893"));
  enter_fresh_network();
  auto capture = capture::Capture::open("lo");
  if (!capture) FAIL(capture.error());
  const auto server = listener(address);
  const auto client = connecting(address);
  const auto accepted = accept_from(server);
  send_text(client, "hello");
  const auto captured = take(*capture, 5);
  CHECK(labels(captured) == "SYN SYN-ACK ACK DATA ACK");
  REQUIRE(captured.size() == 5);
  CHECK(captured[0].packet.destination == address);
  CHECK(captured[0].packet.mss.has_value());
  CHECK(captured[3].packet.payload == "hello");
  CHECK_FALSE(readable(capture->fd(), 20));
  CHECK(capture->counters().lost == 0);
}

TEST_CASE("A packet's time lies between the call that sends it and what follows") {
  enter_fresh_network();
  auto capture = capture::Capture::open("lo").value();
  const auto receiver = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  bind_to(receiver, at("127.0.0.1:5000"));
  const auto sender = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  REQUIRE(connect_to(sender, at("127.0.0.1:5000")) == 0);
  for (int round = 0; round < 200; ++round) {
    const auto before = now();
    send_text(sender, "x");
    const auto after = now();
    const auto captured = take(capture, 1);
    REQUIRE(captured.size() == 1);
    CHECK(captured[0].monotonic >= before - Microseconds(1));
    CHECK(captured[0].monotonic <= after + Microseconds(1));
  }
}

TEST_CASE("A refused datagram shows its ICMP answer") {
  enter_fresh_network();
  auto capture = capture::Capture::open("lo").value();
  const auto sender = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  REQUIRE(connect_to(sender, at("127.0.0.1:9")) == 0);
  send_text(sender, "x");
  CHECK(labels(take(capture, 2)) == "UDP ICMP port unreachable");
}

TEST_CASE("A long packet is cut at the snap length and keeps its true length") {
  enter_fresh_network();
  auto capture = capture::Capture::open("lo", 200).value();
  const auto receiver = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  bind_to(receiver, at("127.0.0.1:5000"));
  const auto sender = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  REQUIRE(connect_to(sender, at("127.0.0.1:5000")) == 0);
  send_text(sender, std::string(30000, 'x'));
  const auto captured = take(capture, 1);
  REQUIRE(captured.size() == 1);
  CHECK(captured[0].packet.length == 30028);
  CHECK(captured[0].packet.payload_length == 30000);
  CHECK(captured[0].packet.raw.size() <= 200);
}

TEST_CASE("A device that is not there is named") {
  enter_fresh_network();
  const auto capture = capture::Capture::open("eth7");
  REQUIRE_FALSE(capture);
  CHECK(capture.error().starts_with("cannot capture packets on eth7: "));
}

TEST_CASE("The clock's offset agrees with both clocks") {
  capture::ClockOffset clock;
  const Nanoseconds wall = std::chrono::system_clock::now().time_since_epoch();
  const auto difference = clock.to_monotonic(wall) - now();
  CHECK(std::abs(difference.count()) < 5'000'000);
  const auto before = clock.offset();
  clock.refresh();
  CHECK(std::abs((clock.offset() - before).count()) < 1'000'000);
}
