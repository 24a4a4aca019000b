#pragma once

#include <chrono>

namespace loopscope {

/// Durations and moments of a trace: nanoseconds of CLOCK_MONOTONIC since the trace's origin.
using Nanoseconds = std::chrono::nanoseconds;
using Milliseconds = std::chrono::milliseconds;
using Microseconds = std::chrono::microseconds;

}  // namespace loopscope
