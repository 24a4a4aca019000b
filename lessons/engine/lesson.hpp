#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/trace/timeline.hpp"

/// A lesson is a folder lessons/content/NN-name with lesson.md, the .lab files beside it, and nothing else.
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

/// A question with fixed answers (the three to five at a lesson's end).
struct Quiz {
  std::string id;
  std::string text;
  std::vector<Choice> choices;
};

/// What must have happened for a check or task to be met: claims in the experiment language (`expect …`),
/// held against the trace of the learner's own run and its last socket table; never against typed text.
struct Goal {
  std::string words;                          ///< 'The rival listens on a port of its own.'
  std::vector<experiment::Statement> claims;  ///< SocketClaim, PacketsClaim…
  /// A call whose result must have been seen in the run, e.g. `bind` = EADDRINUSE: step texts in the
  /// language.
  std::vector<experiment::Statement> calls;
};

/// A button of a page: what the learner may do, as lines of the language performed in the live world.
struct Act {
  std::string label;  ///< 'Start a rival on the port'
  std::vector<std::string> lines;
};

/// A command to try outside, for each system, with its output where this machine could run it.
struct Command {
  std::string purpose;  ///< 'Who has the port?'
  std::string system;   ///< "Linux", "macOS", "Windows"
  std::string command;
  std::string output;  ///< measured (Linux) or from the documentation; may be empty
};

struct Page {
  Stage stage{};
  std::string title;
  std::string markdown;    ///< prose without the directives
  std::string experiment;  ///< name of the .lab file that this page runs; empty: none, or the same as before
  std::vector<Act> acts;
  std::optional<Goal> goal;  ///< a Change or Check page is done when this is met
  std::vector<Quiz> quizzes;
};

struct Lesson {
  std::string id;  ///< "03-journey": the folder's name
  int number = 0;  ///< 3
  int part = 1;
  std::string title;
  std::string summary;  ///< one line for the home screen
  int minutes = 0;
  std::vector<Page> pages;
  std::vector<Command> commands;
  std::vector<std::pair<std::string, experiment::Experiment>> experiments;  ///< by file name
};

struct LessonProblem {
  std::string file;
  int line = 0;
  std::string message;
};
[[nodiscard]] std::string to_string(const LessonProblem& problem);

/// Reads one lesson folder, or says everything that is wrong with it.
[[nodiscard]] tl::expected<Lesson, std::vector<LessonProblem>> load_lesson(const std::string& folder);

}  // namespace loopscope::lessons
