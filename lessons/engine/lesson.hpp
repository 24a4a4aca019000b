#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/trace/timeline.hpp"

/// A lesson is a folder lessons/content/NN-name with lesson.md, the .lab files beside it, and nothing else.
/// lessons/FORMAT.md describes the file.
namespace loopscope::lessons {

/// The arc that each lesson has.
enum class Stage : std::uint8_t { Question, Predict, Watch, Why, Change, Check };
[[nodiscard]] std::string_view to_string(Stage stage);

/// One answer of a question. Wrong ones name the misconception behind them.
struct Choice {
  std::string text;  ///< Markdown, one line
  bool right = false;
  std::string feedback;  ///< about the idea, never about the learner
};

/// A question with fixed answers (the three to five at a lesson's end). Its numbers are already drawn (see
/// load_lesson).
struct Quiz {
  std::string id;    ///< unique in its lesson and stable: progress refers to it
  std::string text;  ///< Markdown
  std::vector<Choice> choices;
  int line = 0;  ///< of lesson.md, from 1
};

/// The words around a `?=` step: what is asked when the run stops there, the answers to choose from, and what
/// to say to each once the kernel has answered.
struct ForecastChoice {
  experiment::Result result;  ///< what Session::predict takes
  std::string text;           ///< Markdown, one line
  std::string feedback;       ///< about the idea behind the guess
};
struct Forecast {
  std::string experiment;     ///< name of the .lab file
  std::size_t statement = 0;  ///< index of the `?=` step in it
  std::string text;           ///< 'What does the rival's bind return?'
  std::vector<ForecastChoice> choices;
  std::size_t page = 0;  ///< index of the page that its words stand on
  int line = 0;          ///< of lesson.md, from 1
};

/// What must have happened for a check or task to be met: claims in the experiment language (`expect …`),
/// held against the trace of the learner's own run and its last socket table; never against typed text. The
/// comment of each statement says in words what it wants.
struct Goal {
  std::string words;                          ///< 'The rival listens on a port of its own.'
  std::vector<experiment::Statement> claims;  ///< SocketClaim, PacketsClaim
  /// Steps that the learner must have taken by an act, with the result that must have been seen: `rival:
  /// bind(…) = EADDRINUSE`, `kill server`. What the experiment does by itself does not count.
  std::vector<experiment::Statement> calls;
  bool in_order = false;  ///< the calls must have come in the order given
  /// One way to meet it: labels of the page's acts, in order. It is never shown before the goal is met.
  std::vector<std::string> way;
  int line = 0;  ///< of lesson.md, from 1
};

/// A button of a page: what the learner may do, as lines of the language performed in the live world.
struct Act {
  std::string label;  ///< 'Start a rival on the port'
  std::vector<std::string> lines;
  int line = 0;  ///< of lesson.md, from 1
};

/// A command to try outside, for each system, with its output where this machine could run it.
struct Command {
  std::string purpose;  ///< 'Who has the port?'
  std::string system;   ///< "Linux", "macOS", "Windows"
  std::string command;
  std::string output;     ///< measured, or empty: none is ever made up
  std::string note;       ///< 'measured in the lab', 'from its manual page'
  bool measured = false;  ///< the output is from a real run
  int line = 0;           ///< of lesson.md, from 1
};

struct Page {
  Stage stage{};
  std::string title;
  std::string markdown;  ///< prose without the directives
  /// Name of the .lab file whose run this page shows. The same as on the page before: that run goes on.
  /// Empty: none.
  std::string experiment;
  std::string step_by;  ///< "chapter", "call" or "packet" to set on entering; empty: as the learner left it
  std::vector<Act> acts;
  std::optional<Goal> goal;  ///< a Change or Check page is done when this is met
  std::vector<Quiz> quizzes;
  int line = 0;  ///< of lesson.md, from 1
};

struct Lesson {
  std::string id;      ///< "03-journey": the folder's name; of a course of one's own "course/03-journey"
  std::string folder;  ///< that it was read from
  /// The name of a course of one's own. Empty: one of the program's lessons. What it starts is asked about
  /// first, as of any file from a stranger.
  std::string course;
  int number = 0;  ///< 3
  int part = 1;
  std::string title;
  std::string summary;  ///< one line for the home screen
  int minutes = 0;
  std::vector<Page> pages;
  std::vector<Command> commands;
  std::vector<std::pair<std::string, experiment::Experiment>> experiments;  ///< by file name
  std::vector<Forecast> forecasts;  ///< one for each `?=` of the experiments
};
/// Null where the lesson has no such file, or no words for that step.
[[nodiscard]] const experiment::Experiment* experiment_of(const Lesson& lesson, std::string_view file);
[[nodiscard]] const Forecast* forecast_of(const Lesson& lesson, std::string_view file, std::size_t statement);

struct LessonProblem {
  std::string file;
  int line = 0;  ///< from 1; 0: the file as a whole
  std::string message;
  int column = 0;  ///< bytes, from 1; 0: not known
};
/// FILE:LINE[:COLUMN]: message
[[nodiscard]] std::string to_string(const LessonProblem& problem);

/// Whose files are read: a stranger's may be no links.
enum class Origin : std::uint8_t { Program, Stranger };
/// Reads one lesson folder, or says everything that is wrong with it. Questions may have numbers that are
/// drawn anew: `seed` draws them, 0 leaves them as they are written.
[[nodiscard]] tl::expected<Lesson, std::vector<LessonProblem>> load_lesson(const std::string& folder,
                                                                           std::uint64_t seed = 0,
                                                                           Origin origin = Origin::Program);

}  // namespace loopscope::lessons
