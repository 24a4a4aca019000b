#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

// bind, listen, shutdown, poll and the names of sockets: net/ipv4/af_inet.c, net/ipv6/af_inet6.c, tcp_poll,
// datagram_poll, Linux 6.18.
namespace loopscope::model {
namespace {

bool is_link_local(const IpAddress& ip) {
  return ip.is_v6() && ip.bytes()[0] == 0xfe && (ip.bytes()[1] & 0xc0) == 0x80;
}

bool may_be_foreign(const Host& host, const Socket& socket, bool v6) {
  return socket.options.freebind || socket.options.transparent ||
         (v6 ? host.sysctls.nonlocal_v6 : host.sysctls.nonlocal_v4);
}

bool privileged(const Host& host, const Process& process, std::uint16_t port) {
  return port != 0 && port < host.sysctls.unprivileged_start && !process.root;
}

// __inet_bind, up to the choice of the port
std::optional<Outcome> check_v4(const Host& host, const Socket& socket, const Process& process,
                                const SocketAddress& to) {
  if (to.ip.is_v6()) return fail(EAFNOSUPPORT, RuleId::address_family);
  const auto kind = kind_of(host, to.ip);
  if (kind == AddressKind::Unicast && !may_be_foreign(host, socket, false))
    return fail(EADDRNOTAVAIL, RuleId::bind_not_local);
  if (privileged(host, process, number(to.port))) return fail(EACCES, RuleId::bind_privileged);
  if (socket.state != SocketState::Closed || socket.num != 0) return fail(EINVAL, RuleId::bind_twice);
  return std::nullopt;
}

// __inet6_bind, up to the choice of the port
std::optional<Outcome> check_v6(const Host& host, const Socket& socket, const Process& process,
                                const SocketAddress& to) {
  if (!to.ip.is_v6()) return fail(EINVAL, RuleId::address_family);
  if (to.ip.is_multicast() && socket.transport == Transport::Tcp)
    return fail(EINVAL, RuleId::bind_multicast_stream);
  if (privileged(host, process, number(to.port))) return fail(EACCES, RuleId::bind_privileged);
  if (socket.state != SocketState::Closed || socket.num != 0) return fail(EINVAL, RuleId::bind_twice);
  if (to.ip.is_v4_mapped()) {
    if (socket.options.v6only) return fail(EINVAL, RuleId::bind_mapped_v6only);
    if (kind_of(host, to.ip.unmapped()) == AddressKind::Unicast && !may_be_foreign(host, socket, false)) {
      return fail(EADDRNOTAVAIL, RuleId::bind_not_local);
    }
    return std::nullopt;
  }
  if (to.ip.is_any()) return std::nullopt;
  const bool scoped = is_link_local(to.ip) || (to.ip.is_multicast() && (to.ip.bytes()[1] & 0x0f) <= 2 &&
                                               (to.ip.bytes()[1] & 0x0f) >= 1);
  if (scoped && socket.device == 0) return fail(EINVAL, RuleId::address_scope);
  if (!to.ip.is_multicast() && !may_be_foreign(host, socket, true) &&
      !is_local_v6(host, to.ip, socket.device)) {
    return fail(EADDRNOTAVAIL, RuleId::bind_not_local);
  }
  return std::nullopt;
}

std::string relation_of(const Socket& socket, const Socket& other) {
  const auto mine = to_string(socket.receive);
  if (socket.receive == other.receive) return "the same address";
  if (is_wildcard(other.receive))
    return "which includes " + (is_wildcard(socket.receive) ? "every address that " + mine + " means" : mine);
  if (is_wildcard(socket.receive)) return "which " + mine + " includes";
  return {};
}

Outcome taken(const World& world, const Socket& socket, const PortAnswer& port, int error) {
  auto outcome = fail(error, port.rule);
  for (const auto id : port.opponents)
    outcome.done->opponents.push_back(opponent_of(world, id, relation_of(socket, look(world, id))));
  return outcome;
}

/// Whether a socket lives that may have this port, for all that the model knows: the kernel chose out of a
/// small range, or it was left open whether the bind succeeded.
bool may_have_been_chosen(const World& world, std::uint8_t host, int port) {
  const int low = world.hosts[host].doubt_low, high = world.hosts[host].doubt_high;
  if (port < low || port > high) return false;
  bool found = false;
  world.sockets.each([&](SocketId, const Socket& socket) {
    const bool chosen = socket.free_choice && socket.num >= low && socket.num <= high;
    found = found || (socket.host == host && (chosen || !socket.doubt.empty()));
  });
  return found;
}

}  // namespace

Target resolve(const World& world, const Process& process, const experiment::AddressTerm& term) {
  Target target;
  target.unspec = term.unspec;
  if (term.unspec) return target;
  if (const auto* ip = std::get_if<IpAddress>(&term.ip)) target.address.ip = *ip;
  if (const auto* port = std::get_if<Port>(&term.port)) {
    target.address.port = *port;
    target.literal = true;
    if (may_have_been_chosen(world, process.host, number(*port))) {
      target.doubt = "whether another socket has port " + to_string(*port) +
                     " is the kernel's free choice, or left open";
    }
  } else if (const auto* of = std::get_if<experiment::PortOf>(&term.port)) {
    target.doubt = "the socket of port(" + of->variable + ") has had no port so far";
    const auto find = [&](const Process& owner) {
      const auto* at = owner.variables.find(of->variable);
      if (at == nullptr || at->last_port == 0) return;
      target.doubt.clear();
      target.address.port = Port{at->last_port};
      target.chosen = at->free_choice;
    };
    if (of->process.empty() || of->process == process.name) {
      find(process);
    } else {
      for (const auto& other : world.processes) {
        if (other->name == of->process) find(*other);
      }
    }
  }
  return target;
}

namespace {

/// In an experiment, root and an ordinary user are two owners only where root runs the lab.
bool depends_on_owner(const World& world, const Socket& socket, std::uint16_t port) {
  if (world.owners_known || !socket.options.reuse_port) return false;
  const auto differs = [&](SocketId id) {
    const auto& other = look(world, id);
    return !other.time_wait && other.options.reuse_port && other.uid != socket.uid;
  };
  const auto& host = world.hosts[socket.host];
  if (socket.transport == Transport::Udp) {
    const auto* slot = host.udp_ports.find(port);
    return slot != nullptr && std::any_of(slot->datagram.begin(), slot->datagram.end(), differs);
  }
  const auto* slot = host.tcp_ports.find(port);
  return slot != nullptr &&
         std::any_of(slot->addresses.begin(), slot->addresses.end(), [&](const Bind2& bucket) {
           return std::any_of(bucket.owners.begin(), bucket.owners.end(), differs);
         });
}

constexpr const char* owner_doubt =
    "SO_REUSEPORT asks for one owner, and whether root of a lab and its ordinary users are one depends on "
    "who "
    "runs the lab";

}  // namespace

Outcome call_bind(World& world, Socket& socket, const Process& process, const Target& target) {
  auto to = target.address;
  const auto& host = world.hosts[socket.host];
  if (target.unspec) {
    // inet6_bind_sk: AF_UNSPEC stands for 16 bytes, shorter than an IPv6 address
    if (socket.v6) return fail(EINVAL, RuleId::address_family);
    to = {};
  }
  if (auto bad = socket.v6 ? check_v6(host, socket, process, to) : check_v4(host, socket, process, to))
    return *bad;
  if (!target.doubt.empty()) return not_modelled(target.doubt);
  if (depends_on_owner(world, socket, number(to.port))) {
    auto& here = world.hosts[socket.host];
    here.doubt_low = std::min<int>(here.doubt_low, number(to.port));
    here.doubt_high = std::max<int>(here.doubt_high, number(to.port));
    return not_modelled(owner_doubt);
  }
  const auto kind = kind_of(host, to.ip.unmapped());
  const bool no_source =
      !socket.v6 ? kind == AddressKind::Broadcast || kind == AddressKind::Multicast : to.ip.is_multicast();
  const bool was_v6only = socket.options.v6only;
  socket.receive = to.ip;
  if (no_source) {
    if (!socket.v6) socket.source = IpAddress::any_v4();
  } else {
    socket.source = to.ip;
  }
  if (socket.v6)  // a socket with an IPv6 address has LOOPBACK4_IPV6 for its IPv4 one
    socket.source_v4 = to.ip.is_any()         ? IpAddress::any_v4()
                       : to.ip.is_v4_mapped() ? to.ip.unmapped()
                                              : IpAddress::v4(127, 0, 0, 6);
  if (socket.v6 && !to.ip.is_any() && !to.ip.is_v4_mapped()) socket.options.v6only = true;
  const auto wanted = number(to.port);
  auto outcome = succeed(RuleId::bind_no_port);
  if (wanted != 0 || !socket.options.bind_no_port) {
    const auto port = socket.transport == Transport::Tcp ? tcp_get_port(world, socket, wanted)
                                                         : udp_get_port(world, socket, wanted);
    if (port.port == 0) {
      auto refused = taken(world, socket, port, EADDRINUSE);
      socket.options.v6only = was_v6only;
      reset_source(socket);
      return refused;
    }
    if (wanted == 0) {
      note_choice(world, socket, port);
    } else {
      socket.free_choice = target.chosen;
    }
    outcome = succeed(port.rule);
    outcome.done->choice = port.choice;
  }
  if (!to.ip.is_any()) socket.address_locked = true;
  if (wanted != 0) socket.port_locked = true;
  socket.shown_port = socket.num;
  socket.peer = {socket.v6 ? IpAddress::any_v6() : IpAddress::any_v4(), Port{0}};
  socket.route_cached = false;
  return outcome;
}

// __sys_listen, inet_listen, inet_csk_listen_start
Outcome call_listen(World& world, Socket& socket, std::int64_t backlog) {
  if (socket.transport != Transport::Tcp) return fail(EOPNOTSUPP, RuleId::listen_not_stream);
  const int most = world.hosts[socket.host].sysctls.somaxconn;
  const auto wanted = static_cast<std::uint32_t>(static_cast<std::int32_t>(backlog));
  const int bounded = wanted > static_cast<std::uint32_t>(most) ? most : static_cast<int>(wanted);
  if (socket.call != CallState::Unconnected) return fail(EINVAL, RuleId::listen_connected);
  if (socket.state != SocketState::Closed && socket.state != SocketState::Listen)
    return fail(EINVAL, RuleId::listen_connected);
  if (depends_on_owner(world, socket, socket.num)) return not_modelled(owner_doubt);
  socket.backlog = bounded;
  if (socket.state == SocketState::Listen) return succeed(RuleId::listen_again);
  socket.state = SocketState::Listen;
  const bool bound = socket.num != 0;
  const auto port = tcp_get_port(world, socket, socket.num);
  if (port.port == 0) {
    socket.state = SocketState::Closed;
    auto outcome = taken(world, socket, port, EADDRINUSE);
    if (bound) outcome.done->rule = RuleId::listen_taken;
    if (!socket.port_locked) tcp_put_port(world, socket);
    return outcome;
  }
  if (!bound) note_choice(world, socket, port);
  socket.shown_port = socket.num;
  socket.tcp = Tcp{};
  auto& slot = world.hosts[socket.host].tcp_ports.edit(socket.num);
  join_reuse_group(world, slot.listeners, socket);
  const bool tail = socket.v6 && socket.options.reuse_port;
  slot.listeners.insert(tail ? slot.listeners.end() : slot.listeners.begin(), socket.id);
  auto outcome = succeed(RuleId::listen_done);
  if (!bound) outcome.done->choice = port.choice;
  return outcome;
}

Outcome call_getsockname(const World& world, const Socket& socket) {
  const auto ip = socket.receive.is_any() ? socket.source : socket.receive;
  const bool by_connect = socket.transport == Transport::Tcp && socket.connect_bind && socket.num != 0;
  return answer(term_of(world, socket, {ip, Port{socket.shown_port}}, socket.free_choice),
                by_connect ? RuleId::connect_any_port : RuleId::name_local);
}

Outcome call_getpeername(const World& world, const Socket& socket) {
  const bool none = number(socket.peer.port) == 0 ||
                    (socket.transport == Transport::Tcp &&
                     (socket.state == SocketState::Closed || socket.state == SocketState::SynSent));
  if (none) return fail(ENOTCONN, RuleId::name_no_peer);
  bool any = socket.peer_free_choice;
  for (std::size_t index = 0; index < world.hosts.size() && !any; ++index) {
    const auto& host = world.hosts[index];
    const auto* slot =
        (socket.transport == Transport::Tcp ? host.tcp_ports : host.udp_ports).find(number(socket.peer.port));
    if (slot == nullptr) continue;
    for (const auto& bucket : slot->addresses) {
      any = any || std::any_of(bucket.owners.begin(), bucket.owners.end(),
                               [&](SocketId id) { return look(world, id).free_choice; });
    }
    any = any || std::any_of(slot->datagram.begin(), slot->datagram.end(),
                             [&](SocketId id) { return look(world, id).free_choice; });
  }
  // …or it was chosen for a socket that is gone, or of the other protocol, and was called by port(VAR)
  for (const auto& process : world.processes) {
    process->variables.each([&](const Variable& variable) {
      any = any || (variable.free_choice && variable.last_port == number(socket.peer.port));
    });
  }
  return answer(term_of(world, socket, socket.peer, any), RuleId::name_peer);
}

// inet_shutdown
Outcome call_shutdown(World& world, Socket& socket, int how) {
  const bool receive = how == SHUT_RD || how == SHUT_RDWR, send = how == SHUT_WR || how == SHUT_RDWR;
  const auto state = socket.state;
  if (socket.call == CallState::Connecting) {
    const bool early =
        state == SocketState::SynSent || state == SocketState::SynReceived || state == SocketState::Closed;
    socket.call = early ? CallState::Disconnecting : CallState::Connected;
  }
  if (state == SocketState::Listen || (state == SocketState::SynSent && socket.transport == Transport::Tcp)) {
    if (state == SocketState::Listen && !receive) return succeed(RuleId::shutdown_listener_write);
    tcp_disconnect(world, socket);
    socket.call = CallState::Unconnected;
    return succeed(RuleId::shutdown_listener);
  }
  socket.receive_shut = socket.receive_shut || receive;
  socket.send_shut = socket.send_shut || send;
  if (socket.transport == Transport::Tcp && send &&
      (state == SocketState::Established || state == SocketState::SynReceived ||
       state == SocketState::CloseWait)) {
    if (tcp_close_state(socket)) tcp_send_fin(world, socket);
  }
  if (state == SocketState::Closed) return fail(ENOTCONN, RuleId::shutdown_not_connected);
  return succeed(RuleId::shutdown_done);
}

namespace {

int tcp_events(const Socket& socket) {
  const auto& tcp = socket.tcp;
  if (socket.state == SocketState::Listen) return socket.queue.empty() ? 0 : POLLIN | POLLRDNORM;
  int mask = 0;
  if ((socket.receive_shut && socket.send_shut) || socket.state == SocketState::Closed) mask |= POLLHUP;
  if (socket.receive_shut) mask |= POLLIN | POLLRDNORM | POLLRDHUP;
  if (socket.state != SocketState::SynSent && socket.state != SocketState::SynReceived) {
    std::size_t target = 1;
    if (tcp.urgent_pending && tcp.urgent_seq == tcp.copied) target = 2;
    if (tcp.received.size() >= target) mask |= POLLIN | POLLRDNORM;
    mask |= POLLOUT | POLLWRNORM;
    if (tcp.urgent_valid) mask |= POLLPRI;
  }
  if (socket.error != 0 || socket.error_queued) mask |= POLLERR;
  return mask;
}

int udp_events(const Socket& socket) {
  int mask = POLLOUT | POLLWRNORM;
  if (socket.error != 0) mask |= POLLERR;
  if (socket.receive_shut) mask |= POLLRDHUP | POLLIN | POLLRDNORM;
  if (socket.receive_shut && socket.send_shut) mask |= POLLHUP;
  if (!socket.datagrams.empty()) mask |= POLLIN | POLLRDNORM;
  return mask;
}

}  // namespace

Outcome call_poll(const World&, const Socket& socket, short events) {
  if (socket.doubtful_connections > 0 || socket.doubtful_datagrams > 0) {
    return not_modelled("which socket of an SO_REUSEPORT group is chosen the kernel's hash decides");
  }
  const int mask = (socket.transport == Transport::Tcp ? tcp_events(socket) : udp_events(socket)) &
                   (events | POLLERR | POLLHUP);
  if (mask == 0) return wait_until(never);
  return answer(experiment::Events{static_cast<short>(mask)}, RuleId::poll_ready);
}

}  // namespace loopscope::model
