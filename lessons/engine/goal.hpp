#pragma once

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

struct GoalState {
  bool met = false;
  std::vector<std::string> missing;  ///< what has not happened yet, one sentence each
};
/// Holds a goal against what has happened in a live run. Pure. It is met when each of its calls was taken by
/// an act of the learner with the stated result (stepping through the experiment does not count), its claims
/// hold at the end of the timeline, and the learner has acted at all. A packets claim wants at least COUNT;
/// with 0 there must be none.
[[nodiscard]] GoalState look_at(const Goal& goal, const trace::Timeline& timeline);

}  // namespace loopscope::lessons
