#include "sim/lab/firewall_rules.hpp"

namespace loopscope::lab {
namespace {

using namespace experiment;

std::vector<const Statement*> rules_in(const Experiment& experiment) {
  std::vector<const Statement*> found;
  for (const Statement& statement : experiment.statements) {
    const auto* firewall = std::get_if<FirewallDecl>(&statement.body);
    if (firewall != nullptr && !firewall->clear) found.push_back(&statement);
  }
  return found;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> firewall_rules(const Experiment& experiment) {
  std::vector<std::pair<std::string, std::string>> rules;
  for (const Statement* statement : rules_in(experiment)) {
    const auto& firewall = std::get<FirewallDecl>(statement->body);
    rules.emplace_back(firewall.chain, firewall.rule);
  }
  return rules;
}

std::vector<std::string> words_about(const Experiment& experiment, const std::vector<RuleRefused>& refused) {
  const auto statements = rules_in(experiment);
  std::vector<std::string> problems;
  for (const RuleRefused& one : refused) {
    const Statement& statement = *statements.at(one.rule);
    const int column = std::get<FirewallDecl>(statement.body).rule_column + one.column - 1;
    problems.push_back(experiment.file + ":" + std::to_string(statement.place.line) + ":" +
                       std::to_string(column) + ": " + one.message);
  }
  return problems;
}

}  // namespace loopscope::lab
