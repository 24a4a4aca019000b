#pragma once

#include <optional>

#include "app/cli/command.hpp"
#include "lessons/engine/progress.hpp"
#include "lessons/game/round.hpp"

/// What `loopscope kernel` and `loopscope test` have in common: a question of the game in the terminal.
namespace loopscope::app::cli {

/// The little world, the call, and the answers with their numbers.
void put(const Terminal& terminal, const game::Question& question, const std::string& heading);

struct Typed {
  std::optional<std::size_t> choice;  ///< nothing: 'I don't know'
};
/// A number, the name of an answer, or an empty line. Nothing: `q`, or the input has ended.
[[nodiscard]] std::optional<Typed> read_answer(const Terminal& terminal, const game::Question& question);

/// The kernel's answer to it, from a private world; says once on standard error that there can be none.
class Kernel {
 public:
  explicit Kernel(sandbox::Launcher& launcher) : launcher_(launcher) {}
  [[nodiscard]] game::Verdict ask(const game::Question& question);

 private:
  sandbox::Launcher& launcher_;
  bool none_ = false;
};

/// What the learner answered beside what the kernel did, and why.
void tell(const Terminal& terminal, const game::Question& question, std::optional<std::size_t> chosen,
          const game::Verdict& verdict);

/// Reads the progress file, changes it and writes it again, so that what a window has kept meanwhile stays.
/// False, and said on standard error: it could not be.
bool change_progress(const std::function<void(lessons::Progress&)>& change);
/// Empty progress, and said on standard error, where it cannot be read.
[[nodiscard]] lessons::Progress read_progress();

/// A seed that differs each time.
[[nodiscard]] std::uint64_t any_seed();

}  // namespace loopscope::app::cli
