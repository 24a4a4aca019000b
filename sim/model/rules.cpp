#include "sim/model/rules.hpp"

#include <algorithm>
#include <array>

namespace loopscope::model {

std::vector<Rule> all_rules() {
  std::vector<Rule> rules;
  for (const auto table :
       {rules_of_bind(), rules_of_connect(), rules_of_data(), rules_of_options(), rules_of_other()}) {
    rules.insert(rules.end(), table.begin(), table.end());
  }
  return rules;
}

const Rule* find_rule(RuleId id) {
  static const auto by_id = [] {
    std::array<Rule, 256> table{};
    for (const auto& rule : all_rules()) table[static_cast<std::size_t>(rule.id)] = rule;
    return table;
  }();
  const auto& rule = by_id[static_cast<std::size_t>(id)];
  return rule.name.empty() ? nullptr : &rule;
}

const Rule* find_rule(std::string_view name) {
  for (const auto& rule : all_rules()) {
    if (rule.name == name) return find_rule(rule.id);
  }
  return nullptr;
}

}  // namespace loopscope::model
