#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"
#include "sim/lab/session.hpp"

namespace loopscope::lessons::check {

/// Plays one page as a learner does: steps, predicts, presses acts. Waits for facts, never for a time.
class Player {
 public:
  /// Throws where no lab can be made.
  Player(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page);

  /// Presses Step until the experiment is at its end, answering 'I don't know'.
  void step_to_the_end();
  /// Presses the act with that label and waits until all its lines are done.
  void press(const std::string& label);
  /// One line of an act, whatever comes of it; waits until it is done, or for half a second where it waits
  /// its turn behind a blocked one.
  void press_line(const std::string& line);
  /// Waits (at most `patience`) until the page's goal is met.
  [[nodiscard]] bool reaches_goal(Milliseconds patience);

  /// The results of the steps of the last press, with spaces between.
  [[nodiscard]] std::string results_of_last_act() const;

  /// False where this kernel cannot hold packets.
  [[nodiscard]] bool step_by_packet();
  /// Goes on until the next packet is held and the table after it has come; returns its label.
  [[nodiscard]] std::string step_to_held_packet();
  /// State of the socket whose peer is `server`, and of the connection (not the listener) at `server`; "none"
  /// where there is none.
  [[nodiscard]] std::string state_of_peer_at(const std::string& server) const;
  [[nodiscard]] std::string state_of_connection_at(const std::string& server) const;

  [[nodiscard]] const lab::Session& session() const { return *session_; }
  [[nodiscard]] std::vector<std::string> missing() const;
  /// What happened so far, for a failed test.
  [[nodiscard]] std::string story() const;

 private:
  void wait_while_running();
  void let_programs_go();
  bool wait_for_news(int milliseconds);

  [[nodiscard]] std::size_t own_steps() const;

  const Page& page_;
  std::size_t steps_before_press_ = 0;
  std::unique_ptr<lab::Session> session_;
};

}  // namespace loopscope::lessons::check
