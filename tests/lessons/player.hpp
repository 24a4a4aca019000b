#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"
#include "sim/lab/session.hpp"

namespace loopscope::tests {

/// Plays one page as a learner does: steps, predicts, presses acts. Waits for facts, never for a time.
class Player {
 public:
  /// Throws where no lab can be made.
  Player(sandbox::Launcher& launcher, const lessons::Lesson& lesson, const lessons::Page& page);

  /// Presses Step until the experiment is at its end, answering 'I don't know'.
  void step_to_the_end();
  /// Presses the act with that label and waits until all its lines are done.
  void press(const std::string& label);
  /// One line of an act, whatever comes of it; waits until it is done, or for half a second where it waits
  /// its turn behind a blocked one.
  void press_line(const std::string& line);
  /// Waits (at most `patience`) until the page's goal is met.
  [[nodiscard]] bool reaches_goal(Milliseconds patience);

  [[nodiscard]] const lab::Session& session() const { return *session_; }
  [[nodiscard]] std::vector<std::string> missing() const;
  /// What happened so far, for a failed test.
  [[nodiscard]] std::string story() const;

 private:
  void wait_while_running();
  bool wait_for_news(int milliseconds);

  const lessons::Page& page_;
  std::unique_ptr<lab::Session> session_;
};

}  // namespace loopscope::tests
