#include "app/views/speed.hpp"

#include <algorithm>
#include <cmath>

namespace loopscope::app {

float speed_to_slider(float slower) {
  const float position = (std::log(slowest) - std::log(std::clamp(slower, fastest, slowest))) /
                         (std::log(slowest) - std::log(fastest));
  return std::clamp(position, 0.0F, 1.0F);
}

float slider_to_speed(float position) {
  const float exact = std::exp(std::log(slowest) - position * (std::log(slowest) - std::log(fastest)));
  const float unit = std::pow(10.0F, std::floor(std::log10(exact))) / 10;
  return std::clamp(std::round(exact / unit) * unit, fastest, slowest);
}

std::string speed_words(float slower) {
  std::string digits = std::to_string(static_cast<long>(std::lround(slower)));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits + "\xc3\x97 slower";
}

}  // namespace loopscope::app
