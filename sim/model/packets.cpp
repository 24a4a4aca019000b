#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

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

/// The answer of a rule that rejects: a RST, or an ICMP error, to the sender.
void reject(World& world, std::uint8_t at, const FirewallRule& rule, const Packet& packet) {
  if (packet.kind == Packet::Kind::IcmpError) return;
  Packet reply;
  reply.from_host = at;
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
    reply.error = packet.to.ip.is_v6() ? rule.error_v6 : rule.error;
    reply.hard = rule.hard;
    reply.within_connect = packet.within_connect;
  }
  world.flying.push_back(std::move(reply));
}

void arrive(World& world, const Packet& packet) {
  auto& host = world.hosts[packet.to_host];
  count(world, packet.to_host, packet);
  if (!packet.local) count(world, packet.from_host, packet);
  if (!host.input.empty()) {
    const auto judged = judge_packet(host, host.input, packet, true);
    if (judged.verdict == Verdict::Drop) return;
    if (judged.verdict == Verdict::Reject) return reject(world, packet.to_host, *judged.rule, packet);
    note_flow(host, packet);
  }
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

bool transmit(World& world, std::uint8_t from, Packet packet) {
  packet.from_host = from;
  auto& host = world.hosts[from];
  if (!host.output.empty()) {
    const auto judged = judge_packet(host, host.output, packet, false);
    if (judged.verdict == Verdict::Drop) return false;
    if (judged.verdict == Verdict::Reject) {
      reject(world, from, *judged.rule, packet);
      return false;
    }
  }
  if (!host.output.empty() || !host.input.empty()) note_flow(host, packet);
  auto& held = packet.local ? host.held : world.wire;
  if (held.on) {
    if (packet.retransmission && std::any_of(held.packets.begin(), held.packets.end(),
                                             [&](const Packet& one) { return same_packet(one, packet); })) {
      return true;  // a retransmission of what is held is not held a second time
    }
    packet.within_connect = false;  // it goes on when that has fallen asleep
    held.packets.push_back(std::move(packet));
    return true;
  }
  world.flying.push_back(std::move(packet));
  return true;
}

void deliver_all(World& world) {
  while (!world.flying.empty()) {
    const auto packet = std::move(world.flying.front());
    world.flying.pop_front();
    arrive(world, packet);
  }
}

}  // namespace loopscope::model
