#pragma once

#include <optional>
#include <string>

#include "lessons/game/round.hpp"

namespace loopscope::app {

/// 'You are the kernel', or the test before and after the course, as they are shown.
struct GameView {
  bool test = false;                         ///< twelve questions, and what was right only at the end
  const game::Question* question = nullptr;  ///< null: the test is over, and its results are shown
  int number = 1, of = 0;                    ///< question 3 (of 12 in the test)
  bool answered = false;                     ///< the learner has chosen, or said 'I don't know'
  std::optional<std::size_t> chosen;         ///< what; nothing: 'I don't know'
  std::optional<game::Verdict> verdict;      ///< once the kernel has answered, too
  std::string feedback;                      ///< to the answer that was chosen; empty where it was right
  std::string no_kernel;                     ///< why the model answers instead; empty: the kernel does
  std::string kernel;                        ///< 'Linux 6.1.0-18-amd64'
  int right = 0, asked = 0;                  ///< since the screen was opened
};

}  // namespace loopscope::app
