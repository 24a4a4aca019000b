#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/views/delay.hpp"
#include "app/views/explanation.hpp"
#include "app/views/files.hpp"
#include "app/views/settings_values.hpp"
#include "app/views/written.hpp"
#include "lessons/cases/case_file.hpp"
#include "lessons/engine/goal.hpp"
#include "lessons/engine/lesson.hpp"
#include "lessons/engine/library.hpp"
#include "lessons/engine/progress.hpp"
#include "sim/lab/doctor.hpp"
#include "sim/lab/session.hpp"
#include "sim/trace/timeline.hpp"

/// What the views draw from: read-only, assembled by the controller before each frame. Views never ask the
/// kernel or the lab.
namespace loopscope::app {

/// File: an experiment or a trace that was opened, in the place of a lesson.
/// Game: 'You are the kernel', and the test. Case: a case file.
enum class Screen : std::uint8_t { Home, Lesson, File, Game, Case };

struct GameView;
struct CaseNow;  ///< case_now.hpp

/// What the live session says, as values: views draw from this, never from the session, so that they can be
/// tested and pictured from a recorded trace.
struct Live {
  lab::Phase phase = lab::Phase::Ready;
  std::size_t next_statement = 0;
  std::vector<lab::Prediction> predictions;
  lab::StepBy step_by = lab::StepBy::Call;
  bool can_hold_packets = false;
  std::string why_no_hold;
  std::string trouble;
  bool opening = false;          ///< the world is being made: nothing has begun
  bool on_this_machine = false;  ///< on its own loopback, not in a private lab
  std::string why_no_capture;    ///< empty: packets are seen
};
/// Copies what a session says.
[[nodiscard]] inline Live live_of(const lab::Session& session) {
  return {session.phase(),
          session.next_statement(),
          session.predictions(),
          session.step_by(),
          session.can_hold_packets(),
          session.why_no_hold(),
          session.trouble(),
          false,
          session.on_this_machine(),
          session.why_no_capture()};
}

struct Snapshot {
  Screen screen = Screen::Home;
  bool settings_open = false;
  const Settings* settings = nullptr;
  const lessons::Library* library = nullptr;  ///< parts, lessons, and those still to come
  const std::vector<lessons::Lesson>* lessons = nullptr;
  const lessons::Progress* progress = nullptr;
  const std::vector<lab::Finding>* findings = nullptr;  ///< what this machine allows

  const GameView* game = nullptr;  ///< on the screen of the game and the test; null elsewhere
  const std::vector<lessons::Case>* cases = nullptr;  ///< the case files, by number
  const CaseNow* case_now = nullptr;                  ///< the one that is open; null: none is

  // ---- the lesson screen
  const lessons::Lesson* lesson = nullptr;
  int page = 0;
  const lab::Session* session = nullptr;  ///< null where no lab could be made, or the page has no experiment
  std::optional<Live> live;               ///< what it says; nothing where there is none
  bool replaying = false;                 ///< what was done by hand is being done again
  std::string refusal;                    ///< why there is no lab
  bool on_this_machine = false;           ///< experiments are to run on this machine's own loopback
  const trace::Timeline* timeline = nullptr;
  const experiment::Experiment* experiment = nullptr;
  Nanoseconds moment{};  ///< the playhead: everything is drawn as it was then
  bool at_end = true;    ///< the playhead follows what happens
  bool playing = false;
  /// 0…1: how far the last fact before the moment is drawn on its way (a packet on the U). 1 with reduced
  /// motion.
  float progress_of_motion = 1.0F;
  // ---- what the model says beside the kernel
  const std::vector<Explanation>* explanations =
      nullptr;                               ///< of every finished step; null where nothing is live
  const Explanation* explanation = nullptr;  ///< of the step at the playhead; null where none
  const Trial* trial = nullptr;              ///< what is shown is a remedy's run; null in the original
  std::string report;                ///< where the disagreement at the playhead was written; empty: it wasn't
  const Written* written = nullptr;  ///< the experiment with what was done by hand; null where there is none
  const Files* files = nullptr;      ///< null where there is nothing to do with files
  std::vector<Delay> delays;         ///< held packets that go by themselves
  lessons::GoalState goal;
  std::string selected;  ///< see action::Select
  std::string message;   ///< a passing notice ('copied'), empty otherwise
  const std::vector<std::string>* notices =
      nullptr;  ///< what the learner should know and may put away; null where there are none
};

}  // namespace loopscope::app
