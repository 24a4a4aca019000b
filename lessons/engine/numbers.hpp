#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace loopscope::lessons {

/// Numbers of a question that are drawn anew each time. As it is written in a lesson, with the numbers that
/// the text shows: 'Numbers: 8080 is any of 1024–49151, 8081 is 8080 + 1.'
class Numbers {
 public:
  /// `text` is what follows 'Numbers:'. Error: what is wrong with it, and what would be right.
  [[nodiscard]] static tl::expected<Numbers, std::string> parse(std::string_view text);

  /// Chooses; until then every number stays as it is written.
  void draw(std::mt19937_64& random);
  /// `text` with the drawn numbers in place of the written ones (whole numbers only: 80 does not touch 8080).
  [[nodiscard]] std::string put_into(std::string_view text) const;

 private:
  struct Number {
    std::int64_t written = 0, low = 0, high = 0;  ///< drawn from low to high…
    std::int64_t base = 0, offset = 0;  ///< …or, where `derived`, the number written as `base`, plus offset
    bool derived = false;
    std::int64_t now = 0;
  };
  std::vector<Number> numbers_;
};

}  // namespace loopscope::lessons
