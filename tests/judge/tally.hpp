#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>

#include "tests/judge/hearing.hpp"

namespace loopscope::judge {

/// What many hearings add up to.
struct Tally {
  std::uint64_t heard = 0, differ = 0, flaked = 0, broken_off = 0;
  std::uint64_t steps = 0, not_modelled = 0, tables = 0, tables_in_doubt = 0;
  std::map<std::string, std::uint64_t> reasons;  ///< why steps were not modelled

  void add(const Hearing& hearing);
};

/// '1000 experiments, 24,000 steps: 0 differ, …', and the reasons, the most frequent first.
void print(std::ostream& out, const Tally& tally);

}  // namespace loopscope::judge
