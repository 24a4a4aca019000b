#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/views/kernel_game.hpp"
#include "lessons/engine/progress.hpp"
#include "lessons/game/kernel_answer.hpp"
#include "sim/base/time.hpp"

namespace loopscope::app {

/// One sitting of the game, or one test: asks, lets the kernel answer in the background one question ahead,
/// and notes what the learner knows. One thread; life: as the launcher and the progress.
class KernelGame {
 public:
  struct Setting {
    bool test = false;
    std::uint64_t seed = 1;
    std::function<Nanoseconds()> clock;  ///< CLOCK_MONOTONIC
    std::function<std::int64_t()> date;  ///< seconds since 1970
    std::function<void()> keep;          ///< the progress has changed
  };
  KernelGame(sandbox::Launcher& launcher, lessons::Progress& progress, Setting setting);

  /// Readable when pump() has something to do; -1: nothing is under way.
  [[nodiscard]] int fd() const;
  /// Takes in what the kernel has answered; true where the picture changes.
  bool pump();
  /// Something is under way that has no descriptor (yet).
  [[nodiscard]] bool restless() const;

  void answer(std::optional<std::size_t> choice);
  /// The next question; in the test this is also done by answer().
  void next();
  [[nodiscard]] const GameView& view() const { return view_; }

 private:
  struct Round {
    game::Question question;
    std::unique_ptr<game::KernelAnswer> kernel;  ///< null: there is no lab
    bool over = false;
  };
  struct Given {
    std::size_t round = 0;
    std::optional<std::size_t> choice;
    double seconds = 0;
  };
  void prepare();
  void begin(std::unique_ptr<Round> round);
  bool settle();
  void finish_test();
  [[nodiscard]] std::optional<game::Verdict> verdict_of(const Round& round) const;
  [[nodiscard]] std::unique_ptr<Round> make_round();

  sandbox::Launcher& launcher_;
  lessons::Progress& progress_;
  Setting setting_;
  std::uint64_t drawn_ = 0;
  bool noted_ = false;
  std::string no_lab_;
  std::vector<game::Question> test_;  ///< questions of the test that are still to be asked
  std::unique_ptr<Round> now_, ahead_;
  std::vector<std::unique_ptr<Round>> done_;  ///< of the test, answered
  std::vector<Given> given_;
  Nanoseconds asked_at_{};
  GameView view_;
};

}  // namespace loopscope::app
