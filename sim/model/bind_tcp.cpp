#include <algorithm>

#include "sim/model/tcp_ports.hpp"

// TCP's choice and defence of ports: inet_csk_get_port and what it calls, net/ipv4/inet_connection_sock.c and
// net/ipv4/inet_hashtables.c, Linux 6.18.
namespace loopscope::model {
namespace {

bool is_listening(const Socket& socket) { return !socket.time_wait && socket.state == SocketState::Listen; }

// inet_bind_conflict
bool bind_conflict(const Socket& one, const Socket& other, bool relax, bool reuse_port_ok) {
  if (one.id == other.id) return false;
  if (one.device != 0 && other.device != 0 && one.device != other.device) return false;
  const bool both_ports = one.options.reuse_port && other.options.reuse_port;
  if (one.options.reuse_address && other.options.reuse_address && !is_listening(other)) {
    return !relax || (!reuse_port_ok && both_ports && (other.time_wait || one.uid == other.uid));
  }
  return !reuse_port_ok || !both_ports || (!other.time_wait && one.uid != other.uid);
}

// inet_bhash2_conflict
SocketId conflict_in(const World& world, const Socket& socket, const Bind2& bucket, bool relax,
                     bool reuse_port_ok) {
  for (const auto id : bucket.owners) {
    const auto& other = look(world, id);
    if (other.v6 && other.options.v6only && (!socket.v6 || socket.receive.is_v4_mapped())) continue;
    if (bind_conflict(socket, other, relax, reuse_port_ok)) return id;
  }
  return no_socket;
}

// inet_bind2_bucket_match_addr_any: a bucket whose address means 'any' to this socket
bool is_any_for(const Bind2& bucket, const Socket& socket) {
  if (bucket.ip.is_any()) return true;
  if (!bucket.ip.is_v4_mapped()) return false;
  if (socket.v6 && !socket.receive.is_v4_mapped()) return false;
  return bucket.ip.unmapped().is_any();
}

const Bind2* find_bucket(const PortSlot& slot, const IpAddress& ip) {
  const auto wanted = as_v6(ip);
  const auto at = std::find_if(slot.addresses.begin(), slot.addresses.end(),
                               [&](const Bind2& b) { return b.ip == wanted; });
  return at == slot.addresses.end() ? nullptr : &*at;
}

Socket fast_owner(const PortSlot& slot) {
  Socket owner;
  owner.receive = slot.fast_receive;
  owner.v6 = slot.fast_v6;
  owner.options.v6only = slot.fast_v6only;
  return owner;
}

// sk_reuseport_match: ipv6_rcv_saddr_equal(fast, sk, true, false), so only the bucket's own wildcard counts
bool fast_match(const PortSlot& slot, const Socket& socket) {
  if (slot.fast_reuse_port <= 0 || !socket.options.reuse_port || socket.group != 0 ||
      slot.fast_uid != socket.uid)
    return false;
  if (slot.fast_reuse_port == 1) return true;  // FASTREUSEPORT_ANY
  const auto owner = fast_owner(slot);
  return covers(owner, socket);
}

// inet_csk_update_fastreuse
void update_fast(PortSlot& slot, const Socket& socket) {
  const bool reuse = socket.options.reuse_address && !is_listening(socket);
  const auto remember = [&] {
    slot.fast_uid = socket.uid;
    slot.fast_receive = socket.receive;
    slot.fast_v6only = socket.options.v6only;
    slot.fast_v6 = socket.v6;
  };
  // Since the address bucket is made first (6.9), the port's bucket never counts as empty here: fastreuse is
  // not set.
  if (!reuse) slot.fast_reuse = 0;
  if (!socket.options.reuse_port) {
    slot.fast_reuse_port = 0;
  } else if (!fast_match(slot, socket)) {
    slot.fast_reuse_port = 2;  // FASTREUSEPORT_STRICT
    remember();
  }
}

RuleId conflict_rule(const World& world, const Socket& socket, SocketId id) {
  const auto& other = look(world, id);
  if (other.time_wait) return RuleId::bind_time_wait;
  if (socket.options.reuse_port && other.options.reuse_port && socket.uid != other.uid)
    return RuleId::bind_reuse_port_owner;
  if (is_listening(other)) {
    if (socket.options.reuse_address && other.options.reuse_address) return RuleId::bind_reuse_listener;
    return RuleId::bind_listener;
  }
  if (socket.options.reuse_port != other.options.reuse_port) return RuleId::bind_reuse_port_one;
  if (socket.options.reuse_address != other.options.reuse_address) return RuleId::bind_reuse_address_one;
  if (other.state != SocketState::Closed) return RuleId::bind_connected;
  return RuleId::bind_taken;
}

RuleId success_rule(const PortSlot& slot, const Socket& socket) {
  if (slot.addresses.empty()) return RuleId::bind_free;
  if (socket.options.reuse_port) return RuleId::bind_reuse_port;
  if (socket.options.reuse_address) return RuleId::bind_reuse_address;
  return RuleId::bind_other_address;
}

// inet_bind2_bucket_destroy and inet_bind_bucket_destroy: what is left decides whether connect may share the
// port
void settle(World& world, Host& host, std::uint16_t port, PortSlot& slot, std::size_t touched) {
  auto& bucket = slot.addresses[touched];
  if (bucket.owners.empty()) {
    slot.addresses.erase(slot.addresses.begin() + static_cast<std::ptrdiff_t>(touched));
  } else if (std::all_of(bucket.owners.begin(), bucket.owners.end(),
                         [&](SocketId id) { return look(world, id).connect_bind; })) {
    bucket.fast_reuse = bucket.fast_reuse_port = -1;
  }
  if (slot.addresses.empty()) {
    host.tcp_ports.erase(port);
    return;
  }
  if (std::all_of(slot.addresses.begin(), slot.addresses.end(),
                  [](const Bind2& b) { return b.fast_reuse == -1 && b.fast_reuse_port == -1; })) {
    slot.fast_reuse = slot.fast_reuse_port = -1;
  }
}

void remove_owner(World& world, Socket& socket) {
  auto& host = world.hosts[socket.host];
  auto& slot = host.tcp_ports.edit(socket.num);
  for (std::size_t i = 0; i < slot.addresses.size(); ++i) {
    auto& owners = slot.addresses[i].owners;
    const auto at = std::find(owners.begin(), owners.end(), socket.id);
    if (at == owners.end()) continue;
    owners.erase(at);
    settle(world, host, socket.num, slot, i);
    return;
  }
}

}  // namespace

SocketId any_conflict(const World& world, const Socket& socket, const PortSlot& slot, bool relax,
                      bool reuse_port_ok) {
  for (const auto& bucket : slot.addresses) {
    if (!is_any_for(bucket, socket)) continue;
    if (const auto id = conflict_in(world, socket, bucket, relax, reuse_port_ok); id != no_socket) return id;
  }
  return no_socket;
}

// inet_csk_bind_conflict
SocketId conflict(const World& world, const Socket& socket, const PortSlot& slot, bool relax,
                  bool reuse_port_ok) {
  if (has_address(socket)) {
    const auto* bucket = find_bucket(slot, socket.receive);
    return bucket == nullptr ? no_socket : conflict_in(world, socket, *bucket, relax, reuse_port_ok);
  }
  for (const auto& bucket : slot.addresses) {
    for (const auto id : bucket.owners) {
      const auto& other = look(world, id);
      if (bind_conflict(socket, other, relax, reuse_port_ok) && overlaps(socket, other)) return id;
    }
  }
  return no_socket;
}

void brief(Host& host, std::uint16_t port) {
  const auto* slot = host.tcp_ports.find(port);
  const bool held = slot != nullptr && !slot->addresses.empty() && !slot->addresses.front().owners.empty();
  PortBrief now;
  if (held) {
    const auto& first = slot->addresses.front();
    now = {first.owners.front(), slot->fast_reuse >= 0 || slot->fast_reuse_port >= 0, first.ip};
  }
  host.tcp_briefs.edit(port / 32U)[port % 32U] = now;
}

Bind2& own_bucket(PortSlot& slot, const IpAddress& ip, bool& made) {
  const auto wanted = as_v6(ip);
  for (auto& bucket : slot.addresses) {
    if (bucket.ip == wanted) return bucket;
  }
  made = true;
  slot.addresses.push_back({wanted, 0, 0, {}});
  return slot.addresses.back();
}

void add_owner(World& world, Socket& socket, std::uint16_t port) {
  bool made = false;
  auto& slot = world.hosts[socket.host].tcp_ports.edit(port);
  own_bucket(slot, socket.receive, made).owners.push_back(socket.id);
  socket.num = port;
  brief(world.hosts[socket.host], port);
}

PortAnswer tcp_get_port(World& world, Socket& socket, std::uint16_t port) {
  PortAnswer result;
  auto& host = world.hosts[socket.host];
  if (port == 0) {
    result = find_open_port(world, socket);
    if (result.port == 0) return result;
  } else {
    static const PortSlot nobody;
    const auto* found = host.tcp_ports.find(port);
    const auto& slot = found != nullptr ? *found : nobody;
    const bool reuse = socket.options.reuse_address && !is_listening(socket);
    const bool fast = !slot.addresses.empty() && ((slot.fast_reuse > 0 && reuse) || fast_match(slot, socket));
    if (!fast) {
      auto id = has_address(socket) ? any_conflict(world, socket, slot, true, true) : no_socket;
      if (id == no_socket) id = conflict(world, socket, slot, true, true);
      if (id != no_socket) {
        result.rule = conflict_rule(world, socket, id);
        result.opponents = {id};
        return result;
      }
    }
    result.port = port;
    result.rule = success_rule(slot, socket);
  }
  auto& slot = host.tcp_ports.edit(result.port);
  update_fast(slot, socket);
  bool made = false;
  auto& bucket = own_bucket(slot, socket.receive, made);
  bucket.fast_reuse = slot.fast_reuse;
  bucket.fast_reuse_port = slot.fast_reuse_port;
  if (socket.num == 0) {
    bucket.owners.push_back(socket.id);
    socket.num = result.port;
  }
  brief(host, result.port);
  return result;
}

void tcp_put_port(World& world, Socket& socket) {
  if (socket.num == 0) return;
  socket.connect_bind = false;
  remove_owner(world, socket);
  brief(world.hosts[socket.host], socket.num);
  socket.num = 0;
  socket.free_choice = socket.free_choice && socket.shown_port != 0;
}

void tcp_move_bind2(World& world, Socket& socket, const IpAddress& receive, bool reset) {
  const auto move = [&] {
    if (reset) {
      reset_source(socket);
    } else {
      socket.receive = socket.source = receive;
    }
  };
  if (socket.num == 0) return move();
  auto& slot = world.hosts[socket.host].tcp_ports.edit(socket.num);
  for (auto& bucket : slot.addresses) {
    const auto at = std::find(bucket.owners.begin(), bucket.owners.end(), socket.id);
    if (at != bucket.owners.end()) bucket.owners.erase(at);
  }
  std::erase_if(slot.addresses, [](const Bind2& bucket) { return bucket.owners.empty(); });
  move();
  bool made = false;
  auto& bucket = own_bucket(slot, socket.receive, made);
  if (made) {
    const signed char state = socket.connect_bind ? -1 : 0;
    bucket.fast_reuse = bucket.fast_reuse_port = state;
  }
  bucket.owners.push_back(socket.id);
  brief(world.hosts[socket.host], socket.num);
}

void inherit_port(World& world, const Socket& listener, Socket& child) {
  bool made = false;
  auto& slot = world.hosts[child.host].tcp_ports.edit(listener.num);
  own_bucket(slot, child.receive, made).owners.push_back(child.id);
  child.num = listener.num;
  brief(world.hosts[child.host], child.num);
}

}  // namespace loopscope::model
