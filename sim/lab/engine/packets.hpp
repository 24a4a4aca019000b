#pragma once

#include <poll.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sim/capture/capture.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/hold/hold.hpp"
#include "sim/lab/engine/reporter.hpp"

namespace loopscope::lab {

/// A claim's address with its port known: `*` is nothing.
struct Pattern {
  std::optional<IpAddress> ip;
  std::optional<Port> port;
  /// An IPv4 address and the same one mapped into IPv6 are one.
  [[nodiscard]] bool matches(const SocketAddress& address) const;
};

/// The packets of a host: those that went by, and those that are held. Or those that are held on the wire.
class Packets {
 public:
  Packets(Reporter& reporter, std::string host, hold::Numbers numbers)
      : reporter_(reporter), host_(std::move(host)), numbers_(std::move(numbers)) {}

  /// They are held there, and not on the `lo` of the host that the calling thread is on.
  void hold_at(std::unique_ptr<hold::Place> place);
  /// What comes from other hosts came by it.
  void follow(Packets& wire) { wire_ = &wire; }

  using Opened = tl::expected<capture::Capture, std::string>;
  /// A capture on a device of the host that the calling thread, whichever, is on.
  [[nodiscard]] static Opened capture_on(const std::string& device);
  /// One more. Where it could not be opened, why_no_capture() says so.
  void watch(Opened capture);
  [[nodiscard]] const std::string& why_no_capture() const noexcept { return why_no_capture_; }
  /// Prepares holding, once. False: why_no_hold().
  bool can_hold();
  [[nodiscard]] const std::string& why_no_hold() const noexcept { return why_no_hold_; }
  /// From here on keeps what was seen last, for seen_at().
  void remember_seen() { remembers_ = true; }
  /// When this packet, as a firewall tells of it at `hook`, was seen (CLOCK_MONOTONIC): each sight
  /// counts once for each hook.
  [[nodiscard]] std::optional<Nanoseconds> seen_at(const trace::Packet& headers, trace::Hook hook);
  void take_seen();
  void forbid_holding(const std::string& reason);
  /// From here on what does not pass is as if it had not been seen.
  void keep_only(std::function<bool(const trace::Packet&)> concerns) { concerns_ = std::move(concerns); }

  void add_descriptors(std::vector<pollfd>& wait) const;
  /// Takes in and reports what came. True where a packet was held meanwhile.
  bool take();

  /// The experiment's `packets hold` and `flow`, and the learner's own holding: it holds while either wants
  /// it.
  void hold_for_experiment(bool on);
  void hold_for_learner(bool on);
  [[nodiscard]] bool holding() const noexcept { return for_experiment_ || for_learner_; }
  /// The world waits for a learner, who holds something, or for what he dropped to be sent again: then
  /// nobody's patience counts. Not while the experiment itself holds.
  [[nodiscard]] bool learner_is_awaited();
  [[nodiscard]] bool holds(trace::HeldId id) const { return held_.contains(id); }
  /// The oldest `count` (nothing: all) that are held now. How many there were.
  std::size_t release_oldest(std::optional<std::uint64_t> count, trace::Verdict verdict);
  /// False where nothing is held under this id.
  bool release(trace::HeldId id, trace::Verdict verdict, bool by_timer = false);
  void release_later(trace::HeldId id, Milliseconds after, trace::Verdict verdict);
  /// When the next delayed one is due (CLOCK_MONOTONIC).
  [[nodiscard]] std::optional<Nanoseconds> next_due() const;
  /// Lets go what is due; true where there was one.
  bool release_due();

  [[nodiscard]] std::uint64_t count_seen(experiment::PacketKind kind, const Pattern& from,
                                         const Pattern& to) const;
  [[nodiscard]] std::uint64_t count_held(std::optional<experiment::PacketKind> kind) const;

 private:
  void apply_hold();
  void take_held(bool& held_one);
  [[nodiscard]] std::optional<trace::HeldId> was_held(const trace::Packet& packet);
  void remember(const capture::Captured& one);
  void tally(const trace::Packet& packet);
  void remember_lost(trace::HeldId id, trace::Packet packet);
  [[nodiscard]] std::optional<trace::HeldId> passed_as(const trace::Packet& packet, bool leaves);

  Reporter& reporter_;
  std::string host_;
  std::vector<capture::Capture> captures_;
  std::string why_no_capture_;
  std::function<bool(const trace::Packet&)> concerns_;
  hold::Numbers numbers_;
  std::unique_ptr<hold::Place> place_;
  Packets* wire_ = nullptr;
  bool tried_to_hold_ = false;
  std::string why_no_hold_;
  bool for_experiment_ = false, for_learner_ = false;
  std::map<trace::HeldId, trace::Packet> held_;
  std::deque<std::pair<trace::HeldId, trace::Packet>> let_go_;  ///< not seen by the capture yet
  struct Lost {
    trace::HeldId id;
    trace::Packet packet;
    Nanoseconds expires;  ///< it will not be sent again any more
  };
  std::deque<Lost> lost_;  ///< dropped by the learner and not sent again yet
  std::multimap<Nanoseconds, std::pair<trace::HeldId, trace::Verdict>> due_;
  struct Sight {
    Nanoseconds at{};
    trace::Packet packet;  ///< without its data
    bool judged_at_output = false, judged_at_input = false;
  };
  std::deque<Sight> sights_;  ///< the last ones, where remembers_
  bool remembers_ = false;
  using Key = std::tuple<SocketAddress, SocketAddress, int>;
  std::map<Key, std::uint64_t> seen_;
};

}  // namespace loopscope::lab
