#pragma once

#include <string>

namespace loopscope::app {

/// The replay's speed as 'how many times slower than it was', on a slider: equal ways are equal factors.
inline constexpr float fastest = 100, slowest = 1'000'000;

/// 0 (slowest) to 1 (fastest).
[[nodiscard]] float speed_to_slider(float slower);
[[nodiscard]] float slider_to_speed(float position);
/// '20,000\u00d7 slower', rounded to two digits.
[[nodiscard]] std::string speed_words(float slower);

}  // namespace loopscope::app
