#include "lessons/check/form.hpp"

#include <algorithm>

namespace loopscope::lessons::check {
namespace {

constexpr std::size_t least_feedback = 20;  // bytes: 'Wrong.' says nothing about the idea

std::string number(std::size_t count) { return std::to_string(count); }

void check_quiz(const Quiz& quiz, const Wanted& wanted, Problems& problems) {
  if (quiz.choices.size() < wanted.answers)
    problems.add(quiz.line, "this question needs " + number(wanted.answers) + " answers at least");
  for (const auto& choice : quiz.choices)
    if (choice.feedback.size() <= least_feedback)
      problems.add(quiz.line,
                   "the answer '" + choice.text +
                       "' is not explained; say in a sentence which idea is behind it, and what is so");
}

void check_commands(const Lesson& lesson, const Wanted& wanted, Problems& problems) {
  for (const char* system : {"Linux", "macOS", "Windows"}) {
    const auto is = [&](const Command& command) { return command.system == system; };
    if (wanted.every_system && std::none_of(lesson.commands.begin(), lesson.commands.end(), is))
      problems.add(1, "'## Try it' has no command for " + std::string(system));
  }
  for (const auto& command : lesson.commands) {
    if (command.note.empty())
      problems.add(command.line,
                   "say behind the system where this is from: 'measured in the lab', 'from its "
                   "manual page'");
    if (command.system != "Linux" && !command.output.empty())
      problems.add(command.line, "an output is shown only where it was measured, and that is on Linux");
  }
}

void check_goal(const Page& page, Problems& problems) {
  if (page.stage != Stage::Change && page.stage != Stage::Check) return;
  if (!page.goal)
    return problems.add(page.line,
                        "a Change or Check page has a goal: '**Goal:** …', or nothing is learnt here");
  if (page.goal->calls.empty())
    problems.add(page.goal->line, "the goal wants nothing done; put a step with its result into its block");
  if (page.acts.size() < 3)
    problems.add(page.line, "offer three acts ('**Do:** …') at least: with fewer there is nothing to choose");
}

}  // namespace

void check_parts(const Lesson& lesson, const Wanted& wanted, Problems& problems) {
  std::size_t questions = 0;
  for (const auto& page : lesson.pages) {
    questions += page.quizzes.size();
    for (const auto& quiz : page.quizzes) check_quiz(quiz, wanted, problems);
    check_goal(page, problems);
  }
  if (questions < wanted.questions || questions > wanted.most_questions)
    problems.add(1, "the lesson asks " + number(questions) + " questions ('### Quiz: …'); " +
                        number(wanted.questions) + " to " + number(wanted.most_questions) + " are good");
  if (lesson.forecasts.size() < wanted.predictions)
    problems.add(1, "the lesson lets predict " + number(lesson.forecasts.size()) +
                        " results ('### Prediction: …'); " + number(wanted.predictions) + " at least");
  for (const auto& forecast : lesson.forecasts)
    for (const auto& choice : forecast.choices)
      if (choice.feedback.size() <= least_feedback)
        problems.add(forecast.line, "the answer '" + choice.text +
                                        "' is not explained; say in a sentence which idea is behind it");
  check_commands(lesson, wanted, problems);
}

}  // namespace loopscope::lessons::check
