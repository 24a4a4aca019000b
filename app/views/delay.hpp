#pragma once

#include "sim/trace/event.hpp"

namespace loopscope::app {

/// A held packet that was delayed: it goes on its way by itself.
struct Delay {
  trace::HeldId packet = 0;
  Nanoseconds until{};  ///< on the run's time axis
};

}  // namespace loopscope::app
