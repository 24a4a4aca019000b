#pragma once

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// What a learner sees happen; tables, steps and results only tell what came of it.
[[nodiscard]] bool is_visible(const Fact& fact);

}  // namespace loopscope::trace
