#include <algorithm>
#include <cerrno>

#include "sim/model/tcp_segments.hpp"

// connect, accept, send and receive on TCP sockets: net/ipv4/af_inet.c, tcp.c, tcp_ipv4.c,
// net/ipv6/tcp_ipv6.c, net/core/stream.c, Linux 6.18.
namespace loopscope::model {
namespace {

/// Three questions, one second each (net/core/neighbour.c), and what the timer's wheel adds.
constexpr Time neighbour_search{3'060'000};
constexpr std::size_t most_in_flight = 2'000'000;
constexpr int few = 64;  ///< ports that are looked at one by one

Time timeout(const Socket& socket, Time limit, int flags, Time since) {
  if (socket.nonblock || (flags & MSG_DONTWAIT) != 0) return since;
  return limit == never ? never : since + limit;
}

bool in_handshake(const Socket& socket) {
  return socket.state == SocketState::SynSent || socket.state == SocketState::SynReceived;
}

Outcome refused_before(int error, RuleId rule, std::vector<SocketId> opponents, const World& world) {
  auto outcome = fail(error, rule);
  for (const auto id : opponents) outcome.done->opponents.push_back(opponent_of(world, id));
  return outcome;
}

// What tcp_v6_connect checks before anything is sent; the destination is changed where '::' means loopback.
std::optional<Outcome> check_v6(Socket& socket, SocketAddress& to) {
  if (!to.ip.is_v6()) return fail(EINVAL, RuleId::address_family);
  if (to.ip.is_any())
    to.ip = socket.receive.is_v4_mapped() ? IpAddress::loopback_v4().mapped() : IpAddress::loopback_v6();
  if (to.ip.is_multicast()) return fail(ENETUNREACH, RuleId::route_multicast);
  const auto& bytes = to.ip.bytes();
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 && socket.device == 0)
    return fail(EINVAL, RuleId::address_scope);
  if (to.ip.is_v4_mapped() && socket.options.v6only) return fail(ENETUNREACH, RuleId::v6only_mapped);
  return std::nullopt;
}

// The failure path of tcp_v4_connect: the socket forgets the attempt and its automatic port
Outcome forget(World& world, Socket& socket, Outcome outcome) {
  tcp_set_closed(world, socket);
  if (!socket.address_locked) tcp_move_bind2(world, socket, {}, true);
  socket.peer.port = Port{0};
  return outcome;
}

/// Whether the port that the kernel chooses out of a few may be the one that is connected to, so that the
/// socket meets itself. The number of a `chosen` destination is the model's own.
bool may_meet_itself(const World& world, const Socket& socket, const PortAnswer& port, bool chosen) {
  if (!port.choice || (!chosen && world.chosen_port != 0)) return false;
  const auto [low, high, step] = *port.choice;
  const int wanted = number(socket.peer.port);
  if (wanted < low || wanted > high || (!chosen && (wanted - low) % step != 0)) return false;
  return (high - low) / step < few && socket.peer.ip == socket.receive;
}

/// What earlier connections left at the other end for ports of which the kernel may choose any: whether the
/// SYN meets one is its choice, too.
std::vector<SocketId> left_for_choice(const World& world, const Socket& socket, const PortAnswer& port) {
  std::vector<SocketId> left;
  if (!port.choice || !port.free_choice || world.chosen_port != 0) return left;
  const auto [low, high, step] = *port.choice;
  if ((high - low) / step >= few) return left;
  const SocketAddress there{socket.peer.ip.unmapped(), socket.peer.port};
  for (int one = low; one <= high; one += step) {
    const auto number = static_cast<std::uint16_t>(one);
    if (connection_conflict(world, socket, number, false) != no_socket) continue;
    for (std::size_t host = 0; host < world.hosts.size(); ++host) {
      const auto id = find_connection(world, static_cast<std::uint8_t>(host), there,
                                      {socket.receive.unmapped(), Port{number}}, 0);
      if (id != no_socket && id != socket.id) left.push_back(id);
    }
  }
  return left;
}

// tcp_v4_connect and tcp_v6_connect; nothing where the SYN is on its way
std::optional<Outcome> start(World& world, Socket& socket, const Target& target, PortAnswer& port) {
  auto to = target.address;
  if (socket.v6) {
    if (auto bad = check_v6(socket, to)) return bad;
  } else if (to.ip.is_v6()) {
    return fail(EAFNOSUPPORT, RuleId::address_family);
  }
  const bool by_v6 = to.ip.is_v6() && !to.ip.is_v4_mapped();
  auto source = socket.source;
  // For IPv6's route ::ffff:0.0.0.0 is an address like any other (ip6_dst_lookup_tail).
  if (by_v6 ? source.is_any() : is_wildcard(source))
    source = by_v6 ? IpAddress::any_v6() : IpAddress::any_v4();
  if (!by_v6 && source.is_v6() && !source.is_v4_mapped())
    return fail(ENETUNREACH, RuleId::route_mixed_family);
  const auto route =
      find_connect_route(world, socket.host, to.ip.unmapped(), by_v6 ? source : source.unmapped(),
                         socket.device, socket.options.transparent);
  if (route.error != 0) return fail(route.error, route.rule);
  if (route.broadcast || route.multicast) return fail(ENETUNREACH, RuleId::connect_everybody);
  if (is_wildcard(by_v6 ? socket.receive : socket.source))
    tcp_move_bind2(world, socket, in_family(socket, route.source), false);
  socket.peer = {in_family(socket, route.destination), to.port};
  socket.peer_free_choice = target.chosen;
  if (socket.v6 && !by_v6) {
    socket.spoke_v4 = true;
    socket.peer_v4 = route.destination;
  }
  socket.state = SocketState::SynSent;
  if (socket.num != 0) {
    const auto other = connection_conflict(world, socket, socket.num, true);
    if (other != no_socket)
      return forget(world, socket, refused_before(EADDRNOTAVAIL, RuleId::connect_same_tuple, {other}, world));
  } else {
    port = connect_port(world, socket);
    if (port.port == 0)
      return forget(world, socket, refused_before(EADDRNOTAVAIL, port.rule, port.opponents, world));
    note_choice(world, socket, port);
    if (may_meet_itself(world, socket, port, target.chosen))
      return not_modelled("whether connect meets its own socket depends on the port that the kernel chooses");
    if (const auto left = left_for_choice(world, socket, port); !left.empty()) {
      const char* left_doubt =
          "whether connect meets what an earlier connection left depends on the port that the kernel chooses";
      for (const auto id : left) edit(world, id).doubt = left_doubt;
      return not_modelled(left_doubt);
    }
  }
  const auto stale = same_connection(world, socket, socket.num);
  if (stale != no_socket) {
    auto& remnant = edit(world, stale);
    drop_connection(world, remnant);
    tcp_put_port(world, remnant);
    remove_socket(world, stale);
  }
  socket.shown_port = socket.num;
  add_connection(world, socket);
  auto& tcp = socket.tcp;
  tcp = Tcp{};
  socket.error = 0;  // tcp_connect_init
  socket.spoke = true;
  const auto isn = tcp_initial_sequence(world);
  tcp_begin_sequence(tcp, isn);
  tcp.snd_nxt = tcp.write_seq = isn + 1;
  tcp.unacked.push_back({isn, {}, true, false, false});
  // ipv6_mapped's rebuild_header, inet_sk_rebuild_header, looks for a way to the address before
  if (by_v6 && socket.spoke_v4 && route_of_v4(world, socket).error != 0) {
    tcp = Tcp{};
    return forget(world, socket, fail(EHOSTUNREACH, RuleId::route_mixed_family));
  }
  tcp_transmit(world, socket, Unacked{tcp.unacked.front()}, false);
  if (route.unreachable) {  // address resolution fails after three tries of a second
    tcp.unreachable_at = world.now + neighbour_search;
    wake_at(world, socket, tcp.unreachable_at);
  }
  tcp_arm(world, socket);
  return std::nullopt;
}

Outcome finish(World& world, Socket& socket) {
  if (socket.state == SocketState::Closed) {
    int error = take_error(socket);
    if (error == 0) error = ECONNABORTED;
    socket.call = CallState::Unconnected;
    const auto rule = error == ECONNREFUSED ? RuleId::connect_refused
                      : error == ETIMEDOUT  ? RuleId::connect_timeout
                                            : RuleId::connect_failed;
    tcp_disconnect(world, socket);
    return fail(error, rule);
  }
  socket.call = CallState::Connected;
  return succeed(RuleId::connect_done);
}

Outcome stream_error(Socket& socket, RuleId rule) {
  const int error = take_error(socket);
  if (error == 0) return fail(EPIPE, rule);
  return fail(error, error == EPIPE ? rule : RuleId::pending_error);
}

std::size_t unread_by_peer(const World& world, const Socket& socket) {
  std::size_t sum = socket.tcp.unsent.size();
  for (const auto& piece : socket.tcp.unacked) sum += piece.bytes.size();
  const SocketAddress local{socket.receive.unmapped(), Port{socket.num}},
      peer{socket.peer.ip.unmapped(), socket.peer.port};
  for (std::size_t host = 0; host < world.hosts.size(); ++host) {
    const auto id = find_connection(world, static_cast<std::uint8_t>(host), peer, local, 0);
    if (id != no_socket) sum += look(world, id).tcp.received.size();
  }
  return sum;
}

}  // namespace

Outcome tcp_connect(World& world, Socket& socket, const Target& target, Blocked& way) {
  PortAnswer port;
  const auto since = way.since;
  auto& pending = way.pending_error;
  if (!way.started) {
    way.started = true;
    pending = EINPROGRESS;
    if (target.unspec) {
      tcp_disconnect(world, socket);
      socket.call = CallState::Unconnected;
      return succeed(RuleId::connect_dissolve);
    }
    if (socket.call == CallState::Connected) return fail(EISCONN, RuleId::connect_already);
    if (socket.call == CallState::Disconnecting) return fail(EINVAL, RuleId::connect_disconnecting);
    if (socket.call == CallState::Connecting) {
      pending = EALREADY;
    } else {
      if (socket.state != SocketState::Closed) return fail(EISCONN, RuleId::connect_already);
      if (auto bad = start(world, socket, target, port)) return *bad;
      socket.call = CallState::Connecting;
    }
    if (in_handshake(socket) && timeout(socket, socket.options.send_timeout, 0, since) == since) {
      auto outcome =
          fail(pending, pending == EALREADY ? RuleId::connect_pending : RuleId::connect_nonblocking);
      if (port.free_choice) outcome.done->choice = port.choice;
      return outcome;
    }
    deliver_all(world);
  }
  if (in_handshake(socket)) {
    const auto until = timeout(socket, socket.options.send_timeout, 0, since);
    if (world.now >= until) return fail(pending, RuleId::connect_send_timeout);
    return wait_until(until);
  }
  auto outcome = finish(world, socket);
  if (port.free_choice) outcome.done->choice = port.choice;
  return outcome;
}

Outcome tcp_accept(World& world, Socket& socket, Process& process, const std::string& variable, Time since) {
  if (socket.state != SocketState::Listen) return fail(EINVAL, RuleId::accept_not_listening);
  if (socket.queue.empty()) {
    if (socket.doubtful_connections > 0)
      return not_modelled(
          "which listener of an SO_REUSEPORT group gets a connection is the kernel's choice by a hash");
    const auto until = timeout(socket, socket.options.receive_timeout, 0, since);
    if (world.now >= until)
      return fail(EAGAIN, until == since ? RuleId::accept_would_block : RuleId::receive_timeout);
    return wait_until(until);
  }
  const auto id = socket.queue.front();
  socket.queue.pop_front();
  auto& child = edit(world, id);
  child.listener = no_socket;
  child.open = true;
  child.fd = take_descriptor(process);
  child.process = socket.process;
  child.variable = variable;
  child.call = CallState::Connected;
  if (socket.doubtful_connections > 0)
    child.doubt = "which connection of an SO_REUSEPORT group this is, the kernel's hash decided";
  if (!variable.empty()) {
    process.variables.edit(variable) = {id, child.shown_port, child.free_choice, true};
  }
  return succeed(RuleId::accept_done);
}

Outcome tcp_send(World& world, Socket& socket, const std::string& bytes, int flags, Time since) {
  auto& tcp = socket.tcp;
  if (socket.state != SocketState::Established && socket.state != SocketState::CloseWait) {
    if (const int error = take_error(socket); error != 0)
      return fail(error, error == EPIPE ? RuleId::send_shut : RuleId::pending_error);
    if (!in_handshake(socket))
      return fail(EPIPE, socket.send_shut ? RuleId::send_shut : RuleId::send_not_connected);
    const auto until = timeout(socket, socket.options.send_timeout, flags, since);
    if (world.now >= until) return fail(EAGAIN, RuleId::send_handshake);
    return wait_until(until);
  }
  if (socket.error != 0 || socket.send_shut) return stream_error(socket, RuleId::send_shut);
  if (unread_by_peer(world, socket) + bytes.size() >
          (socket.options.send_buffer_set
               ? std::min<std::size_t>(most_in_flight,
                                       static_cast<std::size_t>(socket.options.send_buffer) / 2)
               : most_in_flight) &&
      !bytes.empty()) {
    return not_modelled(
        "how many bytes fit into both sockets' buffers depends on the kernel's memory accounting");
  }
  tcp.unsent += bytes;
  tcp.write_seq += static_cast<std::uint32_t>(bytes.size());
  if ((flags & MSG_OOB) != 0 && !bytes.empty()) tcp.urgent_out.push_back(tcp.write_seq - 1);
  tcp.corked = (flags & MSG_MORE) != 0;
  if (!bytes.empty()) {
    const TcpPush push{tcp.snd_nxt, !tcp.unacked.empty() && tcp_has_held(world, socket)};
    tcp_push(world, socket);
    tcp_pushed(world, socket, push);
  }
  tcp.corked = false;  // MSG_MORE holds back this push only
  return answer(experiment::OptionValue{static_cast<std::int64_t>(bytes.size())}, RuleId::send_done);
}

namespace {

// tcp_recv_urg
Outcome receive_urgent(Socket& socket, std::uint64_t count, int flags) {
  auto& tcp = socket.tcp;
  if (!tcp.urgent_pending || tcp.urgent_read) return fail(EINVAL, RuleId::receive_no_urgent);
  if (socket.state == SocketState::Closed && !tcp.done) return fail(ENOTCONN, RuleId::receive_not_connected);
  if (tcp.urgent_valid) {
    const std::string byte(1, tcp.urgent_byte);
    if ((flags & MSG_PEEK) == 0) {
      tcp.urgent_read = true;
      tcp.urgent_valid = false;
    }
    return answer(experiment::Received{{count == 0 ? std::string{} : byte, 1}, std::nullopt},
                  RuleId::receive_urgent);
  }
  return fail(EAGAIN, RuleId::receive_would_block);
}

/// How much of the receive queue a read may take: it stops at an urgent byte, and steps over it where it
/// begins. With MSG_WAITALL it may have `begun` before.
std::string take(Tcp& tcp, std::uint64_t count, bool peek, bool begun) {
  std::string got;
  std::string rest = tcp.received;
  auto copied = tcp.copied;
  bool pending = tcp.urgent_pending;
  while (!rest.empty() && got.size() < count) {
    std::size_t size = std::min<std::size_t>(rest.size(), count - got.size());
    if (pending) {
      const auto offset = tcp.urgent_seq - copied;
      if (offset == 0) {
        if (begun || !got.empty()) break;
        rest.erase(0, 1);
        ++copied;
        pending = false;
        continue;
      }
      if (offset < size) size = offset;
    }
    got += rest.substr(0, size);
    rest.erase(0, size);
    copied += static_cast<std::uint32_t>(size);
  }
  if (!peek) {
    tcp.received = std::move(rest);
    tcp.copied = copied;
    if (tcp.urgent_pending && after(copied, tcp.urgent_seq)) {
      tcp.urgent_pending = tcp.urgent_valid = false;
      check_fast_path(tcp);
    }
  }
  return got;
}

}  // namespace

Outcome tcp_receive(World& world, Socket& socket, std::uint64_t count, int flags, Blocked& way) {
  auto& tcp = socket.tcp;
  auto& taken = way.taken;
  auto& waited = way.started;
  const auto since = way.since;
  if (socket.state == SocketState::Listen) return fail(ENOTCONN, RuleId::receive_not_connected);
  if ((flags & MSG_OOB) != 0) return receive_urgent(socket, count, flags);
  const bool peek = (flags & MSG_PEEK) != 0;
  const std::uint64_t target = (flags & MSG_WAITALL) != 0 ? std::max<std::uint64_t>(count, 1) : 1;
  if (peek) taken.clear();
  const bool had_data = !tcp.received.empty();
  const bool bounded =
      tcp.received.size() > 0 && tcp.received.size() + taken.size() < count && tcp.received.size() >= 60000;
  if (bounded)
    return not_modelled(
        "how much of more than 64 KiB has arrived depends on the receive window at that moment");
  const auto got = take(tcp, count - taken.size(), peek, !taken.empty());
  taken += got;
  const bool urgent_stop =
      tcp.urgent_pending && !tcp.received.empty() && tcp.urgent_seq == tcp.copied && !taken.empty();
  const auto give = [&](RuleId rule) {
    if (!peek) tcp_ack_after_read(world, socket, taken.size());
    auto bytes = (flags & MSG_TRUNC) != 0 ? std::string(taken.size(), '\0') : taken;
    return answer(experiment::Received{{std::move(bytes), 1}, std::nullopt}, rule);
  };
  if (count == 0 && had_data) return give(RuleId::receive_data);
  if (taken.size() >= target || urgent_stop) return give(RuleId::receive_data);
  const auto until = timeout(socket, socket.options.receive_timeout, flags, since);
  const bool late = world.now >= until;
  if (!taken.empty()) {
    if (late || socket.error != 0 || socket.state == SocketState::Closed || socket.receive_shut)
      return give(RuleId::receive_data);
  } else {
    // A read of nothing that has waited ends with the wait, whatever ended it.
    const bool news =
        tcp.done || socket.error != 0 || socket.receive_shut || socket.state == SocketState::Closed;
    if (count == 0 && waited && (news || late)) return answer(experiment::Received{}, RuleId::receive_data);
    if (tcp.done) return answer(experiment::Received{}, RuleId::receive_end);
    if (const int error = take_error(socket); error != 0) return fail(error, RuleId::pending_error);
    if (socket.receive_shut) return answer(experiment::Received{}, RuleId::receive_shut);
    if (socket.state == SocketState::Closed) return fail(ENOTCONN, RuleId::receive_not_connected);
    if (late) return fail(EAGAIN, until == since ? RuleId::receive_would_block : RuleId::receive_timeout);
  }
  if (!peek) tcp_ack_after_read(world, socket, taken.size());
  waited = true;
  return wait_until(until);
}

}  // namespace loopscope::model
