#include "tests/judge/shrink.hpp"

#include <set>

#include "sim/experiment/parser.hpp"
#include "tests/judge/judge.hpp"

namespace loopscope::judge {
namespace {

using namespace experiment;

std::optional<Difference> differs(sandbox::Launcher& launcher, const Experiment& candidate) {
  const auto again = read(print(candidate));
  if (!again) return std::nullopt;
  return hear(launcher, *again).difference;
}

/// Whether the statement is about the variable of that process.
bool concerns(const Statement& statement, const std::string& process, const std::string& variable) {
  const auto* step = std::get_if<CallStep>(&statement.body);
  if (step == nullptr || step->process != process) return false;
  return step->variable == variable || descriptor_of(step->call) == variable;
}

Experiment without(const Experiment& experiment, const std::function<bool(std::size_t)>& leaves) {
  Experiment smaller = experiment;
  smaller.statements.clear();
  smaller.asides.clear();
  for (std::size_t i = 0; i < experiment.statements.size(); ++i) {
    if (!leaves(i)) smaller.statements.push_back(experiment.statements[i]);
  }
  return smaller;
}

bool take_if_differs(sandbox::Launcher& launcher, Experiment& experiment, Experiment candidate) {
  if (candidate.statements.size() == experiment.statements.size()) return false;
  const auto difference = differs(launcher, candidate);
  if (!difference) return false;
  candidate.statements.resize(difference->statement + 1);
  experiment = std::move(candidate);
  return true;
}

/// Whole sockets first: most have nothing to do with it.
void drop_sockets(sandbox::Launcher& launcher, Experiment& experiment) {
  std::set<std::pair<std::string, std::string>> variables;
  for (const auto& statement : experiment.statements) {
    const auto* step = std::get_if<CallStep>(&statement.body);
    if (step != nullptr && !step->variable.empty()) variables.emplace(step->process, step->variable);
  }
  for (const auto& [process, variable] : variables) {
    take_if_differs(launcher, experiment, without(experiment, [&, &p = process, &v = variable](auto i) {
                      return concerns(experiment.statements[i], p, v);
                    }));
  }
}

}  // namespace

Experiment shrink(sandbox::Launcher& launcher, Experiment experiment) {
  if (const auto difference = differs(launcher, experiment))
    experiment.statements.resize(difference->statement + 1);
  drop_sockets(launcher, experiment);
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = experiment.statements.size(); i-- > 0;) {
      if (i >= experiment.statements.size()) continue;
      smaller |= take_if_differs(launcher, experiment,
                                 without(experiment, [&](std::size_t each) { return each == i; }));
    }
  }
  return experiment;
}

std::string as_case(sandbox::Launcher& launcher, Experiment experiment, std::uint64_t seed) {
  const auto again = read(print(experiment));
  if (!again) return print(experiment);
  experiment = *again;
  const auto hearing = hear(launcher, experiment);
  for (std::size_t i = 0; i < experiment.statements.size(); ++i) {
    if (!hearing.kernel[i]) continue;
    auto& body = experiment.statements[i].body;
    if (auto* step = std::get_if<CallStep>(&body)) step->stated = Stated{*hearing.kernel[i], false};
    if (auto* step = std::get_if<ReturnsStep>(&body)) step->stated = Stated{*hearing.kernel[i], false};
  }
  if (hearing.difference && hearing.difference->claim)
    experiment.statements.push_back(*hearing.difference->claim);
  std::string words = hearing.difference ? "# " + hearing.difference->words + "\n" : "";
  return "# found by ./dev judge 1 --seed " + std::to_string(seed) + "\n" + words + print(experiment);
}

}  // namespace loopscope::judge
