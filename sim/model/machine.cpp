#include "sim/model/machine.hpp"

#include <algorithm>

#include "sim/model/inside.hpp"

namespace loopscope::model {
namespace {

int owner_index(World& world, const Existing& existing) {
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    if (world.processes[i]->name == existing.process) return static_cast<int>(i);
  }
  Process process;
  process.name = existing.process;
  process.uid = existing.uid;
  world.processes.emplace_back(std::move(process));
  return static_cast<int>(world.processes.size()) - 1;
}

void enter_tables(World& world, Socket& socket) {
  const auto port = socket.num;
  auto& host = world.hosts[socket.host];
  if (socket.transport == Transport::Udp) {
    auto& chain = host.udp_ports.edit(port).datagram;
    chain.insert(chain.begin(), socket.id);
    socket.order = ++world.order;
    return;
  }
  add_owner(world, socket, port);
  auto& slot = host.tcp_ports.edit(port);
  if (!socket.options.reuse_port) slot.fast_reuse_port = 0;
  if (socket.state == SocketState::Listen) slot.listeners.insert(slot.listeners.begin(), socket.id);
  if (socket.state != SocketState::Listen && socket.state != SocketState::Closed)
    add_connection(world, socket);
}

}  // namespace

SocketId add_existing(World& world, const Existing& existing) {
  if (number(existing.local.port) == 0) return no_socket;
  world.owners_known = true;
  auto& socket = make_socket(world, 0, existing.transport, existing.local.ip.is_v6());
  socket.receive = socket.source = existing.local.ip;
  socket.peer = existing.peer;
  socket.num = socket.shown_port = number(existing.local.port);
  socket.uid = existing.uid;
  socket.options.v6only = existing.v6only;
  socket.options.reuse_address = existing.reuse_address;
  socket.options.reuse_port = existing.reuse_port;
  socket.address_locked = socket.port_locked = true;
  socket.state = existing.state;
  if (existing.state == SocketState::Bound || existing.state == SocketState::Unconnected)
    socket.state = SocketState::Closed;
  const bool remnant = existing.state == SocketState::TimeWait ||
                       (existing.no_owner && existing.state == SocketState::FinWait2);
  if (remnant) {
    socket.time_wait = true;
    socket.time_wait_until = world.now + existing.time_wait_left;
    wake_at(world, socket, socket.time_wait_until);
    socket.tcp.ts_recent = 1;
  }
  if (!existing.process.empty()) {
    socket.process = owner_index(world, existing);
    socket.open = true;
    socket.variable = existing.variable;
    world.processes[static_cast<std::size_t>(socket.process)].edit().variables.edit(existing.variable) = {
        socket.id, socket.num, false, true};
  }
  const auto& devices = world.hosts.front().devices;
  const auto at = std::find_if(devices.begin(), devices.end(),
                               [&](const Device& d) { return d.name == existing.device; });
  if (at != devices.end()) socket.device = static_cast<int>(at - devices.begin()) + 1;
  enter_tables(world, socket);
  return socket.id;
}

void add_address(World& world, const std::string& device, const IpAddress& ip, int prefix_length) {
  auto& devices = world.hosts.front().devices;
  auto at = std::find_if(devices.begin(), devices.end(), [&](const Device& d) { return d.name == device; });
  if (at == devices.end()) at = devices.insert(devices.end(), Device{device, false, {}});
  const bool known =
      std::any_of(at->addresses.begin(), at->addresses.end(), [&](const auto& a) { return a.ip == ip; });
  if (!known) at->addresses.push_back({ip, prefix_length});
}

}  // namespace loopscope::model
