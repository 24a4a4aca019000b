#pragma once

#include <string>
#include <tl/expected.hpp>

namespace loopscope::lab {

/// Why a statement could not be done: a sentence for the learner.
[[nodiscard]] inline tl::unexpected<std::string> trouble(std::string sentence) {
  return tl::unexpected<std::string>(std::move(sentence));
}

}  // namespace loopscope::lab
