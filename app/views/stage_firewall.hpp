#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/trace/timeline.hpp"

/// What the firewall of a machine is at a moment, and what it decided: from the trace alone. Pure.
namespace loopscope::app::stage {

/// A rule that has been in force at some time of the run. Removed ones stay, so that they can be put back.
struct FirewallRule {
  std::string chain;  ///< "input", "output"
  std::string text;   ///< as it was written
  bool active = false;
  std::size_t decided = 0;  ///< packets that it decided about, told by the kernel since it was last added
  trace::Judgement last{};  ///< the last of these verdicts
};

/// Verdicts of one kind in a row: the same rule on packets of the same kind.
struct GateVerdict {
  trace::Hook hook{};
  trace::Judgement judgement{};
  std::string rule;
  std::string packet;  ///< 'SYN'
  std::size_t count = 1;
  Nanoseconds at{};  ///< of the last of them
};

struct FirewallView {
  std::vector<FirewallRule> rules;     ///< in the order in which they were first added
  std::optional<GateVerdict> stopped;  ///< what was dropped or rejected last in this step
  std::string stopped_by;              ///< the machine that did it, where there are several
  [[nodiscard]] bool guards(trace::Hook hook) const;
};

[[nodiscard]] FirewallView firewall_at(const trace::Timeline& timeline, Nanoseconds moment,
                                       std::string_view host = "here");

/// The lines of the language that switch a rule off, or on again in its old place. The language knows
/// `clear` alone, so the others are written anew.
[[nodiscard]] std::vector<std::string> lines_to_switch(const std::vector<FirewallRule>& rules,
                                                       std::size_t which, bool on);
/// 'firewall input tcp dport 62893 drop'
[[nodiscard]] std::string line_of(const std::string& chain, const std::string& rule);

/// How the last rule that the learner wrote fared: nft's own words where it was refused.
struct RuleAnswer {
  std::string line;
  bool answered = false;
  std::string trouble;  ///< empty: it was taken
};
[[nodiscard]] std::optional<RuleAnswer> last_rule_by_hand(const trace::Timeline& timeline,
                                                          Nanoseconds moment);

/// 'dropped', 'rejected', 'let through'
[[nodiscard]] const char* words_of(trace::Judgement judgement);

}  // namespace loopscope::app::stage
