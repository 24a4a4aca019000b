#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

namespace loopscope::judge {

/// Chance from a seed: the same seed gives the same throws on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed * 2654435761U + 17) {}

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  bool chance(double share) { return static_cast<double>(engine_() >> 11) < share * 9007199254740992.0; }
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low) + 1));
  }
  /// One of them; what is listed twice comes twice as often.
  const char* one_of(std::initializer_list<const char*> list) {
    return *(list.begin() + static_cast<std::ptrdiff_t>(below(list.size())));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace loopscope::judge
