#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/base/unique_fd.hpp"

/// Further hosts of a world: network namespaces of their own, joined by one network.
namespace loopscope::sandbox {

/// A network namespace with the kernel's default settings and `lo` up, as the world's first has
/// (prepare.hpp). The calling thread, the process's only one, is back in its own when this returns. Throws
/// SystemError.
[[nodiscard]] UniqueFd make_host_network();

struct Joined {
  int network = -1;  ///< of the host; -1: the one that the calling thread is in
  std::vector<std::pair<IpAddress, int>> addresses;  ///< with the length of their prefix
};
struct Network {
  UniqueFd hub;                    ///< a namespace where nobody lives
  std::vector<std::string> ports;  ///< devices in it, one a host: what the host sends comes in there
};
/// Who carries frames from port to port: the kernel's bridge in the hub, for as long as the hub is kept open,
/// or nobody yet (hold::Wire does).
enum class Carrier { Nobody, Bridge };
/// Gives each host a device `eth0`, 02:00:00:00:00:01 for the first, with its addresses. It leads to a port.
/// No router is asked for, there are no link-local addresses. Returns once every address can be used and
/// asked for. Throws SystemError.
[[nodiscard]] Network join_hosts(const std::vector<Joined>& hosts, Carrier carrier = Carrier::Nobody);

}  // namespace loopscope::sandbox
