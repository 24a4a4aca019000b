#include <algorithm>

#include "sim/model/inside.hpp"

namespace loopscope::model {

bool is_reserved(const Sysctls& sysctls, int port) {
  return std::any_of(sysctls.reserved.begin(), sysctls.reserved.end(),
                     [port](const auto& range) { return range.first <= port && port <= range.second; });
}

bool is_chosen(const World& world, int first, int step, int steps) {
  const int port = world.chosen_port;
  return port >= first && port < first + step * steps && (port - first) % step == 0 &&
         !is_reserved(world.hosts.front().sysctls, port);
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

void note_choice(World& world, Socket& socket, const PortAnswer& port) {
  socket.free_choice = port.free_choice;
  auto& host = world.hosts[socket.host];
  // Which of its ports an earlier choice took decides what this one could take.
  const auto [low, high] = local_range(host.sysctls, socket.options);
  const bool follows = world.chosen_port == 0 && low <= host.doubt_high && host.doubt_low <= high;
  if (follows) socket.free_choice = true;
  if (!port.choice && !follows) return;
  const auto choice = follows ? PortChoice{low, high, 1} : *port.choice;
  if ((choice.high - choice.low) / choice.step >= 64) return;
  host.doubt_low = std::min(host.doubt_low, choice.low);
  host.doubt_high = std::max(host.doubt_high, choice.high);
}

}  // namespace loopscope::model
