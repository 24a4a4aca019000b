#pragma once

#include "sim/base/time.hpp"

namespace loopscope::capture {

/// Turns the wall clock's time (CLOCK_REALTIME, which the kernel stamps packets with) into CLOCK_MONOTONIC
/// since boot.
class ClockOffset {
 public:
  /// Measures the offset: the narrowest of 50 readings of one clock between two of the other (about 40 ns
  /// wide, 5 µs in all).
  ClockOffset();

  /// Measures again where the wall clock was set since (it moved by more than 1 µs against the other). Cheap
  /// otherwise.
  void refresh();
  [[nodiscard]] Nanoseconds to_monotonic(Nanoseconds realtime) const noexcept { return realtime - offset_; }
  [[nodiscard]] Nanoseconds offset() const noexcept { return offset_; }

 private:
  Nanoseconds offset_{};
};

}  // namespace loopscope::capture
