#pragma once

#include <memory>
#include <vector>

#include "app/cli/command.hpp"
#include "app/cli/keyboard.hpp"
#include "app/cli/learner.hpp"
#include "app/cli/live_text.hpp"
#include "lessons/engine/library.hpp"

/// A lesson in the terminal: everything that the window shows of it, and everything that can be done there.
namespace loopscope::app::cli {

class Tour {
 public:
  /// `lesson` is one of `library`. Where nobody types it goes through by itself: a transcript.
  Tour(Context& context, const lessons::Library& library, const lessons::Lesson& lesson);
  Status go();

 private:
  enum class Go { Next, Back, Quit };

  void headline();
  Go page();
  void page_text();
  // ---- the run
  bool enter_run();  ///< the page's world is live
  void start_over();
  [[nodiscard]] std::size_t stop_of_page() const;  ///< steps of the run up to it belong to this page
  bool walk(std::size_t until);                    ///< false: to end the tour
  void walk_on();
  std::optional<Guess> ask(std::size_t statement);
  void settle(std::size_t statement, const std::optional<Guess>& guess, const experiment::Result& kernel);
  // ---- what the learner does
  void show_acts() const;
  bool show_goal();  ///< whether it is met
  Go choose();
  bool take_choice(const std::string& line, Go& go);
  bool quizzes();
  // ---- at the end
  void try_it() const;
  void glossary() const;
  void summing_up() const;

  [[nodiscard]] const lessons::Page& now() const { return lesson_.pages[static_cast<std::size_t>(at_)]; }
  void say(const std::string& text) const;
  void say(Style style, const std::string& words, std::size_t indent = 2) const;

  Context& context_;
  const lessons::Library& library_;
  const lessons::Lesson& lesson_;
  bool typing_;
  Learner learner_;
  Stepper stepper_;
  int at_ = 0;
  std::string file_;  ///< that `run_` runs
  std::unique_ptr<LiveText> run_;
  std::unique_ptr<Question> question_;
  std::vector<std::string> open_goals_;  ///< titles of pages whose goal has not been met
  Status status_ = Status::Agreed;
  bool quit_ = false;
};

}  // namespace loopscope::app::cli
