#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loopscope::game {

/// Chance from a seed: the same seed gives the same throws on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low) + 1));
  }
  /// True once in `of` times.
  bool one_in(int of) { return below(static_cast<std::size_t>(of)) == 0; }
  bool coin() { return one_in(2); }
  /// One of them; what is listed twice comes twice as often.
  std::string one_of(std::initializer_list<std::string_view> list) {
    return std::string(*(list.begin() + static_cast<std::ptrdiff_t>(below(list.size()))));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace loopscope::game
