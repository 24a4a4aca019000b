#pragma once

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

struct GoalState {
  bool met = false;
  std::vector<std::string> missing;  ///< what has not happened yet, one sentence each
};
/// Holds a goal against what has happened in a live run. Pure.
[[nodiscard]] GoalState look_at(const Goal& goal, const trace::Timeline& timeline);

}  // namespace loopscope::lessons
