#pragma once

#include <string>

#include "tests/support/catch.hpp"

namespace loopscope::tests {

/// A text that holds `part`. Catch2 2 calls the matcher Contains, which in Catch2 3 is about elements.
inline auto ContainsText(const std::string& part) {
#if CATCH_VERSION_MAJOR >= 3
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace loopscope::tests
