#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/controller/by_hand.hpp"
#include "app/controller/case_desk.hpp"
#include "app/controller/lesson_watch.hpp"
#include "app/controller/live_clock.hpp"
#include "app/controller/playhead.hpp"
#include "app/controller/reasoning.hpp"
#include "app/views/program.hpp"
#include "lessons/cases/case_session.hpp"
#include "lessons/engine/library.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::app {

class KernelGame;

/// What stands behind the screen: the lessons, what the learner has done, the live session and the moment
/// that is shown. It assembles the snapshot that views draw from and carries out what was asked for. Knows no
/// window. One thread: the one that made it. Ending: the destructor ends the world that is live.
class Controller final : public Program {
 public:
  struct Options {
    Settings settings;          ///< as they were found on disk; the shell keeps them there
    std::string progress_path;  ///< lessons/engine/progress.hpp; empty: nothing is kept
    /// What this machine allows. Nothing given: it is examined when the home screen has first been shown
    /// (about 0.1 s).
    std::vector<lab::Finding> findings;
    /// CLOCK_MONOTONIC; tests give their own.
    std::function<Nanoseconds()> clock;
    /// Where disagreements of kernel and model are written when asked to; empty: nowhere.
    std::string reports_folder;
    std::uint64_t game_seed = 0;  ///< draws the questions of the game and the test; 0: another one each time
    /// Lessons of a course of one's own start their programs without being asked about.
    bool allow_programs = false;
    /// Folder of a lesson of one's own that is read again as its files are saved; empty: none.
    std::string preview;
    Reasoning::Model model = &model::apply;  ///< what a test may replace
  };
  /// `launcher` must outlive it and have been made before any thread.
  Controller(sandbox::Launcher& launcher, lessons::Library library, Options options);
  ~Controller() override;
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  [[nodiscard]] int fd() const override;
  bool advance(double seconds) override;
  [[nodiscard]] bool moving() const override;
  [[nodiscard]] double seconds_to_change() const override;
  void frame_costs(double processor_seconds) override;
  void tell(std::string notice) override;
  [[nodiscard]] const Snapshot& snapshot() override;
  void carry_out(const Actions& actions) override;

  /// $XDG_STATE_HOME/loopscope/progress.json, or below ~/.local/state (XDG Base Directory Specification).
  [[nodiscard]] static std::string usual_progress_path();
  /// $XDG_DATA_HOME/loopscope/reports, or below ~/.local/share.
  [[nodiscard]] static std::string usual_reports_folder();

 private:
  struct Carry;  ///< actions.cpp: one overload an action

  // ---- controller.cpp
  bool take_in();
  bool go_on_with_the_clock();
  bool go_on_with_delays();
  bool examine();
  [[nodiscard]] bool shows_now() const;
  [[nodiscard]] Nanoseconds run_time() const;
  void say(std::string message);
  // ---- actions.cpp
  void open_lesson(const std::string& id_or_number);
  void go_to_page(int page);
  void go_home();
  void start_run(const std::string& file);  ///< with nothing done by hand
  void begin_run();
  void end_run();
  bool take_opened();
  void finish_opening();
  void step_forward();
  void perform(const std::vector<std::string>& lines);
  // ---- deeds.cpp: what is done by hand, taken back, done again
  void do_deed(const std::vector<std::string>& lines);
  void block(const action::BlockListener& block);
  void undo();
  void start_over();
  void redo();
  void do_again();
  bool do_next_deed();
  void end_of_doing_again();
  void show_written(Snapshot& now);
  // ---- files.cpp: experiments and traces of the user's own
  void open_file(const std::string& path);
  void read_experiment(const std::string& path);
  void read_recording(const std::string& path);
  void open_experiment(experiment::Experiment experiment);
  void close_file();
  void ask_for_file(bool saves);
  void look_at_path(const std::string& text);
  void answer_programs(bool yes);
  void save_experiment(const std::string& path, bool replace);
  [[nodiscard]] const experiment::Experiment* experiment_to_run() const;
  // ---- courses.cpp: lessons of one's own
  [[nodiscard]] bool may_open(const lessons::Lesson& lesson);
  void answer_lesson(bool yes);
  bool look_at_preview();
  void reload_preview();
  void tell_of_preview(const std::vector<lessons::LessonProblem>& problems);
  // ---- trial.cpp: a remedy's run, and what is told of the model
  void try_remedy(std::size_t index);
  void start_trial();
  void leave_trial();
  void hurry_on();
  void note_trial();
  void report_disagreement();
  void show_reasoning(Snapshot& now) const;
  // ---- practice.cpp: the game, the test, and surprises seen again
  void open_game(bool test);
  void leave_game();
  bool go_on_with_the_game();
  void export_test();
  void replay_surprise(std::size_t index);
  // ---- cases.cpp
  void open_case(const std::string& id);
  void start_case(const lessons::Case& one);
  void restart_case();
  bool take_in_case();
  void keep_case();
  void do_with_case(const Action& what);
  void show_case(Snapshot& now);
  [[nodiscard]] int case_fd() const;
  // ---- learning.cpp: what the learner has done
  void load_progress();
  void keep_progress();
  void look_at_goal();
  void note_surprises();
  void answer(const std::string& quiz, int choice);
  [[nodiscard]] const lessons::Page* current_page() const;

  sandbox::Launcher& launcher_;
  lessons::Library library_;
  Options options_;
  lessons::Progress progress_;
  bool told_of_progress_ = false;  ///< that it cannot be kept: once is enough
  bool may_keep_progress_ = true;  ///< not over a file that could not be read or moved aside

  lessons::CaseLibrary cases_;
  std::unique_ptr<CaseDesk> case_;  ///< lives on while another screen is shown
  Screen screen_ = Screen::Home;
  bool settings_open_ = false;
  const lessons::Lesson* lesson_ = nullptr;
  int page_ = 0;
  std::unique_ptr<lab::Session> session_;
  std::unique_ptr<lab::Session::Opening> opening_;  ///< session_ is being made
  lab::StepBy opening_by_ = lab::StepBy::Call;      ///< how it will be stepped
  std::string run_file_;                            ///< which experiment the session runs
  std::string refusal_;
  bool on_this_machine_ = false;  ///< where experiments run
  Playhead playhead_;
  LiveClock clock_;
  Reasoning reasoning_;
  /// The run that a remedy came from, waiting while the remedy's is shown.
  struct Original {
    std::unique_ptr<lab::Session> session;
    Playhead playhead;
    LiveClock clock;
    Reasoning reasoning;
  };
  std::optional<Original> original_;
  Trial trial_;
  experiment::Experiment trial_experiment_;
  bool hurrying_ = false;                         ///< it goes on by itself up to the step that had failed
  std::map<std::uint64_t, std::string> reports_;  ///< paths, by step of the run that is shown
  trace::Timeline no_timeline_;
  Files files_;
  /// The experiment of the file that is open, or of the recording; nothing where a lesson is.
  std::optional<experiment::Experiment> opened_;
  std::optional<experiment::Experiment> asked_about_;  ///< it starts programs
  trace::Timeline recorded_;
  std::string asked_lesson_;               ///< id of the lesson that is asked about; empty: none
  std::set<std::string> allowed_lessons_;  ///< ids
  mutable std::optional<LessonWatch> preview_;
  std::vector<std::string> preview_notices_;
  ByHand by_hand_;
  /// The run has begun anew, and what was done by hand is being done again, up to where the learner was.
  struct Again {
    std::size_t until = 0;  ///< a statement of the experiment
    std::size_t deeds = 0;  ///< that have been done again
    lab::StepBy by = lab::StepBy::Call;
    std::vector<lab::Prediction> predictions;
  };
  std::optional<Again> again_;
  [[nodiscard]] Again where_it_is() const;
  /// What a start over has put away: it can be taken back until something else is done.
  std::optional<std::pair<ByHand, Again>> put_away_;
  Written written_;
  std::uint64_t dialogs_ = 0;
  std::optional<std::pair<const void*, std::uint64_t>> written_for_;  ///< a timeline and its revision
  lessons::GoalState goal_;
  std::size_t surprises_noted_ = 0;  ///< predictions of this session that have been looked at
  std::vector<Delay> delays_;
  Nanoseconds delay_shown_{};  ///< when the time left was last drawn, on the run's axis
  std::string selected_;
  std::string message_;
  Nanoseconds message_until_{};       ///< on the clock of the options
  std::unique_ptr<KernelGame> game_;  ///< null: its screen is not open
  std::vector<std::string> notices_;
  Nanoseconds frame_cost_{};
  bool examined_ = false;
  std::optional<lab::Examination> examination_;  ///< under way
  bool home_shown_ = false;
  Snapshot snapshot_;
};

}  // namespace loopscope::app
