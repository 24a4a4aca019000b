#include <algorithm>
#include <cerrno>
#include <utility>

#include "sim/model/inside.hpp"

// UDP's calls: net/ipv4/udp.c, net/ipv4/datagram.c, net/ipv6/udp.c, net/ipv6/datagram.c, Linux 6.18.
namespace loopscope::model {
namespace {

bool is_link_local(const IpAddress& ip) {
  return ip.is_v6() && ip.bytes()[0] == 0xfe && (ip.bytes()[1] & 0xc0) == 0x80;
}

// inet_autobind
bool autobind(World& world, Socket& socket) {
  if (socket.num != 0) return true;
  const auto port = udp_get_port(world, socket, 0);
  if (port.port == 0) return false;
  note_choice(world, socket, port);
  socket.shown_port = socket.num;
  return true;
}

// __udp_disconnect
void disconnect(World& world, Socket& socket) {
  socket.state = SocketState::Closed;
  socket.peer = {socket.v6 ? IpAddress::any_v6() : IpAddress::any_v4(), Port{0}};
  socket.device = 0;
  socket.route_cached = false;
  if (!socket.address_locked) {
    const auto [order, at_tail] = std::pair(socket.order, socket.at_tail);
    const bool stays =
        is_wildcard(socket.receive);  // in the chain where it is; it leaves its group all the same
    reset_source(socket);
    if (socket.port_locked) udp_rehash(world, socket);
    if (stays) {
      socket.order = order;
      socket.at_tail = at_tail;
    }
  }
  if (!socket.port_locked) {
    udp_unhash(world, socket);
    socket.shown_port = 0;
  }
}

struct Way {
  SocketAddress to;
  Route route;
  IpAddress asked_source;  ///< the source that the route was asked for; any: left open
  bool v6 = false;         ///< its route was asked for, not IPv4's
  bool asked = false;      ///< a route was asked for at all
  std::optional<Outcome> bad;
};

void put(CorkFlow& flow, std::size_t at, const IpAddress& v4) {
  for (std::size_t i = 0; i < 4; ++i)
    flow.shared[at + i] = static_cast<std::uint8_t>(v4.v4_bits() >> (24 - 8 * i));
}
IpAddress get(const CorkFlow& flow, std::size_t at) {
  return IpAddress::v4(flow.shared[at], flow.shared[at + 1], flow.shared[at + 2], flow.shared[at + 3]);
}

void write_flow_v4(Socket& socket, const IpAddress& source, const SocketAddress& to) {
  auto& flow = socket.flow;
  flow.shared = {};
  put(flow, 0, source);
  put(flow, 4, to.ip);
  flow.shared[8] = static_cast<std::uint8_t>(number(to.port) >> 8);
  flow.shared[9] = static_cast<std::uint8_t>(number(to.port));
  flow.shared[10] = static_cast<std::uint8_t>(socket.num >> 8);
  flow.shared[11] = static_cast<std::uint8_t>(socket.num);
}

void write_flow(Socket& socket, const Way& way) {
  if (!way.v6) return write_flow_v4(socket, way.route.source, way.to);
  socket.flow.shared = way.to.ip.bytes();
  socket.flow.source_v6 = way.route.source;
  socket.flow.port_v6 = way.to.port;
}

/// The way by a route that was found earlier, with the addresses that the flow has by now. By lo the packet
/// keeps its route, so that it is taken in whatever its destination; a link asks who has that.
Way by_flow(const World& world, const Socket& socket, const Route& route, bool v6) {
  const auto& flow = socket.flow;
  Way way;
  way.v6 = v6;
  way.route = route;
  way.to = v6 ? SocketAddress{IpAddress::v6(flow.shared.data()), flow.port_v6}
              : SocketAddress{get(flow, 4),
                              Port{static_cast<std::uint16_t>(flow.shared[8] << 8 | flow.shared[9])}};
  way.route.source = v6 ? flow.source_v6 : get(flow, 0);
  if (route.local || way.to.ip == route.destination) return way;
  const auto now = find_route(world, socket.host, way.to.ip, v6 ? IpAddress::any_v6() : IpAddress::any_v4(),
                              route.device, true);
  way.route.to_host = now.error == 0 && !now.local ? now.to_host : -1;
  return way;
}

// The destination in the form that the IPv4 or IPv6 half of the kernel takes, and the route to it
Way find_way(const World& world, const Socket& socket, SocketAddress to, bool connecting) {
  Way way;
  if (!socket.v6 && to.ip.is_v6()) return way.bad = fail(EAFNOSUPPORT, RuleId::address_family), way;
  if (socket.v6) {
    if (!to.ip.is_v6() && socket.options.v6only) {
      return way.bad = fail(connecting ? EAFNOSUPPORT : ENETUNREACH, RuleId::v6only_mapped), way;
    }
    if (to.ip.is_v6() && to.ip.is_any()) {
      const bool mapped = (connecting ? socket.receive : socket.source).is_v4_mapped();
      to.ip = mapped ? IpAddress::loopback_v4().mapped() : IpAddress::loopback_v6();
    }
    if (to.ip.is_v4_mapped() && socket.options.v6only)
      return way.bad = fail(ENETUNREACH, RuleId::v6only_mapped), way;
    if (connecting && socket.device == 0 &&
        (is_link_local(to.ip) || (to.ip.is_multicast() && to.ip.is_v6() && (to.ip.bytes()[1] & 0x0f) <= 2))) {
      return way.bad = fail(EINVAL, RuleId::address_scope), way;
    }
  }
  to.ip = to.ip.unmapped();
  auto source = socket.source;
  if (to.ip.is_v6()) {
    if (is_wildcard(source) && !source.is_v4_mapped()) source = IpAddress::any_v6();
  } else if (socket.v6) {
    source = socket.source_v4;
  }
  way.to = to;
  way.v6 = to.ip.is_v6();
  way.asked_source = source;
  way.asked = true;
  const auto find = connecting ? find_connect_route : find_route;
  way.route = find(world, socket.host, to.ip, source, socket.device, socket.options.transparent);
  if (way.route.error != 0) way.bad = fail(way.route.error, way.route.rule);
  if (!way.bad) way.to.ip = way.route.destination;
  return way;
}

std::size_t most_bytes(const SocketAddress& to) { return to.ip.is_v6() ? 65527 : 65507; }

Outcome emit(World& world, Socket& socket, const Way& way, const std::string& bytes) {
  Packet packet;
  packet.kind = Packet::Kind::Udp;
  packet.from = {way.route.source, Port{socket.num}};
  packet.to = way.to;
  packet.bytes = bytes;
  packet.local = way.route.local;
  packet.to_group = way.route.broadcast || way.route.multicast;
  packet.any_source = socket.free_choice;
  packet.to_host = static_cast<std::uint8_t>(std::max(way.route.to_host, 0));
  packet.device = way.route.local ? way.route.device : 0;
  const auto size =
      answer(experiment::OptionValue{static_cast<std::int64_t>(bytes.size())}, RuleId::udp_sent);
  if (way.route.multicast && way.route.device == wire_device(world.hosts[socket.host])) {
    world.beyond = "which hosts belong to a group is not covered";
    return not_modelled(world.beyond);
  }
  if (way.route.broadcast && way.route.device == wire_device(world.hosts[socket.host]))
    return send_to_everybody(world, socket.host, packet) ? size : fail(EPERM, RuleId::firewall_output);
  if (way.route.to_host < 0) return size;
  if (!transmit(world, socket.host, std::move(packet))) return fail(EPERM, RuleId::firewall_output);
  return size;
}

}  // namespace

Outcome udp_connect(World& world, Socket& socket, const Target& target) {
  if (target.unspec) {
    disconnect(world, socket);
    return succeed(RuleId::udp_dissolve);
  }
  if (!autobind(world, socket)) return fail(EAGAIN, RuleId::udp_exhausted);
  auto way = find_way(world, socket, target.address, true);
  if (way.bad && !way.asked) return *way.bad;
  if (!way.v6) {
    socket.route_cached = false;
    write_flow_v4(socket, way.bad ? way.asked_source : way.route.source, way.to);
  }
  if (way.bad) return *way.bad;
  if (way.route.broadcast && !socket.options.broadcast) return fail(EACCES, RuleId::udp_broadcast);
  socket.peer = {in_family(socket, way.to.ip), way.to.port};
  socket.peer_free_choice = target.chosen;
  socket.peer_v6 = as_v6(socket.peer.ip);
  if (socket.v6 && !way.v6 && socket.source_v4.is_any()) socket.source_v4 = way.route.source;
  if (is_wildcard(socket.source))
    socket.source = in_family(socket, socket.v6 && !way.v6 ? socket.source_v4 : way.route.source);
  if (is_wildcard(socket.receive)) {
    socket.receive = in_family(socket, way.route.source);
    udp_rehash(world, socket);
  }
  note_group_connection(world, socket);
  udp_enter_tuple(world, socket);
  socket.state = SocketState::Established;
  socket.route_cached = true;
  return succeed(RuleId::udp_connected);
}

namespace {

/// do_append_data: the bytes join those that wait, which have their route and need no room of their own, so
/// that neither is asked for again.
Outcome append(World& world, Socket& socket, const std::string& bytes, int flags) {
  Route route;
  route.destination = socket.cork.destination;
  route.local = socket.cork.local;
  route.broadcast = socket.cork.everybody;
  route.to_host = socket.cork.to_host;
  route.device = socket.cork.device;
  const auto way = by_flow(world, socket, route, socket.pending_v6);
  if (socket.pending.size() + bytes.size() > most_bytes(way.to)) {
    socket.has_pending = false;  // udp_flush_pending_frames: what waited is lost
    socket.pending.clear();
    return fail(EMSGSIZE, RuleId::udp_too_long);
  }
  const auto taken =
      answer(experiment::OptionValue{static_cast<std::int64_t>(bytes.size())}, RuleId::udp_corked);
  socket.pending += bytes;
  if ((flags & MSG_MORE) != 0) return taken;
  const auto whole = std::exchange(socket.pending, {});
  socket.has_pending = false;
  auto outcome = emit(world, socket, way, whole);
  if (outcome.done && outcome.done->rule == RuleId::udp_sent) outcome.done->result = taken.done->result;
  return outcome;
}

struct Destination {
  SocketAddress to;
  bool connected = false;  ///< the peer, by the route that the socket remembers; not a group
  std::optional<Outcome> bad;
};

Destination no_destination(int error, RuleId rule) {
  Destination none;
  none.bad = fail(error, rule);
  return none;
}

// udp_sendmsg; `to` null: none is named
Destination destination_v4(const Socket& socket, std::size_t size, const SocketAddress* to, int flags) {
  if (size > 0xffff) return no_destination(EMSGSIZE, RuleId::udp_too_long);
  if ((flags & MSG_OOB) != 0) return no_destination(EOPNOTSUPP, RuleId::udp_no_urgent);
  if (socket.has_pending) {
    if (socket.pending_v6) return no_destination(EINVAL, RuleId::address_family);
    return {};
  }
  if (to == nullptr) {
    if (socket.state != SocketState::Established) return no_destination(EDESTADDRREQ, RuleId::udp_no_peer);
    return {socket.peer, !socket.peer.ip.is_multicast(), {}};
  }
  if (to->ip.is_v6() && !to->ip.is_v4_mapped()) return no_destination(EAFNOSUPPORT, RuleId::address_family);
  if (number(to->port) == 0) return no_destination(EINVAL, RuleId::udp_port_zero);
  return {*to, false, {}};
}

// udpv6_sendmsg, which hands on what is IPv4
Destination destination_v6(const Socket& socket, std::size_t size, const Target* target, int flags) {
  const bool named = target != nullptr && !target->unspec;
  const bool to_peer = target == nullptr && !socket.has_pending;
  if (to_peer && socket.state != SocketState::Established)
    return no_destination(EDESTADDRREQ, RuleId::udp_no_peer);
  if (named || to_peer) {
    auto to = named ? target->address : socket.peer;
    if (named && to.ip.is_v6() && to.ip.is_any() && socket.source.is_v4_mapped())
      to.ip = IpAddress::loopback_v4().mapped();
    if (!to.ip.is_v6() || to.ip.is_v4_mapped()) {
      if (socket.options.v6only) return no_destination(ENETUNREACH, RuleId::v6only_mapped);
      return destination_v4(socket, size, &to, flags);
    }
  }
  if (socket.has_pending) {
    if (!socket.pending_v6) return destination_v4(socket, size, nullptr, flags);
    return {};
  }
  if (named) {
    if (number(target->address.port) == 0) return no_destination(EINVAL, RuleId::udp_port_zero);
    return {target->address, false, {}};
  }
  if (socket.state != SocketState::Established) return no_destination(EDESTADDRREQ, RuleId::udp_no_peer);
  // With AF_UNSPEC a mapped peer is not handed on, and IPv6 has no route to it.
  if (socket.peer.ip.is_v4_mapped()) return no_destination(ENETUNREACH, RuleId::route_none);
  return {socket.peer, true, {}};
}

Destination destination_of(const Socket& socket, std::size_t size, const Target* target, int flags) {
  if (socket.v6) return destination_v6(socket, size, target, flags);
  if (target != nullptr && !target->unspec && target->address.ip.is_v4_mapped()) {
    auto refused = destination_v4(socket, size, nullptr, flags);
    const bool earlier = refused.bad && refused.bad->done->rule != RuleId::udp_no_peer;
    if (earlier || socket.has_pending) return refused;
    return no_destination(EAFNOSUPPORT, RuleId::address_family);
  }
  // AF_UNSPEC is taken for AF_INET, and the rest of that address is zero: port 0.
  return destination_v4(socket, size, target == nullptr ? nullptr : &target->address, flags);
}

}  // namespace

Outcome udp_send(World& world, Socket& socket, const std::string& bytes, const Target* to, int flags) {
  if (!autobind(world, socket)) return fail(EAGAIN, RuleId::udp_exhausted);
  const auto chosen = destination_of(socket, bytes.size(), to, flags);
  if (chosen.bad) return *chosen.bad;
  if (socket.has_pending) return append(world, socket, bytes, flags);
  auto way = find_way(world, socket, chosen.to, false);
  if (way.bad) return *way.bad;
  const bool remembered = chosen.connected && socket.route_cached;
  if (way.route.broadcast && !socket.options.broadcast && !remembered)
    return fail(EACCES, RuleId::udp_broadcast);
  if (chosen.connected) socket.route_cached = true;
  const bool more = (flags & MSG_MORE) != 0;
  // With a remembered route IPv4 takes the addresses from the flow: the source always, and the destination
  // unless the bytes are to wait.
  if (remembered && !way.v6) {
    const auto flow = by_flow(world, socket, way.route, false);
    if (more) {
      way.route.source = flow.route.source;
    } else {
      way = flow;
    }
  }
  if (more) write_flow(socket, way);
  // __ip_append_data looks at the length before it asks for room, and only there at the socket's error.
  if (bytes.size() > most_bytes(way.to)) return fail(EMSGSIZE, RuleId::udp_too_long);
  if (const int error = take_error(socket); error != 0) return fail(error, RuleId::pending_error);
  if (socket.send_shut) return fail(EPIPE, RuleId::send_shut);
  if (!more) return emit(world, socket, way, bytes);
  socket.has_pending = true;
  socket.pending_v6 = way.v6;
  socket.pending = bytes;
  socket.cork = {way.route.destination, way.route.local, way.route.broadcast || way.route.multicast,
                 way.route.to_host, way.route.device};
  return answer(experiment::OptionValue{static_cast<std::int64_t>(bytes.size())}, RuleId::udp_corked);
}

namespace {

/// udp_rmem_release: while more stands in the reader's own queue, room is given back a quarter of the buffer
/// at a time.
void take_first(Socket& socket) {
  socket.not_given_back += socket.datagrams.front().memory;
  socket.datagrams.pop_front();
  --socket.read_ahead;
  if (socket.read_ahead > 0 &&
      socket.not_given_back < static_cast<std::size_t>(socket.options.receive_buffer) / 4)
    return;
  socket.receive_memory -= std::exchange(socket.not_given_back, 0);
}

}  // namespace

Outcome udp_receive(World& world, Socket& socket, std::uint64_t count, int flags, bool with_sender,
                    Time since) {
  const bool wait = !socket.nonblock && (flags & MSG_DONTWAIT) == 0;
  if (const int error = take_error(socket); error != 0) return fail(error, RuleId::pending_error);
  if (socket.doubtful_datagrams > 0)
    return not_modelled(
        "which socket of an SO_REUSEPORT group gets a datagram is the kernel's choice by a hash");
  if (!socket.datagrams.empty()) {
    const auto& first = socket.datagrams.front();
    experiment::Received received;
    received.bytes.bytes = first.bytes.substr(0, count);
    if (with_sender) {
      bool any = first.any_port;
      for (std::size_t host = 0; host < world.hosts.size() && !any; ++host) {
        const auto* slot = world.hosts[host].udp_ports.find(number(first.from.port));
        if (slot == nullptr) continue;
        any = std::any_of(slot->datagram.begin(), slot->datagram.end(),
                          [&](SocketId id) { return look(world, id).free_choice; });
      }
      received.from = term_of(world, socket, {in_family(socket, first.from.ip), first.from.port}, any);
    }
    if (socket.read_ahead == 0) socket.read_ahead = socket.datagrams.size();  // __skb_recv_udp
    if ((flags & MSG_PEEK) == 0) take_first(socket);
    return answer(std::move(received), RuleId::udp_received);
  }
  const auto limit = socket.options.receive_timeout;
  const auto until = !wait ? since : limit == never ? never : since + limit;
  if (until == since) return fail(EAGAIN, RuleId::receive_would_block);
  if (socket.receive_shut) return answer(experiment::Received{}, RuleId::receive_shut);
  if (world.now >= until) return fail(EAGAIN, RuleId::receive_timeout);
  return wait_until(until);
}

void udp_close(World& world, Socket& socket) {
  udp_unhash(world, socket);
  remove_socket(world, socket.id);
}

}  // namespace loopscope::model
