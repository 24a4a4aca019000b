#pragma once

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
/// Gives each host a device `eth0` with its addresses; all are ports of one bridge, which is in a namespace
/// where nobody lives (returned; it lasts as long as a port does). No spanning tree, no multicast snooping,
/// no router is asked for. Returns once every address can be used. Throws SystemError.
[[nodiscard]] UniqueFd join_hosts(const std::vector<Joined>& hosts);

}  // namespace loopscope::sandbox
