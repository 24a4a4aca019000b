#include "lessons/game/schedule.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "lessons/game/catalogue.hpp"

namespace loopscope::game {
namespace {

using lessons::GameRecord;
using lessons::RuleRecord;

constexpr int most_shaky = 5;
/// Questions until a rule of that box comes again.
constexpr std::array<int, last_box + 1> waits{2, 4, 9, 20, 45, 100};

const RuleRecord* record_of(const GameRecord& record, std::string_view rule) {
  const auto found = record.rules.find(std::string(rule));
  return found == record.rules.end() || found->second.asked == 0 ? nullptr : &found->second;
}

/// Those of the lowest tier that has any.
std::vector<std::string_view> next_new(const GameRecord& record, std::string_view last) {
  std::vector<std::string_view> rules;
  int tier = 0;
  for (const Topic& topic : topics()) {
    if (topic.rule == last || record_of(record, topic.rule) != nullptr) continue;
    if (tier == 0) tier = topic.tier;
    if (topic.tier == tier) rules.push_back(topic.rule);
  }
  return rules;
}

}  // namespace

std::string_view to_string(Knowledge knowledge) {
  constexpr std::array<std::string_view, 3> names{"new", "shaky", "known"};
  return names[static_cast<std::size_t>(knowledge)];
}

Knowledge knowledge_of(const GameRecord& record, std::string_view rule) {
  const RuleRecord* known = record_of(record, rule);
  if (known == nullptr) return Knowledge::New;
  return known->box >= first_known_box ? Knowledge::Known : Knowledge::Shaky;
}

std::string next_rule(const GameRecord& record, std::string_view last, std::uint64_t chance) {
  const RuleRecord* best = nullptr;
  std::string_view rule;
  bool due = false;
  for (const Topic& topic : topics()) {
    const RuleRecord* one = record_of(record, topic.rule);
    if (one == nullptr || topic.rule == last) continue;
    const bool its_due = one->due <= record.asked;
    const bool better =
        best == nullptr || (its_due && !due) ||
        (its_due == due &&
         (due ? std::pair(one->box, one->due) < std::pair(best->box, best->due) : one->due < best->due));
    if (!better) continue;
    best = one;
    rule = topic.rule;
    due = its_due;
  }
  if (due) return std::string(rule);
  const auto fresh = next_new(record, last);
  if (!fresh.empty() && (score_of(record).shaky < most_shaky || best == nullptr))
    return std::string(fresh[chance % fresh.size()]);
  return std::string(rule);
}

int level_of(const GameRecord& record, std::string_view rule) {
  const RuleRecord* known = record_of(record, rule);
  if (known == nullptr) return 0;
  constexpr std::array<int, last_box + 1> levels{0, 1, 1, 2, 2, 3};
  return levels[static_cast<std::size_t>(std::clamp(known->box, 0, last_box))];
}

void note_answer(GameRecord& record, std::string_view rule, bool right) {
  RuleRecord& one = record.rules[std::string(rule)];
  ++record.asked;
  // Who has it right at once knew it already: one more time is enough.
  const int up = one.asked == 0 ? 2 : 1;
  one.box = right ? std::min(last_box, std::max(0, one.box) + up) : 0;
  ++one.asked;
  one.right += right ? 1 : 0;
  one.last_right = right;
  one.due = record.asked + waits[static_cast<std::size_t>(one.box)];
  record.run = right ? record.run + 1 : 0;
  record.best_run = std::max(record.best_run, record.run);
}

Score score_of(const GameRecord& record) {
  Score score;
  for (const Topic& topic : topics()) {
    switch (knowledge_of(record, topic.rule)) {
      case Knowledge::New:
        ++score.unasked;
        break;
      case Knowledge::Shaky:
        ++score.shaky;
        break;
      case Knowledge::Known:
        ++score.known;
        break;
    }
  }
  return score;
}

}  // namespace loopscope::game
