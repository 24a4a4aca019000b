#include "sim/hold/repeats.hpp"

#include <algorithm>

namespace loopscope::hold {
namespace {

using trace::Packet;
using trace::Transport;

constexpr std::size_t most_known = 4096;
/// A packet that was sent again so soon after it was let go had been put down for it while it was held: TCP's
/// shortest retransmission timeout is 200 ms (TCP_RTO_MIN, include/net/tcp.h), so no loss can have been
/// noticed since.
constexpr Nanoseconds too_soon = Milliseconds(190);

/// Sequence numbers wrap around (RFC 9293, 3.4): one is before another where their distance is negative.
bool at_most(std::uint32_t one, std::uint32_t other) { return static_cast<std::int32_t>(one - other) <= 0; }

/// What the packet takes of the sequence space: SYN and FIN count one each.
std::uint32_t space(const Packet& packet) {
  return packet.payload_length + (packet.flags.syn ? 1U : 0U) + (packet.flags.fin ? 1U : 0U);
}
std::uint32_t end_of(const Packet& packet) { return packet.sequence + space(packet); }

bool same_flow(const Packet& one, const Packet& other) {
  return one.source == other.source && one.destination == other.destination;
}

bool opens_connection(const Packet& packet) { return packet.flags.syn && !packet.flags.ack; }

/// Two packets that take no sequence space (an ACK, a RST) say the same where all but the time stamps is
/// equal.
bool same_words(const Packet& one, const Packet& other) {
  return one.flags == other.flags && one.sequence == other.sequence &&
         one.acknowledgment == other.acknowledgment && one.window == other.window &&
         one.length == other.length;
}

/// Whether `packet` carries nothing that `earlier` did not.
bool covered_by(const Packet& packet, const Packet& earlier) {
  if (packet.flags.syn != earlier.flags.syn || packet.flags.rst != earlier.flags.rst) return false;
  if (packet.flags.ack != earlier.flags.ack && packet.flags.syn) return false;
  if (space(packet) == 0 || space(earlier) == 0)
    return space(packet) == space(earlier) && same_words(packet, earlier);
  return at_most(earlier.sequence, packet.sequence) && at_most(end_of(packet), end_of(earlier));
}

}  // namespace

Repeats::Known* Repeats::find(trace::HeldId id) {
  const auto found =
      std::find_if(known_.begin(), known_.end(), [&](const Known& known) { return known.id == id; });
  return found == known_.end() ? nullptr : &*found;
}

bool Repeats::acknowledgment_held(const Packet& packet) const {
  return std::any_of(known_.begin(), known_.end(), [&](const Known& known) {
    return known.fate == Fate::Held && known.packet.flags.ack && known.packet.source == packet.destination &&
           known.packet.destination == packet.source && at_most(end_of(packet), known.packet.acknowledgment);
  });
}

Repeats::Answer Repeats::look_at(const Packet& packet, Nanoseconds now) const {
  if (packet.transport != Transport::Tcp) return {};
  // From the youngest back to the SYN that opened this connection: what is older belongs to another one on
  // the same ports.
  for (auto known = known_.rbegin(); known != known_.rend(); ++known) {
    if (!same_flow(known->packet, packet)) continue;
    if (covered_by(packet, known->packet)) {
      // An ACK that says the same as one that has gone on is sent for a new reason.
      if (space(packet) == 0 && known->fate != Fate::Held) return {};
      if (known->fate == Fate::Held) return {What::Surplus, known->id};
      if (known->fate == Fate::Dropped) return {What::Again, known->id};
      const bool surplus = acknowledgment_held(packet) || now - known->passed_at < too_soon;
      return {surplus ? What::Surplus : What::Again, known->id};
    }
    if (opens_connection(known->packet)) break;
  }
  return {};
}

void Repeats::held(trace::HeldId id, const Packet& packet) {
  if (packet.transport != Transport::Tcp) return;
  // Forget the oldest that are no longer held.
  while (known_.size() >= most_known) {
    const auto gone = std::find_if(known_.begin(), known_.end(),
                                   [](const Known& known) { return known.fate != Fate::Held; });
    if (gone == known_.end()) break;
    known_.erase(gone);
  }
  Known known{id, packet, Fate::Held, {}};
  known.packet.raw.clear();
  known.packet.payload.clear();
  known_.push_back(std::move(known));
}

void Repeats::passed(trace::HeldId id, Nanoseconds now) {
  if (Known* known = find(id)) {
    known->fate = Fate::Passed;
    known->passed_at = now;
  }
}

void Repeats::dropped(trace::HeldId id) {
  if (Known* known = find(id)) known->fate = Fate::Dropped;
}

}  // namespace loopscope::hold
