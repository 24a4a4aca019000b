#pragma once

#include <string>
#include <vector>

#include "lessons/engine/game_record.hpp"

/// What the test before and after the course has shown.
namespace loopscope::game {

struct Gain {
  std::string rule, sentence;
  bool before = false, after = false;  ///< right in the first test, in the last one
};
/// By rule, in the order of the test: the first test against the last. Empty before a second was taken.
[[nodiscard]] std::vector<Gain> gains_of(const std::vector<lessons::TestTaken>& tests);
[[nodiscard]] int right_of(const lessons::TestTaken& test);

/// RFC 4180, with a header: test (1 is the one before the course), taken_at (UTC, ISO 8601), lessons_done,
/// question (1…12), rule, call, answer (empty: none), right_answer, answered_by (kernel or model), correct (1
/// or 0), seconds. One line an answer.
[[nodiscard]] std::string to_csv(const std::vector<lessons::TestTaken>& tests);

}  // namespace loopscope::game
