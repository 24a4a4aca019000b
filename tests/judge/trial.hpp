#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/sandbox/launcher.hpp"
#include "tests/judge/generator.hpp"
#include "tests/judge/judge.hpp"
#include "tests/judge/tally.hpp"

namespace loopscope::judge {

struct Plan {
  std::uint64_t count = 1000, seed = 1;
  std::size_t jobs = 16;
  std::size_t most = 20;  ///< it stops after so many differences
  Language language;
  std::vector<std::string>
      texts;  ///< these instead of random ones, where there are any; seeds are their places
};
struct Finding {
  Task task;
  std::string words;
};
struct Verdict {
  Tally tally;
  std::vector<Finding> differences, flakes;
  std::uint64_t done = 0;  ///< of the plan's count; less where it was stopped
};
using Progress = std::function<void(const Verdict&, std::size_t to_hear_again)>;

/// Hears experiments number seed, seed + 1, …. One that differs beside others is heard again alone, up to
/// three times: it is a difference when it differs in most of them, and otherwise has flaked. Same seeds,
/// same experiments, whatever the jobs.
[[nodiscard]] Verdict try_all(sandbox::Launcher& launcher, const Plan& plan, const Progress& progress,
                              const Stop& stop);

}  // namespace loopscope::judge
