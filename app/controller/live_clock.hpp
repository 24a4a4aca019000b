#pragma once

#include "sim/trace/timeline.hpp"

namespace loopscope::app {

/// The clock of a live run that waits: while a packet is held, a call is blocked or a socket's timer runs,
/// time goes on though nothing happens, and the moment shown goes on with it. It says how often the picture
/// is worth a frame (a program that nobody touches draws seldom) and when a fresh socket table is due, so
/// that states and timers are measured. Pure: time comes as a parameter, in nanoseconds since the run's
/// start.
class LiveClock {
 public:
  /// What happened since the last call. `alive`: the world is still there.
  void take_in(const trace::Timeline& timeline, bool alive);
  /// True where the moment shown went on.
  bool advance(Nanoseconds now, bool reduced_motion);
  /// True once each time that a fresh table is due. The longer the wait, the rarer: their number grows with
  /// the logarithm of the time, so that a run left alone over night stays small.
  [[nodiscard]] bool takes_table(Nanoseconds now);

  /// What a frame costs, as it was measured: without a graphics card 20 to 50 ms, and then the clock must go
  /// on seldom. A program that nobody touches is to use less than 1 % of a core.
  void frame_costs(Nanoseconds processor_time);
  /// A frame is drawn for another reason: it shows what the time is.
  void touch(Nanoseconds now);

  /// Something waits, and time matters to it.
  [[nodiscard]] bool running() const noexcept { return running_; }
  /// The moment to show, while running.
  [[nodiscard]] Nanoseconds moment() const noexcept { return moment_; }
  /// How long until advance() or takes_table() has something to do; while running.
  [[nodiscard]] Nanoseconds until_next(Nanoseconds now) const;

 private:
  bool running_ = false;
  std::uint64_t revision_ = 0;
  Nanoseconds since_{};  ///< the last thing that happened, other than by a timer
  Nanoseconds moment_{};
  Nanoseconds next_moment_{};
  Nanoseconds next_table_{};
  Nanoseconds least_pause_{};
};

}  // namespace loopscope::app
