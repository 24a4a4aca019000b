#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loopscope::lessons {

/// What a learner knows of one rule of the game 'You are the kernel'.
struct RuleRecord {
  int box = 0;  ///< up with each right answer, back to 0 with a wrong one (lessons/game/schedule.hpp)
  int asked = 0, right = 0;
  bool last_right = false;
  std::int64_t due = 0;  ///< comes again once so many questions have been answered in all
};

struct GameRecord {
  std::map<std::string, RuleRecord> rules;  ///< by the rule's name: 'bind.listener'
  std::int64_t asked = 0;                   ///< questions answered in all
  int run = 0, best_run = 0;                ///< right answers one after the other
};

/// One answer of the test before and after the course.
struct TestAnswer {
  std::string rule, call;
  std::string answer;        ///< 'EADDRINUSE'; empty: 'I don't know'
  std::string right_answer;  ///< the kernel's, or the model's where there was no lab
  bool by_kernel = false;    ///< right_answer was measured
  bool right = false;
  double seconds = 0;  ///< from the question to the answer
};

struct TestTaken {
  std::int64_t at = 0;  ///< seconds since 1970, when it was finished
  int lessons_done = 0;
  std::vector<TestAnswer> answers;
};

}  // namespace loopscope::lessons
