#pragma once

#include <cstdint>
#include <string>

/// Random experiments over the language, weighted so that they reach conflicts: few ports, few addresses,
/// options that matter, connections that are torn down in every order. Pure: the same seed gives the same
/// experiment.
namespace loopscope::judge {

/// What of the language the experiments may use.
struct Language {
  bool firewall = false;
  bool root = true;  ///< processes `as root`, which are another user's than ordinary ones
};

/// The text of experiment number `seed`, without results.
[[nodiscard]] std::string random_experiment(std::uint64_t seed, const Language& language = {});

}  // namespace loopscope::judge
