#pragma once

#include <cstdint>
#include <string>

/// Random experiments over the language, weighted so that they reach conflicts: few ports, few addresses,
/// options that matter, connections that are torn down in every order. Pure: the same seed gives the same
/// experiment.
namespace loopscope::judge {

/// What of the language the experiments use beyond what every engine runs.
struct Language {
  bool firewall = false;
};

/// The text of experiment number `seed`, without results.
[[nodiscard]] std::string random_experiment(std::uint64_t seed, const Language& language = {});

}  // namespace loopscope::judge
