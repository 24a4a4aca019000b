#pragma once

#include <string>
#include <vector>

namespace loopscope::tests {

/// The acts by which a page's goal is meant to be met.
struct Way {
  std::string lesson;
  std::string page;
  std::vector<std::string> acts;
};
[[nodiscard]] const std::vector<Way>& intended_ways();

}  // namespace loopscope::tests
