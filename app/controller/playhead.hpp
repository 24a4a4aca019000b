#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/trace/axis.hpp"
#include "sim/trace/timeline.hpp"

namespace loopscope::app {

/// Which moment of a trace is shown. It follows what happens, as a slowed replay that skips idle time, or
/// stands and moves in what has happened. Time comes as a parameter: the same calls give the same moments.
/// Events that can be seen (calls, packets, processes) are the places where it stops; what is known only
/// behind them (socket tables, results) belongs to the one before.
class Playhead {
 public:
  /// How long a packet's way is drawn, at most, in seconds of the window's time.
  static constexpr double longest_motion = 0.6;

  /// What happened since the last call. New events at the end are replayed while it follows; with `at_once`
  /// it jumps behind them.
  void take_in(const trace::Timeline& timeline, bool at_once);
  /// Moves a replay on by the window's time. `slower`: how many times slower than it was. True where it
  /// moved.
  bool advance(double seconds, double slower, bool reduced_motion);

  /// One event forward in what has happened. False where there is none: it follows.
  bool forward();
  void back();
  void jump_to(Nanoseconds moment);
  void to_start();
  void to_end();
  /// Begins a replay (from the start where it stands at the end), or stops it.
  void play_pause();

  [[nodiscard]] Nanoseconds moment() const noexcept { return moment_; }
  /// It follows what happens; it may still be replaying the last of it.
  [[nodiscard]] bool at_end() const noexcept { return follows_; }
  [[nodiscard]] bool playing() const noexcept { return playing_; }
  [[nodiscard]] bool moving() const noexcept { return playing_ || motion_ < 1; }
  /// 0…1: how far the last visible event before the moment is on its way.
  [[nodiscard]] float motion() const noexcept { return static_cast<float>(motion_); }

 private:
  struct Stop {
    Nanoseconds begin{};  ///< the visible event
    Nanoseconds end{};    ///< the last event before the next visible one
  };
  void settle_at(std::size_t stop, bool moves);
  void finish();
  [[nodiscard]] double motion_span(std::size_t reached, double slower) const;
  [[nodiscard]] std::size_t stops_until(Nanoseconds moment) const;

  std::vector<Stop> stops_;
  trace::Axis axis_;
  Nanoseconds end_{};
  std::uint64_t revision_ = 0;

  Nanoseconds moment_{};
  double shown_ = 0;  ///< where a replay is on the axis, nanoseconds
  bool follows_ = true;
  bool playing_ = false;
  double motion_ = 1;       ///< see motion()
  double motion_time_ = 0;  ///< seconds since the last visible event was reached
};

}  // namespace loopscope::app
