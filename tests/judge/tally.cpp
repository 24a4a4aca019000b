#include "tests/judge/tally.hpp"

#include <algorithm>
#include <iomanip>
#include <vector>

namespace loopscope::judge {

void Tally::add(const Hearing& hearing) {
  ++heard;
  steps += hearing.steps;
  tables += hearing.tables;
  tables_in_doubt += hearing.tables_in_doubt;
  for (const auto& [reason, count] : hearing.not_modelled) {
    reasons[reason] += count;
    not_modelled += count;
  }
}

void print(std::ostream& out, const Tally& tally) {
  out << tally.heard << " experiments, " << tally.steps << " steps and " << tally.tables
      << " socket tables: " << tally.differ << " differ, flaked " << tally.flaked;
  if (tally.broken_off != 0) out << ", broken off " << tally.broken_off;
  const auto share = [](std::uint64_t part, std::uint64_t of) {
    return of == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(of);
  };
  out << std::fixed << std::setprecision(2) << "; not modelled: " << tally.not_modelled << " steps ("
      << share(tally.not_modelled, tally.steps) << " %), in doubt: " << tally.tables_in_doubt << " tables ("
      << share(tally.tables_in_doubt, tally.tables) << " %)\n";
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (const auto& [reason, count] : tally.reasons) sorted.emplace_back(count, reason);
  std::sort(sorted.rbegin(), sorted.rend());
  for (const auto& [count, reason] : sorted) out << std::setw(8) << count << "  " << reason << "\n";
}

}  // namespace loopscope::judge
