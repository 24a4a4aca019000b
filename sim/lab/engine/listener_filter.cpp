#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "sim/base/errno_name.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/trouble.hpp"

/// A listener that hears nothing, without privileges and without a firewall: IP_MINTTL (ip(7)).
namespace loopscope::lab {
namespace {

// A packet that has come through a router has fewer: 255 is what no packet of this machine has, whose TTL is
// 64 (net.ipv4.ip_default_ttl), so that the listener drops every SYN (tcp_v4_rcv() in net/ipv4/tcp_ipv4.c).
constexpr int more_than_any = 255;

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

int number_of(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

}  // namespace

/// On a descriptor of the same socket, so that it works while its process waits in accept.
tl::expected<void, std::string> Engine::filter(const FilterListener& wanted) {
  const auto process = actor(wanted.process, false);
  if (!process) return trouble(process.error());
  const auto variable = (*process)->variables.find(wanted.variable);
  if (variable == (*process)->variables.end() || !variable->second.open)
    return trouble(wanted.process + " has no open socket named " + wanted.variable);
  const UniqueFd socket = borrow((*process)->pid(), variable->second.fd);
  if (!socket.valid())
    return trouble("the kernel gives no descriptor of it: " + errno_words(errno) + " (pidfd_getfd)");
  if (number_of(socket.get(), SO_TYPE) != SOCK_STREAM || number_of(socket.get(), SO_ACCEPTCONN) != 1) {
    return trouble(wanted.process + "'s " + wanted.variable +
                   " is no listening TCP socket: only for a listener of the experiment's own");
  }
  const int value = wanted.on ? more_than_any : 0;
  const bool v6 = number_of(socket.get(), SO_DOMAIN) == AF_INET6;
  if (!set(socket.get(), IPPROTO_IP, IP_MINTTL, value) ||
      (v6 && !set(socket.get(), IPPROTO_IPV6, IPV6_MINHOPCOUNT, value)))
    return trouble("setsockopt(IP_MINTTL): " + errno_words(errno));
  return {};
}

void Engine::take_up_filter(const FilterListener& wanted) {
  const std::string what = wanted.process + "'s listener " + wanted.variable;
  reporter_.say_now(trace::StepStarted{wanted.step, std::nullopt, 0, wanted.process,
                                       (wanted.on ? "block " : "unblock ") + what + " (IP_MINTTL)"});
  const auto done = filter(wanted);
  if (done) {
    const auto found = actors_.find(wanted.process);
    const std::string words =
        wanted.on
            ? "IP_MINTTL = 255 on " + what +
                  ": this socket alone drops what comes with a smaller TTL, as all of the loopback does; "
                  "it is no firewall"
            : "IP_MINTTL = 0 on " + what + ": it hears again";
    reporter_.say_now(trace::WorldChanged{found->second->host(), words});
  }
  look(true);
  reporter_.say_now(trace::StepFinished{wanted.step, "", done ? "" : done.error()});
}

}  // namespace loopscope::lab
