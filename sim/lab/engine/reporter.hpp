#pragma once

#include <cstdint>
#include <string>

#include "sim/base/unique_fd.hpp"
#include "sim/trace/event.hpp"

namespace loopscope::lab {

/// CLOCK_MONOTONIC since boot.
[[nodiscard]] Nanoseconds monotonic_now();

/// Writes events to the program.
class Reporter {
 public:
  Reporter(int channel, Nanoseconds origin) : channel_(channel), origin_(origin) {}

  /// `at` is CLOCK_MONOTONIC since boot; the trace's origin is taken off here.
  void say(Nanoseconds at, trace::Fact fact);
  void say_now(trace::Fact fact) { say(monotonic_now(), std::move(fact)); }
  /// Sends what was said. False where the program has gone.
  bool flush();
  void set_origin(Nanoseconds origin) { origin_ = origin; }

 private:
  int channel_;
  Nanoseconds origin_;
  std::string waiting_;
};

}  // namespace loopscope::lab
