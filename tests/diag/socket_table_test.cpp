#include "sim/diag/socket_table.hpp"

#include <netinet/tcp.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;
using trace::SocketEntry;

namespace {

/// The table in short: 'LISTEN 127.0.0.1:80; …', in its order.
std::string states_in(const std::vector<SocketEntry>& entries) {
  std::string text;
  for (const SocketEntry& entry : entries)
    text += (text.empty() ? "" : "; ") + std::string(to_string(entry.state)) + " " + to_string(entry.local);
  return text;
}

const SocketEntry& only(const std::vector<SocketEntry>& entries, SocketState state) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.state == state; });
  REQUIRE(found != entries.end());
  return *found;
}

bool kernel_is_from_6_8() {
  utsname names{};
  ::uname(&names);
  int major = 0, minor = 0;
  return std::sscanf(names.release, "%d.%d", &major, &minor) == 2 &&
         (major > 6 || (major == 6 && minor >= 8));
}

}  // namespace

TEST_CASE("A fresh network has an empty table") {
  enter_fresh_network();
  CHECK(diag::SocketTable().dump().empty());
}

TEST_CASE("A listener shows its backlog and what waits for accept") {
  enter_fresh_network();
  diag::SocketTable table;
  const auto server = listener(at("127.0.0.1:62893"), 5);
  const auto before = table.dump();
  REQUIRE(before.size() == 1);
  CHECK(before[0].state == SocketState::Listen);
  CHECK(before[0].local == at("127.0.0.1:62893"));
  CHECK(before[0].send_queue == 5);
  CHECK(before[0].receive_queue == 0);
  CHECK(before[0].inode != 0);
  CHECK(before[0].cookie != 0);
  CHECK(before[0].uid == ::getuid());

  const auto client = connecting(at("127.0.0.1:62893"));
  const auto after = table.dump();
  REQUIRE(after.size() == 3);
  CHECK(only(after, SocketState::Listen).receive_queue == 1);
  const auto waiting = std::find_if(after.begin(), after.end(), [&](const SocketEntry& entry) {
    return entry.state == SocketState::Established && entry.local == at("127.0.0.1:62893");
  });
  REQUIRE(waiting != after.end());
  CHECK(waiting->inode == 0);
  CHECK(waiting->peer == name_of(client));
}

TEST_CASE("Received and unread bytes stand in the queue") {
  enter_fresh_network();
  const auto server = listener(at("127.0.0.1:62893"));
  const auto client = connecting(at("127.0.0.1:62893"));
  const auto accepted = accept_from(server);
  send_text(client, "hello");
  const auto entries = diag::SocketTable().dump();
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const SocketEntry& entry) {
    return entry.state == SocketState::Established && entry.local == at("127.0.0.1:62893");
  });
  REQUIRE(found != entries.end());
  CHECK(found->receive_queue == 5);
  CHECK(found->inode != 0);
}

TEST_CASE("The one that closes first is in TIME-WAIT, with its timer") {
  enter_fresh_network();
  auto server = listener(at("[::1]:62893"));
  auto client = connecting(at("[::1]:62893"));
  auto accepted = accept_from(server);
  accepted.reset();
  // The other end may acknowledge the FIN a little later (delayed ACK): look until it has, for a second at
  // most.
  auto half = diag::SocketTable().dump();
  for (int looks = 0; looks < 100 && states_in(half).find("FIN-WAIT-2") == std::string::npos; ++looks) {
    readable(server.get(), 10);
    half = diag::SocketTable().dump();
  }
  CHECK(only(half, SocketState::CloseWait).local == name_of(client));
  CHECK(only(half, SocketState::FinWait2).inode == 0);
  client.reset();
  const auto entries = diag::SocketTable().dump();
  const SocketEntry& rest = only(entries, SocketState::TimeWait);
  CHECK(rest.local == at("[::1]:62893"));
  CHECK(rest.timer == trace::SocketTimer::TimeWait);
  CHECK(rest.timer_left > Milliseconds(50000));
  CHECK(rest.inode == 0);
}

TEST_CASE("A socket that is bound only is shown where the kernel can") {
  enter_fresh_network();
  diag::SocketTable table;
  CHECK(table.shows_bound() == kernel_is_from_6_8());
  const auto socket = socket_for(at("127.0.0.1:62893"), SOCK_STREAM);
  bind_to(socket, at("127.0.0.1:62893"));
  CHECK(states_in(table.dump()) == (table.shows_bound() ? "BOUND 127.0.0.1:62893" : ""));
}

TEST_CASE("A connect without an answer is SYN-SENT, with its retransmission timer") {
  enter_fresh_network();
  const auto server = listener(at("127.0.0.1:62893"), 0);
  const auto first = connecting(at("127.0.0.1:62893"));
  const auto second = connecting(at("127.0.0.1:62893"));  // a backlog of 0 queues one
  const auto entries = diag::SocketTable().dump();
  const SocketEntry& waiting = only(entries, SocketState::SynSent);
  CHECK(waiting.local == name_of(second));
  CHECK(waiting.timer == trace::SocketTimer::Retransmit);
  CHECK(waiting.timer_left <= Milliseconds(1100));
}

TEST_CASE("UDP sockets are unconnected or established, IPv6 ones tell whether they take IPv4") {
  enter_fresh_network();
  const auto four = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  bind_to(four, at("127.0.0.1:5000"));
  const auto six = socket_for(at("[::]:5001"), SOCK_DGRAM);
  bind_to(six, at("[::]:5001"));
  const auto peer = socket_for(at("127.0.0.1:5002"), SOCK_DGRAM);
  bind_to(peer, at("127.0.0.1:5002"));
  REQUIRE(connect_to(peer, at("127.0.0.1:5000")) == 0);
  const auto entries = diag::SocketTable().dump();
  CHECK(states_in(entries) ==
        "UNCONNECTED 127.0.0.1:5000; ESTABLISHED 127.0.0.1:5002; UNCONNECTED [::]:5001");
  CHECK(entries[1].peer == at("127.0.0.1:5000"));
  CHECK(entries[2].v6only == false);
  CHECK(entries[2].transport == trace::Transport::Udp);
}

TEST_CASE("A socket bound to a device names it") {
  enter_fresh_network();
  const auto socket = socket_for(at("127.0.0.1:5000"), SOCK_DGRAM);
  check("SO_BINDTODEVICE", ::setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
  bind_to(socket, at("127.0.0.1:5000"));
  const auto entries = diag::SocketTable().dump();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].device == "lo");
}

TEST_CASE("A table keeps to the network in which it was opened") {
  enter_fresh_network();
  diag::SocketTable first;
  const auto socket = listener(at("127.0.0.1:62893"));
  enter_fresh_network();
  CHECK(states_in(first.dump()) == "LISTEN 127.0.0.1:62893");
  CHECK(diag::SocketTable().dump().empty());
}

TEST_CASE("A socket keeps its cookie while its state changes") {
  enter_fresh_network();
  diag::SocketTable table;
  const auto server = listener(at("127.0.0.1:62893"));
  const auto client = connecting(at("127.0.0.1:62893"));
  const auto cookie_of = [&] {
    const auto entries = table.dump();
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& entry) { return entry.local == name_of(client); });
    return found == entries.end() ? 0 : found->cookie;
  };
  const auto before = cookie_of();
  CHECK(before != 0);
  check("shutdown", ::shutdown(client.get(), SHUT_WR));
  CHECK(cookie_of() == before);
}

TEST_CASE("The machine's own table can be read without any privilege") {
  CHECK_NOTHROW(diag::SocketTable().dump());
}
