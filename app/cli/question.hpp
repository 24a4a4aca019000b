#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "app/cli/terminal.hpp"
#include "lessons/engine/lesson.hpp"

/// A `?=` step as a question in the terminal.
namespace loopscope::app::cli {

/// What the learner answered.
struct Guess {
  std::optional<experiment::Result> result;  ///< nothing: 'I don't know'
};

class Question {
 public:
  /// `forecast` may be null: then only the RESULT itself can be typed.
  Question(std::ostream& out, const Terminal& terminal, const lessons::Forecast* forecast,
           const experiment::Statement& statement);

  void put();
  /// Waits for an answer: a choice's number, a RESULT, or an empty line. Nothing at the end of the input.
  [[nodiscard]] std::optional<Guess> wait();
  /// Beside what the kernel answered: whether the guess was right, and the words that go with it.
  void settle(const std::optional<Guess>& guess, const experiment::Result& kernel);
  /// What is to be said of the answers that settle() has not spoken of.
  void others(const std::optional<Guess>& guess, const experiment::Result& kernel);

 private:
  [[nodiscard]] std::optional<experiment::Result> read(const std::string& typed);

  std::ostream& out_;
  const Terminal& terminal_;
  const lessons::Forecast* forecast_;
  const experiment::Statement& statement_;
};

/// Markdown of one line as plain text: without the marks of code and emphasis.
[[nodiscard]] std::string without_marks(const std::string& markdown);

}  // namespace loopscope::app::cli
