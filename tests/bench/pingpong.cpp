#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

/// A client and a server that send one small request and answer back and forth over loopback TCP: what a
/// tracer costs is what a round trip then takes longer. `pingpong COUNT`: the client prints nanoseconds a
/// round trip.
namespace {

constexpr char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

int fail(const char* what) {
  std::perror(what);
  return 1;
}

void at_once(int fd) {
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int serve(int listener) {
  const int fd = ::accept(listener, nullptr, nullptr);
  if (fd < 0) return fail("accept");
  at_once(fd);
  char bytes[4096];
  while (::recv(fd, bytes, sizeof bytes, 0) > 0) {
    if (::send(fd, answer, sizeof answer - 1, 0) < 0) return fail("send");
  }
  return 0;
}

int ask(const sockaddr_in& where, long count) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    return fail("connect");
  at_once(fd);
  char bytes[4096];
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) {
    if (::send(fd, request, sizeof request - 1, 0) < 0 || ::recv(fd, bytes, sizeof bytes, 0) <= 0)
      return fail("round trip");
  }
  ::close(fd);
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
  std::printf("%lld\n", static_cast<long long>(took.count() / count));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::atol(argv[1]) : 20'000;
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof where;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&where), length) != 0 || ::listen(listener, 1) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &length) != 0)
    return fail("listen");
  const pid_t server = ::fork();
  if (server < 0) return fail("fork");
  if (server == 0) return serve(listener);
  const int status = ask(where, count);
  (void)::waitpid(server, nullptr, 0);
  return status;
}
