#include <algorithm>

#include "sim/model/tcp_segments.hpp"

// Where the model gives a connection up: what TCP does about loss besides its retransmission timer, RACK
// (net/ipv4/tcp_recovery.c), tail loss probes and joined segments (tcp_output.c), and autocorking (tcp.c),
// hangs on single milliseconds and on the memory of each packet. One segment alone has none of these.
namespace loopscope::model {
namespace {

constexpr const char* loss_doubt =
    "what TCP sends again at once, and what together, after one of several segments was lost";
constexpr const char* cork_doubt = "whether a small segment waits for the one before it while that is held";
constexpr const char* probe_doubt = "when TCP probes with what Nagle's rule held back";

/// What is on its way and what waits to be sent.
std::size_t outstanding(const Tcp& tcp) {
  return tcp.unacked.size() + (!tcp.unsent.empty() || tcp.fin_wanted ? 1 : 0);
}

void give_up(World& world, SocketId id, const char* reason) {
  const auto socket = look(world, id);
  const SocketAddress local{socket.receive.unmapped(), Port{socket.num}},
      peer{socket.peer.ip.unmapped(), socket.peer.port};
  const auto doubt_it = [&](SocketId one) {
    if (look(world, one).doubt.empty()) edit(world, one).doubt = reason;
  };
  doubt_it(id);
  for (std::size_t at = 0; at < world.hosts.size(); ++at) {
    const auto other = find_connection(world, static_cast<std::uint8_t>(at), peer, local, 0);
    if (other != no_socket) {
      doubt_it(other);
      continue;
    }
    // It may not be there yet: its handshake waits for an acknowledgment.
    const auto* slot = world.hosts[at].tcp_ports.find(number(peer.port));
    if (slot == nullptr) continue;
    for (const auto listener : slot->listeners) {
      const auto& requests = look(world, listener).requests;
      if (std::any_of(requests.begin(), requests.end(),
                      [&](const Request& one) { return one.local == peer && one.peer == local; }))
        doubt_it(listener);
    }
  }
  world.packets_doubt = reason;
}

void check_loss(World& world, const Socket& socket) {
  if (socket.tcp.lossy && outstanding(socket.tcp) > 1) give_up(world, socket.id, loss_doubt);
}

void note_lossy(World& world, SocketId id) {
  edit(world, id).tcp.lossy = true;
  check_loss(world, look(world, id));
}

}  // namespace

void tcp_note_loss(World& world, const Packet& packet) {
  if (packet.kind != Packet::Kind::Tcp || packet.syn || packet.rst) return;
  const auto connected = [&](SocketId id) {
    return id != no_socket && !look(world, id).time_wait && !look(world, id).tcp.unacked.empty();
  };
  const auto sender = find_connection(world, packet.from_host, packet.from, packet.to, 0);
  const bool says_much = !packet.bytes.empty() || packet.fin;
  if (says_much && connected(sender) && after(end_of(packet), look(world, sender).tcp.snd_una))
    note_lossy(world, sender);
  const auto receiver = find_connection(world, packet.to_host, packet.to, packet.from, 0);
  if (packet.has_ack && connected(receiver) && after(packet.ack, look(world, receiver).tcp.snd_una))
    note_lossy(world, receiver);
}

bool tcp_has_held(const World& world, const Socket& socket) {
  const auto& held = world.hosts[socket.host].held.packets;
  return std::any_of(held.begin(), held.end(), [&](const Packet& one) {
    return one.kind == Packet::Kind::Tcp && (!one.bytes.empty() || one.fin) &&
           number(one.from.port) == socket.num && one.from.ip == socket.receive.unmapped() &&
           one.to == SocketAddress{socket.peer.ip.unmapped(), socket.peer.port};
  });
}

void tcp_pushed(World& world, Socket& socket, const TcpPush& push) {
  auto& tcp = socket.tcp;
  const auto id = socket.id;
  if (push.corkable && tcp.snd_nxt != push.before) return give_up(world, id, cork_doubt);
  check_loss(world, socket);
  if (tcp.unsent.empty() || tcp.unacked.empty()) {
    tcp.tail_probe_at = never;
  } else if (tcp.snd_nxt != push.before || tcp.tail_probe_at == never) {
    // tcp_schedule_loss_probe
    constexpr Time soonest{8'000}, with_one_out{200'000};
    tcp.tail_probe_at = world.now + (tcp.unacked.size() > 1 ? soonest : with_one_out);
    wake_at(world, socket, tcp.tail_probe_at);
  }
}

void tcp_tail_probe(World& world, const Socket& socket) { give_up(world, socket.id, probe_doubt); }

}  // namespace loopscope::model
