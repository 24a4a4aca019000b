#include "app/cli/question.hpp"

#include <charconv>
#include <utility>

#include "app/cli/keyboard.hpp"
#include "app/cli/step_text.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::app::cli {

std::string without_marks(const std::string& markdown) {
  std::string text;
  bool in_code = false;
  for (const char letter : markdown) {
    if (letter == '`')
      in_code = !in_code;
    else if (in_code || letter != '*')
      text += letter;
  }
  return text;
}

Question::Question(std::ostream& out, const Terminal& terminal, const lessons::Forecast* forecast,
                   const experiment::Statement& statement)
    : out_(out), terminal_(terminal), forecast_(forecast), statement_(statement) {}

void Question::put() {
  const std::string text = forecast_ != nullptr ? without_marks(forecast_->text)
                                                : "What does " + call_text(statement_) + " of " +
                                                      process_of(statement_) + " give?";
  out_ << "\n" << terminal_.paint(Style::Ask, wrapped("? " + text, 2, terminal_.columns));
  if (forecast_ == nullptr) return;
  for (std::size_t index = 0; index < forecast_->choices.size(); ++index) {
    out_ << wrapped(std::to_string(index + 1) + ") " + without_marks(forecast_->choices[index].text), 4,
                    terminal_.columns);
  }
}

std::optional<experiment::Result> Question::read(const std::string& typed) {
  std::size_t number = 0;
  const char* end = typed.data() + typed.size();
  const auto [stop, error] = std::from_chars(typed.data(), end, number);
  const bool is_number = error == std::errc{} && stop == end;
  if (is_number && forecast_ != nullptr && number >= 1 && number <= forecast_->choices.size()) {
    return forecast_->choices[number - 1].result;
  }
  const auto result = experiment::parse_result(typed);
  if (result) return *result;
  out_ << "  " << result.error().message << "\n";
  return std::nullopt;
}

std::optional<Guess> Question::wait() {
  const bool has_choices = forecast_ != nullptr && !forecast_->choices.empty();
  const std::string prompt =
      has_choices ? "  your prediction (a number, or Enter for \"I don't know\") › "
                  : "  your prediction (a RESULT like ok or EADDRINUSE, or Enter for \"I don't know\") › ";
  while (true) {
    const auto typed = ask(terminal_.paint(Style::Ask, prompt));
    if (!typed) return std::nullopt;
    if (typed->find_first_not_of(" \t") == std::string::npos) return Guess{};
    Guess guess;
    guess.result = read(*typed);
    if (guess.result) return guess;
  }
}

void Question::settle(const std::optional<Guess>& guess, const experiment::Result& kernel) {
  const bool guessed = guess && guess->result;
  const bool right = guessed && agree(statement_, *guess->result, kernel);
  if (right)
    out_ << terminal_.paint(Style::Good, "    ✓ you predicted it") << "\n";
  else if (guessed)
    out_ << terminal_.paint(Style::Doubt, "    you predicted " + result_with_words(*guess->result)) << "\n";
  if (forecast_ == nullptr) return;
  // The words of the learner's own choice; of the right one where there was none.
  const experiment::Result& wanted = guessed ? *guess->result : kernel;
  for (const lessons::ForecastChoice& choice : forecast_->choices) {
    if (!agree(choice.result, wanted)) continue;
    out_ << wrapped(without_marks(choice.feedback), 4, terminal_.columns);
    return;
  }
}

void Question::others(const std::optional<Guess>& guess, const experiment::Result& kernel) {
  if (forecast_ == nullptr) return;
  const experiment::Result& told = guess && guess->result ? *guess->result : kernel;
  bool passed = false;
  for (std::size_t index = 0; index < forecast_->choices.size(); ++index) {
    const lessons::ForecastChoice& choice = forecast_->choices[index];
    if (!std::exchange(passed, passed || agree(choice.result, told)) && passed) continue;
    const std::string mark = agree(choice.result, kernel) ? "✓ " : "✗ ";
    out_ << terminal_.paint(
        Style::Faint, wrapped(mark + std::to_string(index + 1) + ") " + without_marks(choice.feedback), 4,
                              terminal_.columns));
  }
}

}  // namespace loopscope::app::cli
