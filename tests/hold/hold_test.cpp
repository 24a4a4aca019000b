#include "sim/hold/hold.hpp"

#include <array>
#include <cerrno>
#include <deque>

#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;

namespace {

hold::Holder open_holder() {
  auto holder = hold::Holder::open();
  if (!holder) FAIL(holder.error());
  return std::move(*holder);
}

/// A holder whose arrivals are taken one by one.
struct Holding {
  hold::Holder holder;
  std::deque<hold::Arrival> waiting;
};

/// Waits for the next that arrives.
hold::Arrival next(Holding& holding) {
  if (holding.waiting.empty()) {
    REQUIRE(readable(holding.holder.fd(), 3000));
    for (auto& arrival : holding.holder.take()) holding.waiting.push_back(std::move(arrival));
  }
  auto arrival = std::move(holding.waiting.front());
  holding.waiting.pop_front();
  return arrival;
}

std::string received(const UniqueFd& socket) {
  std::array<char, 100> bytes;
  const auto size = ::recv(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
}

}  // namespace

TEST_CASE("Opened, it holds nothing; switched off, it lets all go") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  CHECK_FALSE(holder.holding());
  const auto server = listener(at("127.0.0.1:62893"));
  const auto before = connecting(at("127.0.0.1:62893"));
  CHECK_FALSE(readable(holder.fd(), 20));
  const auto first = accept_from(server);

  holder.hold(true);
  const auto client = connecting(at("127.0.0.1:62893"));
  CHECK(trace::label(next(holding).packet) == "SYN");
  CHECK(holder.held() == std::vector<trace::HeldId>{1});
  holder.hold(false);
  CHECK(holder.held().empty());
  CHECK(readable(server.get(), 500));  // sooner than the SYN would be sent again
  CHECK_FALSE(readable(holder.fd(), 20));
}

TEST_CASE("Datagrams are held, let go out of order, and lost") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  const auto address = GENERATE(at("127.0.0.1:5000"), at("[::1]:5000"));
  const auto receiver = socket_for(address, SOCK_DGRAM);
  bind_to(receiver, address);
  const auto sender = socket_for(address, SOCK_DGRAM);
  REQUIRE(connect_to(sender, address) == 0);
  holder.hold(true);
  for (const char* text : {"one", "two", "three"}) send_text(sender, text);
  REQUIRE(readable(holder.fd(), 3000));
  const auto arrivals = holder.take();
  REQUIRE(arrivals.size() == 3);
  CHECK(arrivals[1].packet.payload == "two");
  CHECK(arrivals[1].hook == trace::Hook::Output);
  CHECK(received(receiver) == "nothing");
  CHECK(holder.pass(arrivals[2].id));
  CHECK(received(receiver) == "three");
  CHECK(holder.drop(arrivals[1].id));
  CHECK(holder.pass(arrivals[0].id));
  CHECK(received(receiver) == "one");
  CHECK(received(receiver) == "nothing");
  CHECK_FALSE(holder.pass(arrivals[0].id));
  CHECK_FALSE(holder.drop(99));
}

TEST_CASE("The ICMP answer to a refused datagram is held like any packet") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  holder.hold(true);
  const auto sender = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  REQUIRE(connect_to(sender, at("127.0.0.1:9")) == 0);
  send_text(sender, "x");
  holder.pass(next(holding).id);
  const auto answer = next(holding);
  CHECK(trace::label(answer.packet) == "ICMP port unreachable");
  CHECK(received(sender) == "nothing");
  int error = 0;
  socklen_t size = sizeof error;
  check("SO_ERROR", ::getsockopt(sender.get(), SOL_SOCKET, SO_ERROR, &error, &size));
  CHECK(error == 0);
  holder.pass(answer.id);
  check("SO_ERROR", ::getsockopt(sender.get(), SOL_SOCKET, SO_ERROR, &error, &size));
  CHECK(error == ECONNREFUSED);
}

TEST_CASE("What is sent again after it was dropped is held anew, and says so") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  holder.hold(true);
  const auto server = listener(at("127.0.0.1:62893"));
  const auto client = connecting(at("127.0.0.1:62893"));
  const auto syn = next(holding);
  CHECK_FALSE(syn.repeats);
  holder.drop(syn.id);
  const auto again = next(holding);  // a second later: the SYN's first retransmission
  CHECK(trace::label(again.packet) == "SYN");
  CHECK(again.packet.sequence == syn.packet.sequence);
  CHECK(again.repeats == syn.id);
  CHECK(again.id != 0);
  CHECK(holder.held().size() == 1);
}

TEST_CASE("What is sent again while it is held is not held twice, and one copy gets through") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  holder.hold(true);
  const auto server = listener(at("127.0.0.1:62893"));
  const auto client = connecting(at("127.0.0.1:62893"));
  holder.pass(next(holding).id);
  const auto syn_ack = next(holding);
  CHECK(trace::label(syn_ack.packet) == "SYN-ACK");
  // A second later both sides send again: the client its SYN, whose answer is held, the server its SYN-ACK.
  std::string again;
  for (int count = 0; count < 2; ++count) {
    const auto copy = next(holding);
    CHECK(copy.id == 0);
    again += trace::label(copy.packet) + " of " + std::to_string(copy.repeats.value()) + "; ";
  }
  CHECK((again == "SYN of 1; SYN-ACK of 2; " || again == "SYN-ACK of 2; SYN of 1; "));
  CHECK(holder.held() == std::vector<trace::HeldId>{2});
  holder.pass(2);
  const auto ack = next(holding);
  CHECK(trace::label(ack.packet) == "ACK");
  holder.pass(ack.id);
  CHECK(readable(server.get(), 3000));
  CHECK_FALSE(readable(holder.fd(), 50));
}

TEST_CASE("More than a thousand packets can be held, and none is lost") {
  enter_fresh_network();
  Holding holding{open_holder(), {}};
  auto& holder = holding.holder;
  const auto receiver = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  bind_to(receiver, at("127.0.0.1:5000"));
  holder.hold(true);
  std::size_t count = 0;
  for (int senders = 0; senders < 15; ++senders) {  // a held datagram counts against its sender's buffer
    const auto sender = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
    REQUIRE(connect_to(sender, at("127.0.0.1:5000")) == 0);
    for (int sent = 0; sent < 100; ++sent) send_text(sender, "x");
    count += holder.take().size();
  }
  CHECK(count == 1500);
  CHECK(holder.held().size() == 1500);
  CHECK(holder.losses().queue_full == 0);
  CHECK(holder.losses().unread == 0);
}

TEST_CASE("When the holder ends, what it held goes on and nothing is held any more") {
  enter_fresh_network();
  const auto server = listener(at("127.0.0.1:62893"));
  UniqueFd client;
  {
    Holding holding{open_holder(), {}};
    holding.holder.hold(true);
    client = connecting(at("127.0.0.1:62893"));
    next(holding);
  }
  CHECK(readable(server.get(), 500));  // sooner than the SYN would be sent again
}

TEST_CASE("A second holder in the same network is refused with the reason") {
  enter_fresh_network();
  const auto holder = open_holder();
  const auto second = hold::Holder::open();
  REQUIRE_FALSE(second);
  CHECK(second.error().find("another program reads packet queue 62") != std::string::npos);
}
