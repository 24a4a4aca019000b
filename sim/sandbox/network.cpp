#include "sim/sandbox/network.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <string>

#include "sim/base/system_error.hpp"
#include "sim/sandbox/links.hpp"
#include "sim/sandbox/settings.hpp"

namespace loopscope::sandbox {
namespace {

constexpr const char* device = "eth0";
constexpr const char* bridge = "wire";

void raise_loopback() {
  Links links;
  links.set_up("lo");
  links.wait_until_usable(IpAddress::loopback_v4());
  const UniqueFd v6(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (v6.valid()) links.wait_until_usable(IpAddress::loopback_v6());
}

std::string port_name(std::size_t host) { return "port" + std::to_string(host + 1); }

bool has_ipv6() { return UniqueFd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)).valid(); }

}  // namespace

UniqueFd make_host_network() {
  const UniqueFd own(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  check("open /proc/thread-self/ns/net", own.get());
  check("unshare(CLONE_NEWNET)", ::unshare(CLONE_NEWNET));
  UniqueFd made;
  std::optional<SystemError> failed;
  try {
    move_to_small_tables();
    set_defaults();
    raise_loopback();
    made.reset(
        check("open /proc/thread-self/ns/net", ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)));
  } catch (const SystemError& error) {
    failed = error;
  }
  check("setns", ::setns(own.get(), CLONE_NEWNET));
  if (failed) throw *failed;
  return made;
}

UniqueFd join_hosts(const std::vector<Joined>& hosts) {
  UniqueFd hub = make_hub_namespace();
  {
    const Visit visit(hub.get());
    Links links;
    links.add_bridge(bridge);
    links.set_up(bridge);
  }
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    std::optional<Visit> visit;
    if (hosts[i].network >= 0) visit.emplace(hosts[i].network);
    Links().add_port(device, port_name(i), hub.get(), bridge);
  }
  {
    const Visit visit(hub.get());
    Links links;
    for (std::size_t i = 0; i < hosts.size(); ++i) links.wait_until_forwarding(port_name(i));
  }
  const bool ipv6 = has_ipv6();
  for (const Joined& host : hosts) {
    std::optional<Visit> visit;
    if (host.network >= 0) visit.emplace(host.network);
    Links links;
    links.wait_until_operational(device);
    for (const auto& [ip, length] : host.addresses) {
      if (ipv6 || !ip.is_v6()) links.add_address(device, ip, length);
    }
    for (const auto& [ip, length] : host.addresses) {
      if (ipv6 && ip.is_v6()) links.wait_until_asked_for(device, ip);
    }
  }
  return hub;
}

}  // namespace loopscope::sandbox
