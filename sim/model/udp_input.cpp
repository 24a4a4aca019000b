#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

// Which socket a datagram or an ICMP error reaches: __udp4_lib_lookup, __udp6_lib_lookup, __udp4_lib_err,
// Linux 6.18.
namespace loopscope::model {
namespace {

/// IPv6 asks for the address that the latest connection had, even when that is dissolved.
IpAddress peer_for(const Socket& socket, bool v6) { return v6 ? socket.peer_v6 : socket.peer.ip.unmapped(); }

bool fits_peer(const Socket& socket, const SocketAddress& from) {
  const auto peer = peer_for(socket, from.ip.is_v6());
  if (!peer.is_any() && peer != from.ip) return false;
  return number(socket.peer.port) == 0 || socket.peer.port == from.port;
}

// compute_score
int score_of(const Socket& socket, const SocketAddress& from, bool v6, int device) {
  if (v6 ? !socket.v6 : socket.options.v6only) return -1;
  if (!fits_peer(socket, from)) return -1;
  if (socket.device != 0 && socket.device != device) return -1;
  int score = v6 ? 1 : socket.v6 ? 1 : 2;
  const int unit = v6 ? 1 : 4;
  if (!peer_for(socket, v6).is_any()) score += unit;
  if (number(socket.peer.port) != 0) score += unit;
  if (socket.device != 0) score += unit;
  return score;
}

bool earlier(const Socket& one, const Socket& other) {
  if (one.at_tail != other.at_tail) return !one.at_tail;
  return one.at_tail ? one.order < other.order : one.order > other.order;
}

std::vector<SocketId> chain_of(const World& world, const PortSlot& slot, const IpAddress& ip, bool wildcard) {
  std::vector<SocketId> chain;
  for (const auto id : slot.datagram) {
    const auto& socket = look(world, id);
    const bool any = ip.is_v6() ? socket.receive.is_any() && socket.v6 : is_wildcard(socket.receive);
    if (wildcard ? any : (!any && socket.receive.unmapped() == ip)) chain.push_back(id);
  }
  std::sort(chain.begin(), chain.end(),
            [&](SocketId a, SocketId b) { return earlier(look(world, a), look(world, b)); });
  return chain;
}

Found find_in(const World& world, const PortSlot& slot, const std::vector<SocketId>& chain,
              const SocketAddress& from, bool v6, int device) {
  Found found;
  int best = 0;
  for (const auto id : chain) {
    const auto& socket = look(world, id);
    const int score = score_of(socket, from, v6, device);
    if (score <= best) continue;
    best = score;
    found = {id, {}};
    if (socket.state == SocketState::Established || socket.group == 0 || !socket.options.reuse_port) continue;
    for (const auto member : slot.datagram) {
      const auto& one = look(world, member);
      if (one.group == socket.group && one.state != SocketState::Established) found.group.push_back(member);
    }
    if (!group_has_connection(world, socket)) return found;
  }
  return found;
}

// udp4_lib_lookup4, udp6_lib_lookup4: of those whose four addresses fit, the one that connected last
SocketId find_connected(const World& world, const PortSlot& slot, const SocketAddress& to,
                        const SocketAddress& from, int device) {
  SocketId found = no_socket;
  std::uint64_t latest = 0;
  for (const auto id : slot.datagram) {
    const auto& socket = look(world, id);
    if (socket.tuple_order <= latest || socket.tuple_local != to || socket.tuple_peer != from) continue;
    const bool still = socket.receive.unmapped() == to.ip && socket.peer.port == from.port &&
                       peer_for(socket, from.ip.is_v6()) == from.ip;
    if (!still || (socket.device != 0 && socket.device != device)) continue;
    latest = socket.tuple_order;
    found = id;
  }
  return found;
}

Found find_receiver(const World& world, std::uint8_t host, const SocketAddress& to, const SocketAddress& from,
                    int device) {
  const auto* slot = world.hosts[host].udp_ports.find(number(to.port));
  if (slot == nullptr) return {};
  const bool v6 = to.ip.is_v6();
  if (const auto id = find_connected(world, *slot, to, from, device); id != no_socket) return {id, {}};
  auto found = find_in(world, *slot, chain_of(world, *slot, to.ip, false), from, v6, device);
  if (found.socket != no_socket) return found;
  return find_in(world, *slot, chain_of(world, *slot, to.ip, true), from, v6, device);
}

/// What a datagram's buffer takes (__ip_append_data, __ip6_append_data, __alloc_skb): the small head of a
/// 64-bit kernel without wireless, a power of two, or, from 16 KiB on, a small head and pages.
std::size_t memory_of(const Packet& packet) {
  constexpr std::size_t sk_buff = 256, shared_info = 320, small_head = 576,
                        longest_linear = 16384 - shared_info;
  const std::size_t headers = packet.to.ip.is_v6() ? 40 + 8 + 16 + 15 + 8 : 20 + 8 + 16 + 15;
  const auto size = packet.bytes.size() + headers;
  if (size >= longest_linear) return sk_buff + small_head + packet.bytes.size();
  const auto whole = (size + 63) / 64 * 64 + shared_info;
  if (whole <= small_head) return sk_buff + small_head;
  std::size_t power = 1024;
  while (power < whole) power *= 2;
  return sk_buff + power;
}

// __udp_enqueue_schedule_skb: what does not fit is dropped, but never into an empty queue
void deliver(World& world, SocketId id, const Packet& packet) {
  auto& socket = edit(world, id);
  const auto memory = memory_of(packet);
  if (socket.receive_memory != 0 &&
      socket.receive_memory + memory > static_cast<std::size_t>(socket.options.receive_buffer))
    return;
  socket.receive_memory += memory;
  socket.datagrams.push_back({packet.bytes, packet.from, memory, packet.any_source});
}

// __udp4_lib_mcast_deliver
void deliver_to_all(World& world, const Packet& packet) {
  const auto* slot = world.hosts[packet.to_host].udp_ports.find(number(packet.to.port));
  if (slot == nullptr) return;
  const auto everybody = slot->datagram;
  for (const auto id : everybody) {
    const auto& socket = look(world, id);
    // ip_mc_sf_allow: an AF_INET6 socket hears no IPv4 group that it has not joined (mc_all)
    if (packet.to.ip.is_multicast() && socket.v6 && !packet.to.ip.is_v6()) continue;
    if (socket.options.v6only || (!is_wildcard(socket.receive) && socket.receive.unmapped() != packet.to.ip))
      continue;
    if (!fits_peer(socket, packet.from) || (socket.device != 0 && socket.device != packet.device)) continue;
    deliver(world, id, packet);
  }
}

}  // namespace

void udp_input(World& world, const Packet& packet) {
  const auto kind = kind_of(world.hosts[packet.to_host], packet.to.ip);
  const bool by_address = kind == AddressKind::Broadcast || kind == AddressKind::Multicast;
  if (packet.local ? packet.to_group : by_address) return deliver_to_all(world, packet);
  const auto found = find_receiver(world, packet.to_host, packet.to, packet.from, packet.device);
  if (found.group.size() > 1) {
    for (const auto member : found.group) ++edit(world, member).doubtful_datagrams;
    return;
  }
  if (!found.group.empty()) return deliver(world, found.group.front(), packet);
  if (found.socket != no_socket) return deliver(world, found.socket, packet);
  if (!has_way_back(world, packet) || !may_send_error(world, packet.to_host, packet)) return;
  Packet error;  // port unreachable, RFC 1122, 4.1.3.1
  error.kind = Packet::Kind::IcmpError;
  error.about = Transport::Udp;
  error.error = ECONNREFUSED;
  error.hard = true;
  error.from = packet.from;
  error.to = packet.to;
  error.local = packet.local;
  error.to_host = packet.from_host;
  error.device = packet.device;
  transmit(world, packet.to_host, std::move(error));
}

void udp_icmp(World& world, const Packet& packet) {
  // IPv4 asks by which device the error came, which is lo; IPv6 whose address it was sent to (__udp4_lib_err,
  // __udp6_lib_err, ip6_rcv_core).
  const auto& host = world.hosts[packet.to_host];
  const int by_lo = packet.from.ip.is_v6() ? owner_device(host, packet.from.ip) : 1;
  const int device = packet.local ? by_lo : packet.device;
  const auto found = find_receiver(world, packet.to_host, packet.from, packet.to, device);
  if (found.socket == no_socket) return;
  auto& socket = edit(world, found.socket);
  if (!packet.hard || socket.state != SocketState::Established) return;
  socket.error = packet.error;
}

}  // namespace loopscope::model
