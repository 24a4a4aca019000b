#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lessons/engine/game_record.hpp"

/// Which rule comes next. Boxes after Leitner: a right answer moves a rule one box up, a wrong one back to
/// the first, and each box waits for more questions than the one before. Pure.
namespace loopscope::game {

enum class Knowledge : std::uint8_t {
  New,    ///< never asked
  Shaky,  ///< asked, and not yet right often enough
  Known,  ///< box 3 or higher
};

inline constexpr int first_known_box = 3, last_box = 5;

[[nodiscard]] Knowledge knowledge_of(const lessons::GameRecord& record, std::string_view rule);
[[nodiscard]] std::string_view to_string(Knowledge knowledge);  ///< 'new', 'shaky', 'known'

/// Never `last`, the rule of the question before. `chance` decides among equals. In this order: what is due,
/// the lowest box and the longest overdue first; a rule of the next tier while fewer than five are shaky;
/// what is due soonest.
[[nodiscard]] std::string next_rule(const lessons::GameRecord& record, std::string_view last,
                                    std::uint64_t chance);
/// 0…3: the more often it was right, the more stands in the world that has nothing to do with it.
[[nodiscard]] int level_of(const lessons::GameRecord& record, std::string_view rule);
void note_answer(lessons::GameRecord& record, std::string_view rule, bool right);

struct Score {
  int known = 0, shaky = 0, unasked = 0;
};
[[nodiscard]] Score score_of(const lessons::GameRecord& record);

}  // namespace loopscope::game
