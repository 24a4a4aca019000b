#include "sim/lab/engine/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/catch.hpp"

namespace loopscope::test {
namespace {

SocketAddress address(const char* text) { return *SocketAddress::parse(text); }

trace::SocketEntry entry(SocketState state, const char* local, const char* peer) {
  trace::SocketEntry one;
  one.state = state;
  one.local = address(local);
  one.peer = address(peer);
  one.process = "p";
  return one;
}

}  // namespace

TEST_CASE("a process's bound socket is seen through its descriptor, as kernels before 6.8 need it") {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  const socklen_t length = SocketAddress{IpAddress::loopback_v4(), Port{0}}.store(storage);
  REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), length) == 0);
  const auto peeked = lab::peek(::getpid(), socket.get());
  REQUIRE(peeked);
  CHECK(peeked->own.ip == IpAddress::loopback_v4());
  CHECK(number(peeked->own.port) != 0);
  CHECK(peeked->type == SOCK_STREAM);
  CHECK(peeked->tcp_state == TCP_CLOSE);
  CHECK_FALSE(lab::peek(::getpid(), 99'999));
}

TEST_CASE("a pattern takes an address, its mapped form, or any") {
  const lab::Pattern any{};
  const lab::Pattern v4{IpAddress::loopback_v4(), Port{80}};
  CHECK(any.matches(address("[::1]:1")));
  CHECK(v4.matches(address("127.0.0.1:80")));
  CHECK(v4.matches(address("[::ffff:127.0.0.1]:80")));
  CHECK_FALSE(v4.matches(address("127.0.0.1:81")));
  CHECK_FALSE(v4.matches(address("127.0.0.2:80")));
}

TEST_CASE("a claim looks at state, both addresses and the owner") {
  const auto one = entry(SocketState::Established, "127.0.0.1:80", "127.0.0.1:4000");
  const lab::Pattern any{};
  const lab::Pattern peer{std::nullopt, Port{4000}};
  CHECK(lab::has_socket({one}, SocketState::Established, any, peer, ""));
  CHECK(lab::has_socket({one}, SocketState::Established, any, peer, "p"));
  CHECK_FALSE(lab::has_socket({one}, SocketState::Established, any, peer, "q"));
  CHECK_FALSE(lab::has_socket({one}, SocketState::Established, peer, any, ""));
  CHECK_FALSE(lab::has_socket({one}, SocketState::Listen, any, any, ""));
}

TEST_CASE("FIN-WAIT-2 counts as TIME-WAIT once the kernel keeps it so") {
  auto one = entry(SocketState::FinWait2, "127.0.0.1:80", "127.0.0.1:4000");
  CHECK_FALSE(lab::has_socket({one}, SocketState::TimeWait, {}, {}, ""));
  one.timer = trace::SocketTimer::TimeWait;
  CHECK(lab::has_socket({one}, SocketState::TimeWait, {}, {}, ""));
  CHECK(lab::has_socket({one}, SocketState::FinWait2, {}, {}, ""));
}

}  // namespace loopscope::test
