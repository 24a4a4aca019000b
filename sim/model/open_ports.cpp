#include <algorithm>

#include "sim/model/tcp_ports.hpp"

// The kernel's own choice of a TCP port: inet_csk_find_open_port, net/ipv4/inet_connection_sock.c, and
// __inet_hash_connect, net/ipv4/inet_hashtables.c, Linux 6.18.
namespace loopscope::model {
namespace {

PortBrief brief_of(const Host& host, int port) {
  const auto* page = host.tcp_briefs.find(static_cast<std::uint32_t>(port) / 32U);
  return page == nullptr ? PortBrief{} : (*page)[static_cast<std::size_t>(port) % 32U];
}

/// Without options and devices, every owner of the same IPv4 address is in the way.
bool surely_taken(const Socket& socket, const PortBrief& brief) {
  return !socket.options.reuse_address && socket.device == 0 && brief.ip.is_v4_mapped() &&
         (!socket.v6 || socket.receive.is_v4_mapped()) &&
         (socket.receive.unmapped().is_any() || as_v6(socket.receive) == brief.ip);
}

struct Scan {
  std::uint16_t port = 0;
  bool several = false;
  std::vector<SocketId> opponents;
};

// One pass of inet_csk_find_open_port over the ports low + first, low + first + 2, … The kernel starts
// anywhere; the model takes a port that nobody has where it can, and says whether there was a choice.
void scan(const World& world, const Socket& socket, int low, int remaining, int parity, bool relax,
          Scan& found) {
  const auto& host = world.hosts[socket.host];
  const int steps = (remaining + 1 - parity) / 2;
  if (steps <= 0) return;
  const auto start = static_cast<int>((world.order * 7919U + 331U) % static_cast<unsigned>(steps));
  int candidates = 0;
  bool empty = false;
  const auto conflict_at = [&](int port, bool& held) {
    const auto at_a_glance = brief_of(host, port);
    held = at_a_glance.first != no_socket;
    if (!held) return no_socket;
    if (surely_taken(socket, at_a_glance)) return at_a_glance.first;
    const auto* slot = host.tcp_ports.find(static_cast<std::uint32_t>(port));
    const auto id = has_address(socket) ? any_conflict(world, socket, *slot, relax, false) : no_socket;
    return id != no_socket ? id : conflict(world, socket, *slot, relax, false);
  };
  bool held = false;
  if (is_chosen(world, low + parity, 2, steps) && conflict_at(world.chosen_port, held) == no_socket) {
    found.port = world.chosen_port;
    return;
  }
  for (int i = 0; i < steps && (candidates < 2 || !empty); ++i) {
    const int port = low + parity + 2 * ((start + i) % steps);
    if (is_reserved(host.sysctls, port)) continue;
    if (const auto id = conflict_at(port, held); held) {
      if (id != no_socket) {
        if (found.opponents.size() < 3) found.opponents.push_back(id);
        continue;
      }
    }
    ++candidates;
    if (found.port == 0 || (!held && !empty)) found.port = static_cast<std::uint16_t>(port);
    empty = empty || !held;
  }
  found.several = candidates > 1;
  for (int i = 0; i < steps && candidates == 1 && !found.several; ++i) {  // a holder may have another port
    const auto id = conflict_at(low + parity + 2 * i, held);
    found.several = id != no_socket && look(world, id).free_choice;
  }
}

}  // namespace

// inet_csk_find_open_port: odd offsets first, the lower half first with SO_REUSEADDR
PortAnswer find_open_port(const World& world, const Socket& socket) {
  const auto& sysctls = world.hosts[socket.host].sysctls;
  PortAnswer result;
  result.rule = RuleId::bind_exhausted;
  for (const bool relax : {false, true}) {
    if (relax && !sysctls.autobind_reuse) break;
    auto [low, last] = local_range(sysctls, socket.options);
    const int high = last + 1;
    const bool halves = socket.options.reuse_address && high - low >= 4;
    const int half = low + (((high - low) >> 2) << 1);
    for (int part = 0; part < (halves ? 2 : 1); ++part) {
      const int from = halves && part == 1 ? half : low;
      int remaining = (halves && part == 0 ? half : high) - from;
      if (remaining > 1) remaining &= ~1;
      for (const int parity : {1, 0}) {
        Scan found;
        if (remaining == 1 && parity == 1) continue;
        scan(world, socket, from, remaining, parity, relax, found);
        result.opponents.insert(result.opponents.end(), found.opponents.begin(), found.opponents.end());
        if (found.port == 0) continue;
        result.port = found.port;
        result.free_choice = found.several;
        if (found.several)
          result.choice = PortChoice{from + parity, from + parity + 2 * ((remaining - 1 - parity) / 2), 2};
        result.rule = RuleId::bind_any_port;
        result.opponents.clear();
        return result;
      }
    }
  }
  if (result.opponents.size() > 3) result.opponents.resize(3);
  return result;
}

PortAnswer connect_port(World& world, Socket& socket) {
  const auto& host = world.hosts[socket.host];
  auto [low, last] = local_range(host.sysctls, socket.options);
  const bool own_range = socket.options.range_low != 0 || socket.options.range_high != 0;
  const int step = own_range ? 1 : 2;
  int remaining = last + 1 - low;
  if (!own_range && remaining > 1) remaining &= ~1;
  PortAnswer result;
  result.rule = RuleId::connect_exhausted;
  for (int parity = 0; parity < step && result.port == 0; ++parity) {
    const int steps = own_range ? remaining : (remaining + 1 - parity) / 2;
    if (steps <= 0) continue;
    const auto start = static_cast<int>((world.order * 6151U + 173U) % static_cast<unsigned>(steps));
    int candidates = 0;
    bool empty = false;
    const auto conflict_at = [&](int port, bool& held) {
      const auto at_a_glance = brief_of(host, port);
      held = at_a_glance.first != no_socket;
      if (!held || at_a_glance.bound) return at_a_glance.first;
      return connection_conflict(world, socket, static_cast<std::uint16_t>(port), false);
    };
    bool held = false;
    if (is_chosen(world, low + parity, step, steps) && conflict_at(world.chosen_port, held) == no_socket) {
      result.port = world.chosen_port;
      continue;
    }
    for (int i = 0; i < steps && (candidates < 2 || !empty); ++i) {
      const int port = low + parity + step * ((start + i) % steps);
      if (is_reserved(host.sysctls, port)) continue;
      if (const auto other = conflict_at(port, held); held) {
        if (other != no_socket) {
          if (result.opponents.size() < 3) result.opponents.push_back(other);
          continue;
        }
      }
      ++candidates;
      if (result.port == 0 || (!held && !empty)) result.port = static_cast<std::uint16_t>(port);
      empty = empty || !held;
    }
    bool doubt = false;
    for (int i = 0; i < steps && candidates == 1 && !doubt; ++i) {  // a holder may have another port
      const auto other = conflict_at(low + parity + step * i, held);
      doubt = other != no_socket && look(world, other).free_choice;
    }
    if (candidates > 1 || doubt) {
      result.free_choice = true;
      result.choice = PortChoice{low + parity, low + parity + step * (steps - 1), step};
    }
  }
  if (result.port == 0) return result;
  result.opponents.clear();
  result.rule = RuleId::connect_any_port;
  auto& slot = world.hosts[socket.host].tcp_ports.edit(result.port);
  if (slot.addresses.empty()) slot.fast_reuse = slot.fast_reuse_port = -1;
  bool made = false;
  auto& bucket = own_bucket(slot, socket.receive, made);
  if (made) bucket.fast_reuse = bucket.fast_reuse_port = -1;
  bucket.owners.push_back(socket.id);
  socket.num = result.port;
  socket.connect_bind = true;
  brief(world.hosts[socket.host], result.port);
  return result;
}

}  // namespace loopscope::model
