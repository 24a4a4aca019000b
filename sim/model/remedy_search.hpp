#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/model/remedies.hpp"

/// The search for what would have worked: what is known about a failure, and how a candidate is tried. Not
/// for other rooms.
namespace loopscope::model {

struct Search {
  const experiment::Statement& statement;
  const Prediction& failure;
  /// Whether the step succeeds with these edits.
  std::function<bool(const Remedy&)> works;
  /// Where an option of a socket has to be set so that it counts: before it is bound.
  std::function<std::size_t(const std::string& process, const std::string& fd)> before_bind;
  std::size_t here = 0;
  /// Positions and words of rules that were added.
  std::vector<std::pair<std::size_t, std::string>> firewall_rules;
  std::vector<Remedy> found;

  void offer(std::string words, Grade grade, std::string warning, std::vector<Edit> edits);
  [[nodiscard]] const experiment::CallStep& step() const;
};

[[nodiscard]] bool failed(const Prediction& prediction);
/// Tries everything that may help; what works is in Search::found, the smallest and safest first.
void look_for_remedies(Search& search, const World& world);

}  // namespace loopscope::model
