#pragma once

#include <string>

#include "sim/base/time.hpp"

namespace loopscope::app::notation {

/// Three figures and a unit, for a learner: '0 µs', '61.2 µs', '1.40 ms', '612 ms', '1.40 s', '127 s'.
[[nodiscard]] std::string short_time(Nanoseconds time);
/// What is left of a wait, in tenths of seconds: '0.7 s'.
[[nodiscard]] std::string tenths(Nanoseconds time);
/// As strace -r and tcpdump write it, seconds with six decimals: '0.000061'.
[[nodiscard]] std::string seconds(Nanoseconds time);

}  // namespace loopscope::app::notation
