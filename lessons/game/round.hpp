#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/engine/game_record.hpp"
#include "lessons/game/question.hpp"

/// A question with its answers: the learner's, the kernel's, and the model's where there is no kernel.
namespace loopscope::game {

struct Verdict {
  std::size_t right = 0;   ///< index of the right answer
  bool by_kernel = false;  ///< it was measured; else the model's
  bool differs = false;    ///< the kernel answered otherwise than the model
  std::string answer;      ///< the right answer in words: its name, or what else the kernel said
};
/// `kernel`: nothing where no lab could be made. What the kernel says counts; where it is none of the answers
/// that can be given, the model's does, and `differs` tells.
[[nodiscard]] Verdict judge(const Question& question, const std::optional<experiment::Result>& kernel);

/// What is said to an answer: why it is not what happens, where it is wrong, or nothing. `chosen` nothing: 'I
/// don't know'.
[[nodiscard]] std::string feedback_to(const Question& question, std::optional<std::size_t> chosen,
                                      const Verdict& verdict);

/// The twelve questions of the test; another seed gives other worlds and numbers.
[[nodiscard]] std::vector<Question> make_test(std::uint64_t seed);
[[nodiscard]] lessons::TestAnswer test_answer(const Question& question, std::optional<std::size_t> chosen,
                                              const Verdict& verdict, double seconds);

}  // namespace loopscope::game
