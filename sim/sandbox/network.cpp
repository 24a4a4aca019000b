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
constexpr const char* bridge = "bridge";

bool has_ipv6() { return UniqueFd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)).valid(); }

std::optional<Visit> visit_of(const Joined& host) {
  return host.network >= 0 ? std::optional<Visit>(std::in_place, host.network) : std::nullopt;
}

}  // namespace

UniqueFd make_host_network() {
  const UniqueFd own(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  check("open /proc/thread-self/ns/net", own.get());
  UniqueFd made;
  std::optional<SystemError> failed;
  try {
    if (!move_to_small_tables()) check("unshare(CLONE_NEWNET)", ::unshare(CLONE_NEWNET));
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

Network join_hosts(const std::vector<Joined>& hosts, Carrier carrier) {
  Network network;
  network.hub = make_hub_namespace();
  const std::string master = carrier == Carrier::Bridge ? bridge : "";
  if (carrier == Carrier::Bridge) {
    const Visit visit(network.hub.get());
    Links().add_bridge(bridge);
  }
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto visit = visit_of(hosts[i]);
    network.ports.push_back("port" + std::to_string(i + 1));
    const Mac mac{2, 0, 0, 0, 0, static_cast<std::uint8_t>(i + 1)};  // 02: locally administered
    Links().add_port(device, mac, network.ports.back(), network.hub.get(), master);
  }
  const bool ipv6 = has_ipv6();
  for (const Joined& host : hosts) {
    const auto visit = visit_of(host);
    Links links;
    links.wait_until_operational(device);
    for (const auto& [ip, length] : host.addresses) {
      if (ipv6 || !ip.is_v6()) links.add_address(device, ip, length);
    }
  }
  for (const Joined& host : hosts) {
    const auto visit = visit_of(host);
    Links links;
    for (const auto& [ip, length] : host.addresses) {
      if (ipv6 && ip.is_v6()) links.wait_until_asked_for(device, ip);
    }
  }
  return network;
}

}  // namespace loopscope::sandbox
