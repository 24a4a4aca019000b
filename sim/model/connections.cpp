#include <algorithm>

#include "sim/model/inside.hpp"

// Who has which four-tuple, and which listener a SYN finds: net/ipv4/inet_hashtables.c, Linux 6.18.
namespace loopscope::model {
namespace {

std::uint32_t hash_of(const SocketAddress& local, const SocketAddress& peer) {
  std::uint32_t hash = 2166136261U;
  const auto mix = [&](std::uint32_t value) { hash = (hash ^ value) * 16777619U; };
  for (const auto* end : {&local, &peer}) {
    const auto& bytes = end->ip.bytes();
    for (std::size_t i = 0; i < 16; i += 4) {
      mix(static_cast<std::uint32_t>(bytes[i]) << 24 | static_cast<std::uint32_t>(bytes[i + 1]) << 16 |
          static_cast<std::uint32_t>(bytes[i + 2]) << 8 | bytes[i + 3]);
    }
    mix(number(end->port));
  }
  return (hash ^ (hash >> 15)) & 0x7fffU;
}

SocketAddress local_of(const Socket& socket) { return {socket.receive.unmapped(), Port{socket.num}}; }
SocketAddress peer_of(const Socket& socket) { return {socket.peer.ip.unmapped(), socket.peer.port}; }

// tcp_twsk_unique, net/ipv4/tcp_ipv4.c
bool may_recycle(const World& world, const Socket& remnant, bool explicit_port) {
  const auto& sysctls = world.hosts[remnant.host].sysctls;
  if (remnant.tcp.ts_recent == 0) return false;
  if (explicit_port) return true;
  int reuse = remnant.state == SocketState::FinWait2 ? 0 : sysctls.tw_reuse;
  const bool loopback = remnant.device == 1 || remnant.receive.unmapped().is_loopback() ||
                        remnant.peer.ip.unmapped().is_loopback();
  if (reuse == 2 && !loopback) reuse = 0;
  return reuse != 0 &&
         world.now > remnant.time_wait_since + std::chrono::milliseconds(sysctls.tw_reuse_delay_ms);
}

/// inet_ehash_insert puts what is new first, and the look-up takes the first that fits.
template <typename Fits>
SocketId find_in_chain(const World& world, std::uint8_t host, const SocketAddress& local,
                       const SocketAddress& peer, Fits&& fits) {
  const auto* chain = world.hosts[host].connections.find(hash_of(local, peer));
  if (chain == nullptr) return no_socket;
  for (auto at = chain->rbegin(); at != chain->rend(); ++at) {
    const auto& socket = look(world, *at);
    if (socket.num == number(local.port) && peer_of(socket) == peer &&
        socket.receive.unmapped() == local.ip && fits(socket)) {
      return *at;
    }
  }
  return no_socket;
}

/// A handshake under way has its four-tuple as well (struct request_sock is in the same table). Whose
/// listener it is, which may have stopped listening.
SocketId find_request(const World& world, const Socket& socket, const SocketAddress& local) {
  const auto* slot = world.hosts[socket.host].tcp_ports.find(number(local.port));
  if (slot == nullptr) return no_socket;
  for (const auto& bucket : slot->addresses) {
    for (const auto id : bucket.owners) {
      const auto& requests = look(world, id).requests;
      const bool has = std::any_of(requests.begin(), requests.end(), [&](const Request& one) {
        return !one.cookie && one.local == local && one.peer == peer_of(socket) &&
               (one.bound == 0 || one.bound == socket.device);
      });
      if (has) return id;
    }
  }
  return no_socket;
}

}  // namespace

void add_connection(World& world, const Socket& socket) {
  world.hosts[socket.host].connections.edit(hash_of(local_of(socket), peer_of(socket))).push_back(socket.id);
}

void drop_connection(World& world, const Socket& socket) {
  auto& table = world.hosts[socket.host].connections;
  const auto key = hash_of(local_of(socket), peer_of(socket));
  const auto* found = table.find(key);
  if (found == nullptr || std::find(found->begin(), found->end(), socket.id) == found->end()) return;
  auto& chain = table.edit(key);
  chain.erase(std::remove(chain.begin(), chain.end(), socket.id), chain.end());
  if (chain.empty()) table.erase(key);
}

SocketId find_connection(const World& world, std::uint8_t host, const SocketAddress& local,
                         const SocketAddress& peer, int device) {
  return find_in_chain(world, host, local, peer, [device](const Socket& socket) {
    return socket.device == 0 || device == 0 || socket.device == device;
  });
}

SocketId same_connection(const World& world, const Socket& socket, std::uint16_t port) {
  const SocketAddress local{socket.receive.unmapped(), Port{port}};
  return find_in_chain(world, socket.host, local, peer_of(socket), [&](const Socket& other) {
    return other.id != socket.id && (other.device == 0 || other.device == socket.device);
  });
}

SocketId connection_conflict(const World& world, const Socket& socket, std::uint16_t port,
                             bool explicit_port) {
  const auto id = same_connection(world, socket, port);
  if (id == no_socket) return find_request(world, socket, {socket.receive.unmapped(), Port{port}});
  const auto& other = look(world, id);
  if (other.time_wait && may_recycle(world, other, explicit_port)) return no_socket;
  return id;
}

// compute_score and inet_lhash2_lookup (and their IPv6 twins, net/ipv6/inet6_hashtables.c)
Found find_listener(const World& world, std::uint8_t host, const SocketAddress& local, int device) {
  const auto* slot = world.hosts[host].tcp_ports.find(number(local.port));
  Found found;
  if (slot == nullptr) return found;
  const bool v6 = local.ip.is_v6();
  for (const bool wildcard : {false, true}) {
    int best = 0;
    for (const auto id : slot->listeners) {
      const auto& socket = look(world, id);
      if (v6 ? !socket.v6 : socket.options.v6only) continue;
      const bool any = v6 ? socket.receive.is_any() : is_wildcard(socket.receive);
      if (wildcard ? !any : (any || socket.receive.unmapped() != local.ip)) continue;
      if (socket.device != 0 && socket.device != device) continue;
      int score = socket.device != 0 ? 2 : 1;
      if (!v6 && !socket.v6) ++score;
      if (score <= best) continue;
      best = score;
      found = {id, {}};
      if (!socket.options.reuse_port || socket.group == 0) continue;
      for (const auto member : slot->listeners) {
        if (look(world, member).group == socket.group) found.group.push_back(member);
      }
      return found;
    }
    if (found.socket != no_socket) return found;
  }
  return found;
}

}  // namespace loopscope::model
