#include "app/notation/times.hpp"

#include <fmt/format.h>

#include <cmath>

namespace loopscope::app::notation {

std::string short_time(Nanoseconds time) {
  const double us = static_cast<double>(time.count()) / 1e3;
  struct Unit {
    double factor;
    const char* name;
  };
  constexpr Unit units[] = {{1, "µs"}, {1e3, "ms"}, {1e6, "s"}};
  if (time.count() == 0) return "0 µs";
  for (const auto& unit : units) {
    const double value = us / unit.factor;
    const double size = std::abs(value);
    const bool last = unit.factor == 1e6;
    if (unit.factor == 1 ? size < 99.95 : size < 9.995)
      return fmt::format("{:.{}f} {}", value, unit.factor == 1 ? 1 : 2, unit.name);
    if (size < 99.95) return fmt::format("{:.1f} {}", value, unit.name);
    if (size < 999.5 || last) return fmt::format("{:.0f} {}", value, unit.name);
  }
  return {};
}

std::string tenths(Nanoseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1e9);
}

std::string seconds(Nanoseconds time) {
  return fmt::format("{:.6f}", static_cast<double>(time.count()) / 1e9);
}

}  // namespace loopscope::app::notation
