#pragma once

#include "sim/base/time.hpp"

namespace loopscope::tracer {

/// Wakes a process that waits in waitpid(2) (which then gives EINTR) when its control descriptor has
/// something to say, and after a time. One for each process, made while it has one thread.
class Wake {
 public:
  /// `control`: a socket or pipe; -1: none. Throws SystemError.
  explicit Wake(int control);
  ~Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  /// Whether there was a signal since the last question. A signal that comes just before the process waits
  /// is sent again after a moment, so that none is missed.
  [[nodiscard]] bool taken();
  /// One more after this time, unless one is due earlier.
  void after(Nanoseconds time);

 private:
  Nanoseconds due_{};  ///< of CLOCK_MONOTONIC; 0: none is
};

}  // namespace loopscope::tracer
