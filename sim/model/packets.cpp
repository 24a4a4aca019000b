#include <algorithm>
#include <cerrno>

#include "sim/model/tcp_segments.hpp"
#include "sim/model/waiting.hpp"

namespace loopscope::model {
namespace {

void count(World& world, std::uint8_t host, const Packet& packet) {
  if (packet.kind != Packet::Kind::Tcp) return;
  world.hosts[host].counted.edit().push_back(
      {packet.from, packet.to, packet.syn, packet.has_ack, packet.fin, packet.rst});
}

bool same_packet(const Packet& one, const Packet& other) {
  return one.from == other.from && one.to == other.to && one.seq == other.seq && one.syn == other.syn &&
         one.fin == other.fin && one.bytes == other.bytes;
}

constexpr Time too_soon{190'000};  // nothing can have been missed since it was let go

/// Whether a packet that the kernel sends again says nothing new to who watches what is held.
bool is_surplus(Held& held, const Packet& packet, Time now) {
  if (!packet.retransmission) return false;
  for (auto& one : held.packets) {
    if (same_packet(one, packet)) {
      one.asked_again = true;
      return true;
    }
    const bool answer = one.has_ack && one.from == packet.to && one.to == packet.from;
    if (answer && static_cast<std::int32_t>(one.ack - end_of(packet)) >= 0) return true;
  }
  return std::any_of(held.let_go.begin(), held.let_go.end(), [&](const Held::LetGo& one) {
    return one.from == packet.from && one.to == packet.to && one.seq == packet.seq && now - one.at < too_soon;
  });
}

/// On its way, or held.
void send_off(World& world, std::uint8_t from, Packet packet) {
  if (!packet.local) {
    packet.device = wire_device(world.hosts[packet.to_host]);
    packet.within_connect = false;  // the wire takes longer than what is left of the call
  }
  auto& held = packet.local ? world.hosts[from].held : world.wire;
  if (!held.on) return world.flying.push_back(std::move(packet));
  if (is_surplus(held, packet, world.now)) return;
  packet.within_connect = false;  // it goes on when that has fallen asleep
  held.packets.push_back(std::move(packet));
}

/// What goes out by the network between hosts is seen there, whatever becomes of it; on lo it is seen when it
/// comes in.
void goes_out(World& world, std::uint8_t from, const Packet& packet) {
  if (!packet.local) count(world, from, packet);
}

/// The answer of a rule that rejects: a RST, or an ICMP error, to the sender.
void reject(World& world, std::uint8_t at, const FirewallRule& rule, const Packet& packet) {
  if (packet.kind == Packet::Kind::IcmpError || !(rule.reset || may_send_error(world, at, packet))) return;
  Packet reply;
  // nf_ct_attach: the answer belongs to the connection of what it answers
  if (packet.track != Packet::Track::Unknown && packet.track != Packet::Track::Invalid)
    reply.track = Packet::Track::Related;
  reply.to_host = packet.from_host;
  reply.local = packet.from_host == at;
  reply.device = packet.local ? packet.device : 0;
  if (rule.reset) {
    if (packet.kind != Packet::Kind::Tcp || packet.rst) return;
    reply.kind = Packet::Kind::Tcp;
    reply.from = packet.to;
    reply.to = packet.from;
    reply.rst = true;
    reply.seq = packet.has_ack ? packet.ack : 0;
    reply.has_ack = !packet.has_ack;
    reply.ack =
        packet.seq + static_cast<std::uint32_t>(packet.bytes.size()) + (packet.syn || packet.fin ? 1U : 0U);
  } else {
    if (packet.kind == Packet::Kind::Tcp && packet.rst) return;
    reply.kind = Packet::Kind::IcmpError;
    reply.about = packet.kind == Packet::Kind::Tcp ? Transport::Tcp : Transport::Udp;
    reply.from = packet.from;
    reply.to = packet.to;
    reply.seq = packet.seq;
    reply.error = packet.to.ip.is_v6() ? rule.error_v6 : rule.error;
    reply.hard = rule.hard;
    reply.within_connect = packet.within_connect;
  }
  (void)transmit(world, at, std::move(reply));
}

void arrive(World& world, Packet& packet) {
  if (packet.everybody) {
    for (std::size_t at = 0; at < world.hosts.size(); ++at) {
      if (at == packet.from_host) continue;
      Packet copy = packet;
      copy.everybody = false;
      copy.to_host = static_cast<std::uint8_t>(at);
      copy.device = wire_device(world.hosts[at]);
      arrive(world, copy);
    }
    return;
  }
  auto& host = world.hosts[packet.to_host];
  count(world, packet.to_host, packet);
  const bool error = packet.kind == Packet::Kind::IcmpError;  // `from` and `to` are those of another packet
  if (!packet.local && !error && is_martian(host, packet.from.ip, packet.to.ip)) return;
  const bool comes_in = !packet.local && tracks(host);
  if (!packet.local) packet.track = Packet::Track::Unknown;
  if (comes_in) track_packet(host, packet);
  if (!host.input.empty()) {
    const auto judged = judge_packet(host, host.input, packet, true);
    if (judged.verdict == Verdict::Drop) return tcp_note_loss(world, packet);
    if (judged.verdict == Verdict::Reject) return reject(world, packet.to_host, *judged.rule, packet);
  }
  if (comes_in) confirm_flow(host, packet);
  switch (packet.kind) {
    case Packet::Kind::Tcp:
      return tcp_input(world, packet);
    case Packet::Kind::Udp:
      return udp_input(world, packet);
    case Packet::Kind::IcmpError:
      return packet.about == Transport::Tcp ? tcp_icmp(world, packet) : udp_icmp(world, packet);
  }
}

}  // namespace

bool may_send_error(const World& world, std::uint8_t at, const Packet& packet) {
  const auto& host = world.hosts[at];
  const auto kind = kind_of(host, packet.to.ip);
  const bool everybody = packet.to_group || packet.everybody || kind == AddressKind::Multicast ||
                         (!packet.local && kind == AddressKind::Broadcast);
  if (everybody) return false;
  return !packet.local || packet.to.ip.is_v6() || owner_device(host, packet.to.ip) != 0;
}

bool has_way_back(const World& world, const Packet& packet) {
  if (!packet.local) return true;
  const auto route = find_route(world, packet.to_host, packet.from.ip, packet.to.ip, 0, true);
  return route.error == 0 && route.local;
}

bool transmit(World& world, std::uint8_t from, Packet packet) {
  packet.from_host = from;
  auto& host = world.hosts[from];
  const bool tracked = tracks(host);
  if (tracked && packet.track == Packet::Track::Unknown) track_packet(host, packet);
  if (!host.output.empty()) {
    const auto judged = judge_packet(host, host.output, packet, false);
    if (judged.verdict == Verdict::Drop) return false;
    if (judged.verdict == Verdict::Reject) {
      reject(world, from, *judged.rule, packet);
      return false;
    }
  }
  if (tracked) confirm_flow(host, packet);
  goes_out(world, from, packet);
  send_off(world, from, std::move(packet));
  return true;
}

bool send_to_everybody(World& world, std::uint8_t from, Packet packet) {
  packet.everybody = true;
  packet.local = false;
  packet.to_host = from;
  Packet own = packet;  // ip_mc_output sends its own host a copy
  if (!transmit(world, from, std::move(packet))) return false;
  own.everybody = false;
  own.local = true;
  own.from_host = from;
  own.device = wire_device(world.hosts[from]);
  world.flying.push_front(std::move(own));
  return true;
}

void deliver_all(World& world) {
  while (!world.flying.empty()) {
    auto packet = std::move(world.flying.front());
    world.flying.pop_front();
    arrive(world, packet);
  }
}

void let_go(World& world, Held& held, std::uint64_t count) {
  std::erase_if(held.let_go, [&](const Held::LetGo& one) { return world.now - one.at > Time{1'000'000}; });
  for (; count > 0 && !held.packets.empty(); --count) {
    const auto& first = held.packets.front();
    if (!first.bytes.empty() || first.syn || first.fin)
      held.let_go.push_back({first.from, first.to, first.seq, world.now});
    world.flying.push_back(std::move(held.packets.front()));
    held.packets.pop_front();
  }
}

void lose(World& world, Held& held, std::uint64_t count) {
  std::vector<Packet> again;
  for (; count > 0 && !held.packets.empty(); --count) {
    auto lost = std::move(held.packets.front());
    held.packets.pop_front();
    tcp_note_loss(world, lost);
    if (lost.asked_again && !lost.syn) again.push_back(std::move(lost));
  }
  for (auto& packet : again) {
    const auto sender = find_connection(world, packet.from_host, packet.from, packet.to, 0);
    if (sender == no_socket || look(world, sender).time_wait) continue;
    packet.asked_again = false;
    (void)transmit(world, packet.from_host, std::move(packet));
  }
}

}  // namespace loopscope::model
