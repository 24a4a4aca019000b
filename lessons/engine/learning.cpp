#include "lessons/engine/learning.hpp"

namespace loopscope::lessons {
namespace {

bool answered_rightly(const Quiz& quiz, const LessonProgress& done) {
  const auto answer = done.answers.find(quiz.id);
  if (answer == done.answers.end() || answer->second < 0) return false;
  const auto choice = static_cast<std::size_t>(answer->second);
  return choice < quiz.choices.size() && quiz.choices[choice].right;
}

}  // namespace

bool check_is_met(const Lesson& lesson, const LessonProgress& done) {
  bool any = false;
  for (std::size_t index = 0; index < lesson.pages.size(); ++index) {
    const Page& page = lesson.pages[index];
    if (page.stage != Stage::Check) continue;
    if (page.goal && !done.goals_met.contains(static_cast<int>(index))) return false;
    for (const Quiz& quiz : page.quizzes)
      if (!answered_rightly(quiz, done)) return false;
    any = any || page.goal || !page.quizzes.empty();
  }
  return any;
}

void note_surprise(Progress& progress, Surprise surprise) {
  std::erase_if(progress.surprises, [&](const Surprise& old) {
    return old.lesson == surprise.lesson && old.question == surprise.question;
  });
  progress.surprises.push_back(std::move(surprise));
}

}  // namespace loopscope::lessons
