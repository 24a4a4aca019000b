#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// A stretch of time in which nothing happened (a learner thinks, a call waits), drawn short, as a break in
/// the axis.
struct Gap {
  Nanoseconds from{}, to{};  ///< in the trace; the events at both ends are outside
  Nanoseconds shown_from{};  ///< on the axis
  Nanoseconds shown_width{};
};

/// A mark of the axis. After each break times count anew: what is told is the distance from the event after
/// it.
struct Tick {
  Nanoseconds shown{};  ///< on the axis
  std::string label;    ///< '1.2 s' at the beginning and after a break, then '+20 µs'
  bool first = false;   ///< the beginning of a stretch between breaks
};

struct AxisOptions {
  Nanoseconds longest_idle = Milliseconds(2);  ///< nothing for longer than this is a gap
  Nanoseconds break_width = Microseconds(40);  ///< how wide a gap is shown
};

/// Maps the time of a trace to the time that is shown on an axis and back: true to scale between gaps, gaps
/// narrow. Monotonic, and exact at events. A pure function of the events. Built in one pass; questions are
/// answered by binary search.
class Axis {
 public:
  Axis() = default;
  explicit Axis(std::span<const Event> events, const AxisOptions& options = {});
  /// The same for the times of events, in their order.
  explicit Axis(std::span<const Nanoseconds> times, const AxisOptions& options = {});

  [[nodiscard]] Nanoseconds to_shown(Nanoseconds moment) const;
  [[nodiscard]] Nanoseconds to_moment(Nanoseconds shown) const;
  [[nodiscard]] Nanoseconds shown_end() const noexcept { return shown_end_; }
  [[nodiscard]] const std::vector<Gap>& gaps() const noexcept { return gaps_; }

  /// Marks between two places of the axis, at round distances, about `count` of them, in order.
  [[nodiscard]] std::vector<Tick> ticks(Nanoseconds shown_from, Nanoseconds shown_to, int count) const;

 private:
  [[nodiscard]] std::size_t gaps_before(Nanoseconds moment) const;

  std::vector<Gap> gaps_;
  Nanoseconds begin_{};  ///< the first event
  Nanoseconds end_{};    ///< the last one
  Nanoseconds shown_end_{};
};

/// '340 ns', '12.5 µs', '3.2 ms', '1.204 s', '2 min 5 s'.
[[nodiscard]] std::string duration_words(Nanoseconds time);
/// Where on the clock a stretch begins, coarse enough to be read at a glance: '0', '340 µs', '3.20 ms',
/// '46 ms', '12.9 s', '2 min 5 s'. What is fine is told by the distances after it.
[[nodiscard]] std::string clock_words(Nanoseconds time);

}  // namespace loopscope::trace
