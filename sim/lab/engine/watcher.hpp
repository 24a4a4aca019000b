#pragma once

#include "sim/base/unique_fd.hpp"

namespace loopscope::lab {

inline constexpr char watch_mark =
    'W';  ///< the first byte on a channel that asks for a program to be watched

/// Starts the program that the channel asks for (lab/watch.hpp is the other end), tells of its network calls
/// until it and all that it started have ended, and returns.
void run_watcher(UniqueFd channel);

}  // namespace loopscope::lab
