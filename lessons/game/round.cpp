#include "lessons/game/round.hpp"

#include "lessons/game/catalogue.hpp"

namespace loopscope::game {

Verdict judge(const Question& question, const std::optional<experiment::Result>& kernel) {
  Verdict verdict;
  verdict.right = question.predicted;
  verdict.answer = question.answers[question.predicted].name;
  if (!kernel) return verdict;
  const auto measured = answer_of(question, *kernel);
  verdict.by_kernel = measured.has_value();
  verdict.differs = measured != question.predicted;
  verdict.right = measured.value_or(question.predicted);
  verdict.answer = measured ? question.answers[*measured].name : to_string(*kernel);
  return verdict;
}

std::string feedback_to(const Question& question, std::optional<std::size_t> chosen, const Verdict& verdict) {
  if (!chosen || *chosen == verdict.right || *chosen >= question.answers.size()) return "";
  return question.answers[*chosen].feedback;
}

std::vector<Question> make_test(std::uint64_t seed) {
  constexpr int level = 1;
  std::vector<Question> questions;
  for (const auto rule : test_rules()) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;  // Knuth's: another one for each
    if (auto question = make_question(rule, seed >> 16U, level)) questions.push_back(std::move(*question));
  }
  return questions;
}

lessons::TestAnswer test_answer(const Question& question, std::optional<std::size_t> chosen,
                                const Verdict& verdict, double seconds) {
  return {.rule = question.rule,
          .call = question.call,
          .answer = chosen && *chosen < question.answers.size() ? question.answers[*chosen].name : "",
          .right_answer = verdict.answer,
          .by_kernel = verdict.by_kernel,
          .right = chosen == verdict.right,
          .seconds = seconds};
}

}  // namespace loopscope::game
