#include "tests/cases/player.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

constexpr std::size_t at_a_time = 4;

struct Trial {
  const Case* one;
  std::string name, script;
  bool solves;
};

std::vector<Trial> all_trials(const std::vector<Case>& cases) {
  std::vector<Trial> trials;
  for (const Case& one : cases) {
    trials.push_back({&one, "solution.sh", one.solution, true});
    for (const auto& [name, script] : one.wrong) trials.push_back({&one, name, script, false});
  }
  return trials;
}

}  // namespace

TEST_CASE("Every case can be read", "[cases]") {
  const auto library = load_cases(test::test_folder(LOOPSCOPE_LESSONS_UNDER_TEST));
  for (const LessonProblem& problem : library.problems) FAIL_CHECK(to_string(problem));
  CHECK(library.cases.size() >= 2);
}

TEST_CASE("Each case starts broken, its solution mends it, the wrong ones do not", "[cases][kernel]") {
  const auto library = load_cases(test::test_folder(LOOPSCOPE_LESSONS_UNDER_TEST));
  const auto trials = all_trials(library.cases);
  REQUIRE_FALSE(trials.empty());
  test::play_all(
      trials.size(), at_a_time,
      [&](std::size_t index) {
        return std::make_unique<test::Play>(*trials[index].one, trials[index].script, trials[index].solves);
      },
      [&](std::size_t index, test::Play& play) {
        const Trial& trial = trials[index];
        CAPTURE(trial.one->id, trial.name);
        INFO(play.story());
        CHECK(play.session().trouble() == "");
        CHECK_FALSE(play.held_before());
        CHECK(play.holds() == trial.solves);
      });
}

TEST_CASE("Cases work for an ordinary user as well", "[cases][kernel]") {
  const auto again =
      test::run_again_as_ordinary_user("Each case starts broken*", LOOPSCOPE_LESSONS_UNDER_TEST);
  if (!again.tried) return;
  INFO(again.output);
  CHECK(again.exit_status == 0);
}
