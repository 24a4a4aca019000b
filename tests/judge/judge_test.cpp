#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "sim/model/world.hpp"
#include "tests/judge/trial.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

/// Sanitizers make each step several times as dear.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t usual_count = 200;
#else
constexpr std::uint64_t usual_count = 2000;
#endif

std::uint64_t count_of(const char* name, std::uint64_t usual) {
  const char* set = std::getenv(name);
  return set != nullptr ? std::strtoull(set, nullptr, 10) : usual;
}

/// A step that no engine can take (its process is in a call, or its port is not there) is no gap of the
/// model.
bool is_taken(const model::Prediction& prediction) {
  for (const char* reason :
       {"still in its last call", "has had no port so far", "is under way", "has ended"}) {
    if (prediction.detail.find(reason) != std::string::npos) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("Random experiments are the same for the same seed, and the language takes them", "[judge]") {
  std::size_t read = 0, steps = 0, not_modelled = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const auto text = judge::random_experiment(seed);
    CHECK(text == judge::random_experiment(seed));
    const auto experiment = judge::read(text);
    if (!experiment) continue;  // a port of a variable that never came about
    ++read;
    model::World world;
    world.owners_known = true;
    for (const auto& statement : experiment->statements) {
      const auto prediction = model::apply(world, statement);
      if (!experiment::has_result(statement)) continue;
      ++steps;
      REQUIRE(prediction.result.has_value());
      if (!experiment::is_known(*prediction.result) && is_taken(prediction)) ++not_modelled;
    }
  }
  std::cout << read << " random experiments, " << steps << " steps, " << not_modelled << " not modelled\n";
  CHECK(read > 2500);
  CHECK(not_modelled * 50 < steps);
}

namespace {

void check_agreement(std::uint64_t count, std::uint64_t seed, bool firewall) {
  auto launcher = lab::make_launcher();
  judge::Plan plan;
  plan.count = count;
  plan.seed = seed;
  plan.language.firewall = firewall;
  plan.language.root = ::geteuid() == 0;  // else there is one user only
  const auto verdict = judge::try_all(
      launcher, plan, [](const judge::Verdict&, std::size_t) {}, [] { return false; });
  print(std::cout, verdict.tally);
  std::string differences;
  for (const auto& finding : verdict.differences) {
    differences += "seed " + std::to_string(finding.task.seed) + ": " + finding.words + "\n" +
                   experiment::print(finding.task.experiment) + "\n";
  }
  INFO(differences);
  CHECK(verdict.differences.empty());
  CHECK(verdict.tally.broken_off == 0);
  CHECK(verdict.done == plan.count);
  CHECK(verdict.tally.not_modelled * 50 < verdict.tally.steps);
}

}  // namespace

TEST_CASE("The model and the kernel agree on random experiments", "[judge][kernel]") {
  check_agreement(count_of("LOOPSCOPE_JUDGE", usual_count), 1'000'000, false);
}

TEST_CASE("The model and the kernel agree on random experiments under firewall rules", "[judge][kernel]") {
  check_agreement(count_of("LOOPSCOPE_JUDGE", usual_count) / 10, 2'000'000, true);
}
