#include <algorithm>

#include "sim/model/inside.hpp"

// Groups of SO_REUSEPORT: net/core/sock_reuseport.c, udp_reuseport_add_sock, inet_reuseport_add_sock,
// Linux 6.18.
namespace loopscope::model {
namespace {

bool alike(const Socket& one, const Socket& other) {
  return other.options.reuse_port && other.v6 == one.v6 && other.options.v6only == one.options.v6only &&
         other.device == one.device && other.uid == one.uid && same_receive(one, other);
}

}  // namespace

void join_reuse_group(World& world, const std::vector<SocketId>& others, Socket& socket) {
  if (!socket.options.reuse_port) return;
  const auto like =
      std::find_if(others.begin(), others.end(), [&](SocketId id) { return alike(socket, look(world, id)); });
  if (like == others.end()) {
    socket.group = ++world.order;
    return;
  }
  if (look(world, *like).group == 0) edit(world, *like).group = ++world.order;
  socket.group = look(world, *like).group;
}

void note_group_connection(World& world, const Socket& socket) {
  if (socket.group == 0 || group_has_connection(world, socket)) return;
  world.hosts[socket.host].udp_ports.edit(socket.num).connected_groups.push_back(socket.group);
}

bool group_has_connection(const World& world, const Socket& socket) {
  const auto* slot = world.hosts[socket.host].udp_ports.find(socket.num);
  return slot != nullptr && std::find(slot->connected_groups.begin(), slot->connected_groups.end(),
                                      socket.group) != slot->connected_groups.end();
}

}  // namespace loopscope::model
