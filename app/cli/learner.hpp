#pragma once

#include <string>

#include "lessons/engine/learning.hpp"

namespace loopscope::app::cli {

/// What a learner does in the terminal, kept in the same file as the window's. Where nobody types nothing is
/// kept. Says on standard error, once, where it cannot be.
class Learner {
 public:
  Learner(const lessons::Lesson& lesson, bool keeps);

  [[nodiscard]] int page() const;  ///< where he was; 0 where he has not begun, or was done
  void goes_to(int page);
  void answers(const lessons::Quiz& quiz, int choice);
  void meets_goal(int page);
  void is_surprised(lessons::Surprise surprise);  ///< `lesson` is filled in
  [[nodiscard]] bool done() const;

 private:
  lessons::LessonProgress& own() { return progress_.lessons[lesson_.id]; }
  void keep();

  const lessons::Lesson& lesson_;
  bool keeps_;
  std::string path_;
  lessons::Progress progress_;
};

}  // namespace loopscope::app::cli
