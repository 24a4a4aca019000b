#include "tests/judge/judge.hpp"

#include <cstdlib>
#include <iostream>

#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "sim/model/world.hpp"
#include "tests/judge/generator.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

std::uint64_t count_of(const char* name, std::uint64_t usual) {
  const char* set = std::getenv(name);
  return set != nullptr ? std::strtoull(set, nullptr, 10) : usual;
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
    for (const auto& statement : experiment->statements) {
      const auto prediction = model::apply(world, statement);
      if (!experiment::has_result(statement)) continue;
      ++steps;
      REQUIRE(prediction.result.has_value());
      if (!experiment::is_known(*prediction.result)) ++not_modelled;
    }
  }
  std::cout << read << " random experiments, " << steps << " steps, " << not_modelled << " not modelled\n";
  CHECK(read > 2500);
  CHECK(not_modelled * 50 < steps);
}

TEST_CASE("The model and the kernel agree on random experiments", "[judge][kernel]") {
  auto launcher = lab::make_launcher();
  const auto count = count_of("LOOPSCOPE_JUDGE", 150);
  std::size_t heard = 0, steps = 0;
  std::string differences;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    const auto experiment = judge::read(judge::random_experiment(seed));
    if (!experiment) continue;
    const auto hearing = judge::hear(launcher, *experiment);
    REQUIRE(hearing.has_value());
    ++heard;
    steps += hearing->steps;
    if (hearing->difference)
      differences += "seed " + std::to_string(seed) + ": " + hearing->difference->words + "\n" +
                     experiment::print(*experiment) + "\n";
  }
  std::cout << heard << " random experiments on the kernel, " << steps << " steps\n";
  INFO(differences);
  CHECK(differences.empty());
}
