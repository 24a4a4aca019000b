#include <algorithm>

#include "sim/model/inside.hpp"

namespace loopscope::model {

bool is_reserved(const Sysctls& sysctls, int port) {
  return std::any_of(sysctls.reserved.begin(), sysctls.reserved.end(),
                     [port](const auto& range) { return range.first <= port && port <= range.second; });
}

// inet_sk_get_local_port_range, net/ipv4/inet_connection_sock.c (6.18)
std::pair<int, int> local_range(const Sysctls& sysctls, const Options& options) {
  int low = sysctls.range_low, high = sysctls.range_high;
  if (options.range_low != 0 || options.range_high != 0) {
    const int netns_low = low, netns_high = high;
    if (netns_low <= options.range_low && options.range_low <= netns_high) low = options.range_low;
    if (low <= options.range_high && options.range_high <= netns_high) high = options.range_high;
  }
  return {low, high};
}

}  // namespace loopscope::model
