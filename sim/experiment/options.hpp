#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace loopscope::experiment {

/// How the value of a socket option is written. Error: SO_ERROR, `0` or an errno name.
enum class OptionShape : std::uint8_t { Number, Linger, Timeval, PortRange, Device, Error };

/// socket(7), ip(7), ipv6(7), tcp(7).
struct OptionInfo {
  std::string_view name;
  int level;
  int number;
  OptionShape shape;
};

[[nodiscard]] std::span<const OptionInfo> options();
/// Null where the language has no such option.
[[nodiscard]] const OptionInfo* find_option(std::string_view name);

}  // namespace loopscope::experiment
