#include <algorithm>

#include "sim/model/inside.hpp"

// UDP's choice and defence of ports: udp_lib_get_port, net/ipv4/udp.c, Linux 6.18.
namespace loopscope::model {
namespace {

bool devices_meet(const Socket& one, const Socket& other) {
  return one.device == 0 || other.device == 0 || one.device == other.device;
}

bool shares(const Socket& one, const Socket& other) {
  return one.options.reuse_port && other.options.reuse_port && one.group == 0 && one.uid == other.uid;
}

bool meets(const Socket& one, const Socket& other) {
  return one.id != other.id && !(one.options.reuse_address && other.options.reuse_address) &&
         devices_meet(one, other) && overlaps(one, other);
}

// udp_lib_lport_inuse without a bitmap: the first socket that meets this one decides
SocketId in_use(const World& world, const Socket& socket, const PortSlot& slot, bool any_meeting) {
  for (const auto id : slot.datagram) {
    const auto& other = look(world, id);
    if (!meets(socket, other)) continue;
    if (!shares(socket, other)) return id;
    if (!any_meeting) return no_socket;
  }
  return no_socket;
}

RuleId conflict_rule(const World& world, const Socket& socket, SocketId id) {
  const auto& other = look(world, id);
  if (socket.options.reuse_port && other.options.reuse_port) return RuleId::bind_reuse_port_owner;
  if (socket.options.reuse_port != other.options.reuse_port) return RuleId::bind_reuse_port_one;
  if (socket.options.reuse_address != other.options.reuse_address) return RuleId::bind_reuse_address_one;
  return RuleId::bind_udp_taken;
}

PortAnswer find_open_port(const World& world, const Socket& socket) {
  const auto& host = world.hosts[socket.host];
  const auto [low, high] = local_range(host.sysctls, socket.options);
  const int count = high - low + 1;
  PortAnswer result;
  result.rule = RuleId::bind_exhausted;
  const auto start =
      static_cast<int>((world.order * 7919U + 331U) % static_cast<unsigned>(std::max(count, 1)));
  int candidates = 0;
  bool empty = false, doubt = false;
  const auto holder = [&](int port) {
    const auto* slot = host.udp_ports.find(static_cast<std::uint32_t>(port));
    return slot == nullptr ? no_socket : in_use(world, socket, *slot, true);
  };
  const bool known = is_chosen(world, low, 1, count) && holder(world.chosen_port) == no_socket;
  if (known) result.port = world.chosen_port;
  for (int i = 0; i < count && !known && (candidates < 2 || !empty); ++i) {
    const int port = low + (start + i) % count;
    if (is_reserved(host.sysctls, port)) continue;
    const auto* slot = host.udp_ports.find(static_cast<std::uint32_t>(port));
    const auto id = holder(port);
    if (id != no_socket) {
      doubt = doubt || look(world, id).free_choice;
      if (result.opponents.size() < 3) result.opponents.push_back(id);
      continue;
    }
    ++candidates;
    const bool held = slot != nullptr && !slot->datagram.empty();
    if (result.port == 0 || (!held && !empty)) result.port = static_cast<std::uint16_t>(port);
    empty = empty || !held;
  }
  if (result.port == 0) return result;
  result.rule = RuleId::bind_any_port;
  result.opponents.clear();
  result.free_choice = candidates > 1 || doubt;
  if (result.free_choice) result.choice = PortChoice{low, high, 1};
  return result;
}

void hash_in(World& world, Socket& socket) {
  auto& slot = world.hosts[socket.host].udp_ports.edit(socket.num);
  join_reuse_group(world, slot.datagram, socket);
  // sk_add_node_rcu: IPv6 sockets with SO_REUSEPORT go to the end
  const bool tail = socket.v6 && socket.options.reuse_port;
  slot.datagram.insert(tail ? slot.datagram.end() : slot.datagram.begin(), socket.id);
  socket.order = ++world.order;
  socket.at_tail = socket.v6 && socket.options.reuse_port;
}

}  // namespace

PortAnswer udp_get_port(World& world, Socket& socket, std::uint16_t port) {
  PortAnswer result;
  if (port == 0) {
    result = find_open_port(world, socket);
    if (result.port == 0) return result;
  } else {
    const auto* slot = world.hosts[socket.host].udp_ports.find(port);
    const auto id = slot == nullptr ? no_socket : in_use(world, socket, *slot, false);
    if (id != no_socket) {
      result.rule = conflict_rule(world, socket, id);
      result.opponents = {id};
      return result;
    }
    result.port = port;
    const bool alone = slot == nullptr || slot->datagram.empty();
    result.rule = alone                          ? RuleId::bind_free
                  : socket.options.reuse_port    ? RuleId::bind_reuse_port
                  : socket.options.reuse_address ? RuleId::bind_udp_reuse_address
                                                 : RuleId::bind_other_address;
  }
  socket.num = result.port;
  hash_in(world, socket);
  return result;
}

void udp_unhash(World& world, Socket& socket) {
  if (socket.num == 0) return;
  auto& ports = world.hosts[socket.host].udp_ports;
  auto& slot = ports.edit(socket.num);
  slot.datagram.erase(std::remove(slot.datagram.begin(), slot.datagram.end(), socket.id),
                      slot.datagram.end());
  if (slot.datagram.empty()) ports.erase(socket.num);
  socket.num = 0;
  socket.group = 0;
  socket.tuple_order = 0;
}

// The address changed, so it leaves its group and enters another chain at its head.
void udp_rehash(World& world, Socket& socket) {
  socket.group = 0;
  socket.order = ++world.order;
  socket.at_tail = false;
  if (socket.tuple_order == 0) return;
  socket.tuple_order = 0;
  udp_enter_tuple(world, socket);
}

// Who connects anew keeps the place that it has (udp_lib_hash4).
void udp_enter_tuple(World& world, Socket& socket) {
  if (socket.tuple_order != 0) return;
  socket.tuple_order = ++world.order;
  socket.tuple_local = {socket.receive.unmapped(), Port{socket.num}};
  socket.tuple_peer = {socket.peer.ip.unmapped(), socket.peer.port};
}

}  // namespace loopscope::model
