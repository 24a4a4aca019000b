#include "app/views/stage_doorbook.hpp"

#include <algorithm>

#include "sim/trace/decode.hpp"

namespace loopscope::app::stage {

using trace::Packet;
using trace::Transport;

namespace {

/// Whether a socket bound to `local` gets what is sent to `to`: ip(7), ipv6(7) on IPV6_V6ONLY.
bool gets(const trace::SocketEntry& socket, const IpAddress& to) {
  const IpAddress& local = socket.local.ip;
  if (local.unmapped() == to.unmapped()) return true;
  if (!local.is_any()) return false;
  const bool to_v6 = to.unmapped().is_v6();
  return local.is_v6() ? to_v6 || !socket.v6only.value_or(false) : !to_v6;
}

/// How well a socket fits one end of a packet that the other end sends or gets: its own connection, the very
/// address, any address. 0: not at all, though it may have the same port.
int fit(const SocketView& socket, const SocketAddress& at, const SocketAddress& other, Transport transport) {
  const trace::SocketEntry& entry = socket.entry;
  if (entry.transport != transport || entry.local.port != at.port) return 0;
  if (!gets(entry, at.ip)) return 0;
  const bool connected = entry.peer.port != Port{0};
  const bool mine =
      connected && entry.peer.port == other.port && entry.peer.ip.unmapped() == other.ip.unmapped();
  return (mine ? 4 : 0) + (connected ? 0 : 1) + (entry.local.ip.unmapped() == at.ip.unmapped() ? 2 : 1);
}

}  // namespace

Ends ends_of(const Packet& packet) {
  if (packet.transport == Transport::Icmp || packet.transport == Transport::Icmp6) {
    if (const auto quoted = trace::quoted_packet(packet)) {
      return {quoted->destination, quoted->source, quoted->transport, true};
    }
  }
  return {packet.source, packet.destination, packet.transport, packet.flags.rst};
}

bool stays_home(const Packet& packet, const Facts& facts) {
  if (packet.source.ip.is_loopback() || packet.source.ip == packet.destination.ip) return true;
  return std::any_of(facts.packets.begin(), facts.packets.end(), [&](const PassedPacket& one) {
    return one.seen->packet.source == packet.source && one.seen->packet.destination == packet.destination;
  });
}

bool is_own(const IpAddress& ip, const Input& input) {
  if (!input.among_others || ip.is_loopback() || ip.is_any()) return true;
  return std::any_of(input.addresses.begin(), input.addresses.end(),
                     [&](const IpAddress& own) { return own.unmapped() == ip.unmapped(); });
}

Door* Doorbook::door_of(const SocketView& socket) {
  for (Door& door : model_.doors) {
    if (!door.nobody && door.port == socket.entry.local.port && door.column == socket.column &&
        door.transport == socket.entry.transport)
      return &door;
  }
  return nullptr;
}

Door* Doorbook::find(const SocketAddress& at, const SocketAddress& other, Transport transport) {
  const SocketView* best = nullptr;
  for (const SocketView& socket : model_.sockets) {
    const int now = fit(socket, at, other, transport);
    if (now > 0 && (best == nullptr || now > fit(*best, at, other, transport))) best = &socket;
  }
  if (best != nullptr) return door_of(*best);
  for (Door& door : model_.doors) {
    if (door.called == at && door.transport == transport) return &door;
  }
  return nullptr;
}

std::size_t Doorbook::index_of(const SocketAddress& at, const SocketAddress& other, Transport transport) {
  const Door* door = find(at, other, transport);
  return door == nullptr ? 0 : static_cast<std::size_t>(door - model_.doors.data());
}

void Doorbook::add_doors_of_sockets() {
  for (const SocketView& socket : model_.sockets) {
    if (socket.entry.local.port == Port{0}) continue;
    const bool known = std::any_of(model_.doors.begin(), model_.doors.end(), [&](const Door& door) {
      return door.port == socket.entry.local.port && door.transport == socket.entry.transport &&
             door.column == socket.column;
    });
    if (known) continue;
    Door door;
    door.port = socket.entry.local.port;
    door.transport = socket.entry.transport;
    door.column = socket.column;
    door.masked = socket.door == "?";
    model_.doors.push_back(door);
  }
}

std::size_t Doorbook::column_of_nobody() {
  for (std::size_t i = 0; i < model_.columns.size(); ++i) {
    const Column& column = model_.columns[i];
    if (column.process && model_.processes[*column.process].serves && column.sockets.empty()) return i;
  }
  for (std::size_t i = 0; i < model_.columns.size(); ++i) {
    if (!model_.columns[i].process) return i;
  }
  model_.columns.push_back({});
  return model_.columns.size() - 1;
}

void Doorbook::add_nobody(const SocketAddress& at, Transport transport) {
  Door door{at.port, transport, column_of_nobody()};
  door.nobody = true;
  door.called = at;
  model_.doors.push_back(door);
}

void Doorbook::add_former(const SocketAddress& at, Transport transport) {
  const std::string process = facts_.step.started != nullptr ? facts_.step.started->process : "";
  Door door{at.port, transport, column_of(model_, process).value_or(0)};
  door.dimmed = true;
  door.called = at;
  model_.doors.push_back(door);
}

bool Doorbook::serves(std::size_t door) const {
  const Door& one = model_.doors[door];
  if (one.nobody) return true;
  const Column& column = model_.columns[one.column];
  return std::any_of(column.sockets.begin(), column.sockets.end(),
                     [&](std::size_t i) {
                       return model_.sockets[i].listens() && model_.sockets[i].entry.local.port == one.port;
                     }) ||
         (column.process && model_.processes[*column.process].serves);
}

}  // namespace loopscope::app::stage
