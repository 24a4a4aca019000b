#include <algorithm>

#include "sim/model/inside.hpp"

// Connection tracking, as `ct state` asks for it: net/netfilter/nf_conntrack_core.c,
// nf_conntrack_proto_tcp.c and nf_conntrack_proto_udp.c, Linux 6.18.
namespace loopscope::model {
namespace {

using What = Match::What;

bool is_of(const Flow& flow, const SocketAddress& from, const SocketAddress& to, bool udp) {
  return flow.udp == udp && flow.from == from && flow.to == to;
}

/// The way of its first packet. Of a socket that talks to itself every further packet is found as an answer
/// (__nf_conntrack_hash_insert puts that way's entry first).
bool goes_onward(const Flow& flow, const Packet& packet) {
  return flow.from == packet.from && flow.from != flow.to;
}

}  // namespace

bool tracks(const Host& host) {
  const auto asks = [](const FirewallRule& rule) {
    return std::any_of(rule.matches.begin(), rule.matches.end(),
                       [](const Match& match) { return match.what == What::State; });
  };
  return std::any_of(host.input.begin(), host.input.end(), asks) ||
         std::any_of(host.output.begin(), host.output.end(), asks);
}

void track_packet(Host& host, Packet& packet) {
  using Track = Packet::Track;
  const bool icmp = packet.kind == Packet::Kind::IcmpError;
  const bool udp = icmp ? packet.about == Transport::Udp : packet.kind == Packet::Kind::Udp;
  const auto flow = std::find_if(host.flows.begin(), host.flows.end(), [&](const Flow& one) {
    return is_of(one, packet.from, packet.to, udp) || is_of(one, packet.to, packet.from, udp);
  });
  const bool known = flow != host.flows.end();
  if (icmp) {
    packet.track = known ? Track::Related : Track::Invalid;
    return;
  }
  if (udp) {
    const bool onward = known && goes_onward(*flow, packet);
    packet.track = !known || (onward && !flow->replied) ? Track::New : Track::Established;
    if (known && !onward) flow->replied = true;
    return;
  }
  const bool opens = packet.syn && !packet.has_ack;
  if (known && opens && flow->closed_from && flow->closed_to) {
    host.flows.erase(flow);
    packet.track = Track::New;
    return;
  }
  if (!known) {
    // tcp_new: a connection may be picked up in its midst, but not by what ends one or answers a SYN
    packet.track = packet.rst || packet.fin || (packet.syn && packet.has_ack) ? Track::Invalid : Track::New;
    return;
  }
  const bool onward = goes_onward(*flow, packet);
  packet.track = onward && !flow->replied ? Track::New : Track::Established;
  if (packet.rst && !flow->replied) {  // a refusal: forgotten at once
    host.flows.erase(flow);
    return;
  }
  if (!onward) flow->replied = true;
  if (packet.rst) flow->closed_from = flow->closed_to = true;
  if (packet.fin) (onward ? flow->closed_from : flow->closed_to) = true;
}

void confirm_flow(Host& host, const Packet& packet) {
  if (packet.track != Packet::Track::New || packet.kind == Packet::Kind::IcmpError) return;
  const bool udp = packet.kind == Packet::Kind::Udp;
  const bool known = std::any_of(host.flows.begin(), host.flows.end(), [&](const Flow& one) {
    return is_of(one, packet.from, packet.to, udp) || is_of(one, packet.to, packet.from, udp);
  });
  if (!known) host.flows.push_back({packet.from, packet.to, udp});
}

}  // namespace loopscope::model
