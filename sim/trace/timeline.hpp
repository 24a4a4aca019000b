#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// The events of one run in the order of their time, and what was so at a moment. Grows at the end (packets
/// may arrive a little late and are put where they belong). All questions are pure functions of (events,
/// moment). Not thread-safe.
class Timeline {
 public:
  void add(Event event);
  void clear();

  [[nodiscard]] const std::vector<Event>& events() const noexcept { return events_; }
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  [[nodiscard]] Nanoseconds end() const noexcept;  ///< time of the last event; 0 where empty
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }  ///< changes with every add

  /// Number of events with at <= moment.
  [[nodiscard]] std::size_t count_until(Nanoseconds moment) const;
  /// The events with at <= moment.
  [[nodiscard]] std::span<const Event> until(Nanoseconds moment) const;
  /// The last table of `host` at or before the moment; empty where none.
  [[nodiscard]] std::span<const SocketEntry> sockets_at(std::string_view host, Nanoseconds moment) const;

  struct HeldPacket {
    const Event* event;  ///< its fact is a PacketHeld
    Nanoseconds held_for{};
    int retransmissions = 0;
  };
  /// What is held at the moment, oldest first.
  [[nodiscard]] std::vector<HeldPacket> held_at(Nanoseconds moment) const;

  struct CallSpan {
    const Event* entered;             ///< CallEntered
    const Event* returned = nullptr;  ///< CallReturned; null while under way at the moment
  };
  /// All calls entered by the moment, in order.
  [[nodiscard]] std::vector<CallSpan> calls_until(Nanoseconds moment) const;

  struct ProcessLife {
    const Event* started;          ///< ProcessStarted
    const Event* ended = nullptr;  ///< ProcessEnded
  };
  [[nodiscard]] std::vector<ProcessLife> processes_until(Nanoseconds moment) const;

  /// The result of a step, in the language's notation, once it has finished by the moment.
  [[nodiscard]] std::optional<std::string> result_of_statement(std::uint64_t statement,
                                                               Nanoseconds moment) const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  // Indexes hold positions in events_, each list in the order of time.
  struct Pair {  ///< something that begins and, at last, ends
    std::size_t begin = none;
    std::size_t end = none;
  };
  struct Hold {
    Pair span;
    std::vector<std::size_t> repeats;
  };
  void index(std::size_t position);
  void forget(std::size_t position);  ///< the opposite of index, for the last one indexed

  std::vector<Event> events_;
  std::uint64_t revision_ = 0;
  std::map<std::string, std::vector<std::size_t>, std::less<>> tables_;  ///< by host
  std::vector<Pair> calls_;
  std::unordered_map<CallId, std::size_t> call_by_id_;
  std::vector<Pair> lives_;
  std::map<std::pair<std::string, int>, std::size_t> life_by_process_;
  std::vector<Hold> holds_;
  std::unordered_map<HeldId, std::size_t> hold_by_id_;
  std::unordered_map<std::uint64_t, std::uint64_t> statement_of_step_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> results_;  ///< StepFinished, by statement
};

}  // namespace loopscope::trace
