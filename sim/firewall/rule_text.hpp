#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What may be handed to nft(8) as one rule. Pure.
namespace loopscope::firewall {

/// Why a rule is not taken, and where.
struct RuleProblem {
  int column = 1;       ///< in the rule's text, in bytes, from 1
  std::string message;  ///< nft's own words, or ours where nft was not asked
  bool operator==(const RuleProblem&) const = default;
};

/// Whether `rule` can be nothing but one rule at the end of its chain: no second command, no variable, no
/// place of its own in the chain, nothing that takes the packet where the lab does not see it. Whether it is
/// a rule at all, nft says. nft's own reading of quotation marks counts: from `"` to the next `"`, without
/// escapes (nftables src/scanner.l, `quotedstring`).
[[nodiscard]] std::optional<RuleProblem> problem_of(std::string_view rule);

/// Whether `word` stands in the rule, outside quotation marks.
[[nodiscard]] bool has_word(std::string_view rule, std::string_view word);

/// What nft wrote about a line of its input in which the rule begins at column `rule_begins_at`. nft counts a
/// tab as one column.
[[nodiscard]] RuleProblem from_nft(std::string_view nft_words, int rule_begins_at);

}  // namespace loopscope::firewall
