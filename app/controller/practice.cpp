#include <chrono>
#include <filesystem>
#include <random>

#include "app/controller/controller.hpp"
#include "app/controller/kernel_game.hpp"
#include "lessons/engine/durable_file.hpp"
#include "lessons/game/results.hpp"

/// What is done between lessons: the game, the test, and surprises seen again.
namespace loopscope::app {
namespace {

std::uint64_t any_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 16U) + device() % 65536U;
}

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The page that asks: the first one that shows this experiment.
std::optional<int> page_of(const lessons::Lesson& lesson, const std::string& experiment) {
  for (std::size_t i = 0; i < lesson.pages.size(); ++i)
    if (lesson.pages[i].experiment == experiment) return static_cast<int>(i);
  return std::nullopt;
}

}  // namespace

void Controller::open_game(bool test) {
  go_home();
  screen_ = Screen::Game;
  const std::uint64_t seed = options_.game_seed != 0 ? options_.game_seed : any_seed();
  game_ = std::make_unique<KernelGame>(
      launcher_, progress_,
      KernelGame::Setting{test, seed, options_.clock, now_in_seconds, [this] { keep_progress(); }});
}

void Controller::leave_game() { game_.reset(); }

bool Controller::go_on_with_the_game() { return game_ && game_->pump(); }

void Controller::export_test() {
  if (progress_.tests.empty()) return say("No test has been finished yet.");
  if (options_.progress_path.empty()) return say("There is no folder to keep it in.");
  const std::string path =
      (std::filesystem::path(options_.progress_path).parent_path() / "test-results.csv").string();
  if (const auto written = lessons::write_durably(path, game::to_csv(progress_.tests)); !written)
    return tell("The results cannot be written: " + written.error() + ".");
  tell("The results are in " + path + ".");
}

void Controller::replay_surprise(std::size_t index) {
  if (index >= progress_.surprises.size()) return;
  const lessons::Surprise surprise = progress_.surprises[index];
  open_lesson(surprise.lesson);
  if (lesson_ == nullptr || surprise.statement < 0) return;
  const auto page = page_of(*lesson_, surprise.experiment);
  const auto* experiment = experiment_of(*lesson_, surprise.experiment);
  const auto until = static_cast<std::size_t>(surprise.statement);
  if (!page || experiment == nullptr || until >= experiment->statements.size())
    return say("The lesson has changed since; here it begins.");
  go_to_page(*page);
  start_run(surprise.experiment);
  again_ = Again{until, 0, opening_by_, {}};
}

}  // namespace loopscope::app
