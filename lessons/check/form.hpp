#pragma once

#include <cstddef>
#include <string>

#include "lessons/engine/lesson.hpp"
#include "lessons/engine/problems.hpp"

/// What can be said of a lesson without running it, beyond what load_lesson() wants. Each takes the text of
/// lesson.md as it is written, since a reader in a browser sees that.
namespace loopscope::lessons::check {

/// How much a lesson has to bring. The program's own lessons want more than a first lesson of one's own.
struct Wanted {
  std::size_t questions = 1, most_questions = 5, predictions = 1;
  std::size_t answers = 2;
  bool every_system = false;  ///< commands for Linux, macOS and Windows
};
inline constexpr Wanted wanted_of_the_program{
    .questions = 3, .most_questions = 5, .predictions = 2, .answers = 3, .every_system = true};

/// Predictions, questions with an answer to each misconception, goals that let one choose, commands.
void check_parts(const Lesson& lesson, const Wanted& wanted, Problems& problems);
/// Pages of a size that can be read, words that are short enough to be buttons.
void check_sizes(const Lesson& lesson, Problems& problems);
/// What a browser needs to show the file well, and the field's own spelling of states and errors.
void check_markdown(const std::string& text, Problems& problems);

}  // namespace loopscope::lessons::check
