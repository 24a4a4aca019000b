#include <algorithm>

#include "sim/model/inside.hpp"

namespace loopscope::model {
namespace {

using namespace experiment;

Prediction claimed(bool holds, RuleId rule) {
  Prediction prediction;
  prediction.result = Claimed{holds};
  prediction.rule = rule;
  return prediction;
}

std::optional<std::uint16_t> port_of(const World& world, const AddressTerm& term) {
  if (const auto* port = std::get_if<Port>(&term.port)) return number(*port);
  const auto* of = std::get_if<PortOf>(&term.port);
  if (of == nullptr) return std::nullopt;
  for (const auto& process : world.processes) {
    if (!of->process.empty() && process->name != of->process) continue;
    if (const auto* at = process->variables.find(of->variable)) return at->last_port;
  }
  return std::nullopt;
}

bool fits(const World& world, const AddressTerm& term, const SocketAddress& address) {
  if (const auto* ip = std::get_if<IpAddress>(&term.ip);
      ip != nullptr && ip->unmapped() != address.ip.unmapped())
    return false;
  if (std::holds_alternative<Any>(term.port)) return true;
  const auto port = port_of(world, term);
  return port && *port == number(address.port);
}

bool kind_fits(PacketKind kind, bool syn, bool ack, bool fin, bool rst) {
  switch (kind) {
    case PacketKind::Syn:
      return syn && !ack;
    case PacketKind::SynAck:
      return syn && ack;
    case PacketKind::Rst:
      return rst;
    case PacketKind::Fin:
      return fin;
    case PacketKind::Any:
      return true;
  }
  return false;
}

void add_rows(const World& world, const Socket& socket, std::vector<Row>& rows) {
  Row row;
  row.socket = socket.id;
  row.transport = socket.transport;
  row.state = socket.state;
  if (socket.transport == Transport::Udp) {
    if (socket.num == 0) return;
    row.state =
        socket.state == SocketState::Established ? SocketState::Established : SocketState::Unconnected;
  } else if (socket.state == SocketState::Closed) {
    if (socket.num == 0) return;
    row.state = SocketState::Bound;
  }
  const auto ip = socket.receive.is_any() && !socket.source.is_any() ? socket.source : socket.receive;
  row.local = {socket.transport == Transport::Udp ? socket.receive : ip, Port{socket.num}};
  row.any_port = socket.free_choice;
  row.peer = socket.peer;
  if (socket.open && socket.process >= 0)
    row.process = world.processes[static_cast<std::size_t>(socket.process)]->name;
  row.queue = socket.queue.size();
  rows.push_back(row);
  for (const auto& request : socket.requests) {
    if (request.cookie) continue;
    Row half = row;
    half.state = SocketState::SynReceived;
    half.local = {in_family(socket, request.local.ip), request.local.port};
    half.peer = {in_family(socket, request.peer.ip), request.peer.port};
    half.process.clear();
    half.queue = 0;
    rows.push_back(half);
  }
}

}  // namespace

Result stated_in(const World& world, const std::string& process, Result stated) {
  auto* address = std::get_if<AddressTerm>(&stated);
  if (auto* received = std::get_if<Received>(&stated); received != nullptr && received->from)
    address = &*received->from;
  if (address == nullptr) return stated;
  const auto* found = std::get_if<PortOf>(&address->port);
  if (found == nullptr) return stated;
  const PortOf of = *found;
  address->port = Any{};
  for (const auto& owner : world.processes) {
    if (owner->name != (of.process.empty() ? process : of.process)) continue;
    const auto* at = owner->variables.find(of.variable);
    if (at != nullptr && !at->free_choice) address->port = Port{at->last_port};
  }
  return stated;
}

std::vector<Row> socket_table(const World& world, std::size_t host) {
  std::vector<Row> rows;
  world.sockets.each([&](SocketId, const Socket& socket) {
    if (socket.host == host) add_rows(world, socket, rows);
  });
  return rows;
}

namespace {

/// The kernel keeps an orphan whose FIN is acknowledged as a TIME-WAIT socket from there on
/// (tcp_time_wait, with FIN-WAIT-2 as its sub-state): both claims hold on it.
bool is_in_state(const World& world, const Row& row, SocketState state) {
  if (row.state == state) return true;
  return state == SocketState::TimeWait && row.state == SocketState::FinWait2 &&
         look(world, row.socket).time_wait;
}

}  // namespace

Prediction apply_claim(World& world, const SocketClaim& claim) {
  const auto host = find_host(world, claim.host);
  if (!host) return claimed(false, RuleId::claim_socket);
  bool found = false;
  for (const auto& row : socket_table(world, *host)) {
    if (!is_in_state(world, row, claim.state) || !fits(world, claim.local, row.local)) continue;
    if (claim.peer && !fits(world, *claim.peer, row.peer)) continue;
    if (!claim.by.empty() && row.process != claim.by) continue;
    if (!look(world, row.socket).doubt.empty()) return *not_modelled(look(world, row.socket).doubt).done;
    found = true;
    break;
  }
  return claimed(found != claim.none, RuleId::claim_socket);
}

Prediction apply_claim(World& world, const PacketsClaim& claim) {
  if (claim.kind == PacketKind::Any)
    return *not_modelled("how many acknowledgements go by depends on timing").done;
  const auto host = find_host(world, claim.host);
  if (!host) return claimed(false, RuleId::claim_packets);
  if (!world.packets_doubt.empty()) return *not_modelled(world.packets_doubt).done;
  std::uint64_t count = 0;
  for (const auto& packet : *world.hosts[*host].counted) {
    if (!kind_fits(claim.kind, packet.syn, packet.ack, packet.fin, packet.rst)) continue;
    if (claim.from && !fits(world, *claim.from, packet.from)) continue;
    if (claim.to && !fits(world, *claim.to, packet.to)) continue;
    ++count;
  }
  return claimed(count == claim.count, RuleId::claim_packets);
}

Prediction apply_claim(World& world, const HeldClaim& claim) {
  if (!world.packets_doubt.empty()) return *not_modelled(world.packets_doubt).done;
  const Held* held = &world.wire;
  if (claim.where != "wire") {
    const auto host = find_host(world, claim.where);
    if (!host) return claimed(false, RuleId::claim_held);
    held = &world.hosts[*host].held;
  }
  const auto count = std::count_if(held->packets.begin(), held->packets.end(), [&](const Packet& packet) {
    return !claim.kind || kind_fits(*claim.kind, packet.syn, packet.has_ack, packet.fin, packet.rst);
  });
  return claimed(static_cast<std::uint64_t>(count) == claim.count, RuleId::claim_held);
}

}  // namespace loopscope::model
