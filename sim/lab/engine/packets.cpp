#include "sim/lab/engine/packets.hpp"

#include <algorithm>

#include "sim/trace/decode.hpp"

namespace loopscope::lab {
namespace {

using experiment::PacketKind;
using trace::Packet;
using trace::Verdict;

// tcp_rto_max_ms as the sandbox sets it for stepping, and a little.
constexpr auto sent_again_within = std::chrono::milliseconds(6000);
constexpr std::uint16_t queue_number = 62;  // one in each network
constexpr std::size_t remembered_let_go = 1024;
constexpr std::size_t remembered_sights = 4096;
constexpr std::size_t remembered_kinds = 100'000;  // a stranger's file may not fill the memory

bool is_kind(const trace::TcpFlags& flags, PacketKind kind) {
  switch (kind) {
    case PacketKind::Syn:
      return flags.syn && !flags.ack;
    case PacketKind::SynAck:
      return flags.syn && flags.ack;
    case PacketKind::Rst:
      return flags.rst;
    case PacketKind::Fin:
      return flags.fin;
    case PacketKind::Any:
      break;
  }
  return true;
}

/// The flags that kinds depend on, as a number; and back.
int packed(const trace::TcpFlags& flags) {
  return (flags.syn ? 1 : 0) | (flags.ack ? 2 : 0) | (flags.rst ? 4 : 0) | (flags.fin ? 8 : 0);
}
trace::TcpFlags unpacked(int bits) {
  trace::TcpFlags flags;
  flags.syn = (bits & 1) != 0;
  flags.ack = (bits & 2) != 0;
  flags.rst = (bits & 4) != 0;
  flags.fin = (bits & 8) != 0;
  return flags;
}

/// The same packet, met at two places of the kernel. Checksums may have been filled in between.
bool same(const Packet& one, const Packet& other) {
  return one.transport == other.transport && one.source == other.source &&
         one.destination == other.destination && one.flags == other.flags && one.sequence == other.sequence &&
         one.acknowledgment == other.acknowledgment && one.length == other.length &&
         one.payload == other.payload;
}

/// The same packet, of which `headers` has only the IP header and the first 20 bytes behind it.
bool has_headers(const Packet& packet, const Packet& headers) {
  // The identification (RFC 791) tells a copy that was sent again from the first one.
  const auto identification = [](const Packet& one) {
    const bool v4 = one.raw.size() >= 20 && one.raw[0] >> 4 == 4;
    return v4 ? one.raw[4] << 8 | one.raw[5] : 0;
  };
  return packet.transport == headers.transport && packet.source == headers.source &&
         packet.destination == headers.destination && packet.flags == headers.flags &&
         packet.sequence == headers.sequence && packet.acknowledgment == headers.acknowledgment &&
         packet.length == headers.length && packet.icmp_type == headers.icmp_type &&
         packet.icmp_code == headers.icmp_code && identification(packet) == identification(headers);
}

}  // namespace

bool Pattern::matches(const SocketAddress& address) const {
  if (port && *port != address.port) return false;
  return !ip || ip->unmapped() == address.ip.unmapped();
}

Packets::Opened Packets::capture_on(const std::string& device) { return capture::Capture::open(device); }

void Packets::watch(Opened capture) {
  if (capture) {
    captures_.push_back(std::move(*capture));
  } else if (why_no_capture_.empty()) {
    why_no_capture_ = capture.error();
  }
}

void Packets::forbid_holding(const std::string& reason) {
  tried_to_hold_ = true;
  why_no_hold_ = reason;
}

bool Packets::can_hold() {
  if (!tried_to_hold_) {
    tried_to_hold_ = true;
    auto holder = hold::Holder::open(queue_number, numbers_);
    if (holder) {
      place_ = std::make_unique<hold::Holder>(std::move(*holder));
    } else {
      why_no_hold_ = holder.error();
    }
  }
  return place_ != nullptr;
}

void Packets::hold_at(std::unique_ptr<hold::Place> place) {
  tried_to_hold_ = true;
  place_ = std::move(place);
}

void Packets::add_descriptors(std::vector<pollfd>& wait) const {
  if (place_) wait.push_back({place_->fd(), POLLIN, 0});
  for (const auto& capture : captures_) wait.push_back({capture.fd(), POLLIN, 0});
}

bool Packets::take() {
  bool held_one = false;
  take_held(held_one);
  take_seen();
  return held_one;
}

void Packets::take_held(bool& held_one) {
  if (!place_) return;
  for (hold::Arrival& arrival : place_->take()) {
    if (arrival.repeats) {
      std::erase_if(lost_, [&](const Lost& lost) { return lost.id == *arrival.repeats; });
      reporter_.say(arrival.monotonic, trace::Retransmission{*arrival.repeats, host_, arrival.packet});
    }
    if (arrival.id == 0) continue;
    reporter_.say(arrival.monotonic, trace::PacketHeld{arrival.id, host_, arrival.hook, arrival.packet});
    held_.emplace(arrival.id, std::move(arrival.packet));
    held_one = true;
  }
}

void Packets::take_seen() {
  for (auto& capture : captures_) {
    for (capture::Captured& one : capture.take()) {
      if (trace::is_link_talk(one.packet)) continue;
      if (concerns_ && !concerns_(one.packet)) continue;
      tally(one.packet);
      remember(one);
      const auto held = passed_as(one.packet, one.leaves);
      reporter_.say(one.monotonic,
                    trace::PacketSeen{host_, capture.device(), std::move(one.packet), held, one.leaves});
    }
  }
}

void Packets::remember(const capture::Captured& one) {
  if (!remembers_) return;
  Sight sight{one.monotonic, one.packet, false, false};
  sight.packet.payload.clear();
  sight.packet.raw.resize(std::min<std::size_t>(sight.packet.raw.size(), 20));
  sights_.push_back(std::move(sight));
  if (sights_.size() > remembered_sights) sights_.pop_front();
}

std::optional<Nanoseconds> Packets::seen_at(const Packet& headers, trace::Hook hook) {
  // The oldest that has not been judged yet: verdicts come in the packets' own order.
  for (Sight& sight : sights_) {
    bool& judged = hook == trace::Hook::Input ? sight.judged_at_input : sight.judged_at_output;
    if (judged || !has_headers(sight.packet, headers)) continue;
    judged = true;
    return sight.at;
  }
  return std::nullopt;
}

/// The id under which a packet that was seen had been held; what was lost and is seen has been sent again.
std::optional<trace::HeldId> Packets::passed_as(const Packet& packet, bool leaves) {
  std::erase_if(lost_, [&](const Lost& lost) { return same(lost.packet, packet); });
  const auto held = was_held(packet);
  return held || leaves || wire_ == nullptr ? held : wire_->passed_as(packet, leaves);
}

std::optional<trace::HeldId> Packets::was_held(const Packet& packet) {
  const auto found = std::find_if(let_go_.begin(), let_go_.end(),
                                  [&](const auto& entry) { return same(entry.second, packet); });
  if (found == let_go_.end()) return std::nullopt;
  const trace::HeldId id = found->first;
  let_go_.erase(found);
  return id;
}

void Packets::tally(const Packet& packet) {
  if (packet.transport != trace::Transport::Tcp) return;
  const Key key{packet.source, packet.destination, packed(packet.flags)};
  if (const auto known = seen_.find(key); known != seen_.end()) {
    ++known->second;
  } else if (seen_.size() < remembered_kinds) {
    seen_.emplace(key, 1);
  }
}

std::uint64_t Packets::count_seen(PacketKind kind, const Pattern& from, const Pattern& to) const {
  std::uint64_t count = 0;
  for (const auto& [key, times] : seen_) {
    const auto& [source, destination, bits] = key;
    if (is_kind(unpacked(bits), kind) && from.matches(source) && to.matches(destination)) count += times;
  }
  return count;
}

std::uint64_t Packets::count_held(std::optional<PacketKind> kind) const {
  return static_cast<std::uint64_t>(std::count_if(held_.begin(), held_.end(), [&](const auto& entry) {
    if (!kind || *kind == PacketKind::Any) return true;
    return entry.second.transport == trace::Transport::Tcp && is_kind(entry.second.flags, *kind);
  }));
}

void Packets::hold_for_experiment(bool on) {
  for_experiment_ = on;
  if (!on) release_oldest(std::nullopt, Verdict::Passed);
  apply_hold();
}

void Packets::hold_for_learner(bool on) {
  for_learner_ = on;
  apply_hold();
}

void Packets::apply_hold() {
  if (!can_hold()) return;
  const bool on = for_experiment_ || for_learner_;
  if (!on) release_oldest(std::nullopt, Verdict::Passed);
  if (on != place_->holding()) place_->hold(on);
}

bool Packets::learner_is_awaited() {
  const Nanoseconds now = monotonic_now();
  std::erase_if(lost_, [&](const Lost& lost) { return lost.expires <= now; });
  return !for_experiment_ && (!lost_.empty() || (for_learner_ && !held_.empty()));
}

/// Only what takes up sequence numbers is sent again (RFC 9293, 3.8.1).
void Packets::remember_lost(trace::HeldId id, Packet packet) {
  const bool sent_again = packet.transport == trace::Transport::Tcp && !packet.flags.rst &&
                          (packet.flags.syn || packet.flags.fin || packet.payload_length > 0);
  if (!sent_again || !for_learner_ || for_experiment_) return;
  const Nanoseconds expires = monotonic_now() + sent_again_within;
  lost_.push_back({id, std::move(packet), expires});
  due_.emplace(expires,
               std::pair{trace::HeldId{0}, Verdict::Passed});  // wakes the loop; nothing is held under 0
}

std::size_t Packets::release_oldest(std::optional<std::uint64_t> count, Verdict verdict) {
  if (!place_) return 0;
  take();
  std::vector<trace::HeldId> oldest;
  for (const auto& [id, packet] : held_) {
    if (count && oldest.size() >= *count) break;
    oldest.push_back(id);
  }
  for (const trace::HeldId id : oldest) release(id, verdict);
  return oldest.size();
}

bool Packets::release(trace::HeldId id, Verdict verdict, bool by_timer) {
  const auto held = held_.find(id);
  if (held == held_.end()) return false;
  // Said before it is done, so that what the packet causes comes after it.
  reporter_.say_now(trace::PacketLetGo{id, verdict, by_timer});
  if (verdict == Verdict::Passed) {
    let_go_.emplace_back(id, std::move(held->second));
    if (let_go_.size() > remembered_let_go) let_go_.pop_front();
  } else {
    remember_lost(id, std::move(held->second));
  }
  held_.erase(held);
  (void)(verdict == Verdict::Passed ? place_->pass(id) : place_->drop(id));
  return true;
}

void Packets::release_later(trace::HeldId id, Milliseconds after, Verdict verdict) {
  due_.emplace(monotonic_now() + after, std::pair{id, verdict});
}

std::optional<Nanoseconds> Packets::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

bool Packets::release_due() {
  bool any = false;
  while (!due_.empty() && due_.begin()->first <= monotonic_now()) {
    const auto [id, verdict] = due_.begin()->second;
    due_.erase(due_.begin());
    any = release(id, verdict, true) || any;
  }
  return any;
}

}  // namespace loopscope::lab
