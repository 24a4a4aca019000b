#include "app/views/stage_firewall.hpp"

#include <algorithm>

#include "app/views/stage_facts.hpp"
#include "sim/trace/packet.hpp"

namespace loopscope::app::stage {
namespace {

constexpr std::string_view word = "firewall ";

std::string_view chain_of(trace::Hook hook) { return hook == trace::Hook::Input ? "input" : "output"; }

class Reader {
 public:
  Reader(FirewallView& view, std::string_view host) : view_(view), host_(host) {}

  void take(const trace::Event& event) {
    if (const auto* changed = std::get_if<trace::WorldChanged>(&event.fact)) {
      if (machine_of(changed->host) == host_) change(changed->what);
      return;
    }
    if (std::holds_alternative<trace::StepStarted>(event.fact)) return view_.stopped.reset();
    const auto* judged = std::get_if<trace::FirewallJudged>(&event.fact);
    if (judged != nullptr && machine_of(judged->host) == host_) judge(*judged, event.at);
  }

 private:
  /// 'firewall [HOST] clear', 'firewall [HOST] CHAIN RULE'
  void change(std::string_view what) {
    if (!what.starts_with(word)) return;
    what.remove_prefix(word.size());
    if (what == "clear" || what.ends_with(" clear")) {
      for (FirewallRule& rule : view_.rules) rule.active = false;
      return;
    }
    std::string_view chain = what.substr(0, what.find(' '));
    if (chain != "input" && chain != "output") {  // a host's name
      what.remove_prefix(std::min(what.size(), chain.size() + 1));
      chain = what.substr(0, what.find(' '));
    }
    if (chain.size() + 1 >= what.size()) return;
    add(chain, what.substr(chain.size() + 1));
  }

  void add(std::string_view chain, std::string_view text) {
    const auto known = std::find_if(view_.rules.begin(), view_.rules.end(), [&](const FirewallRule& rule) {
      return !rule.active && rule.chain == chain && rule.text == text;
    });
    if (known != view_.rules.end()) {
      known->active = true;
      known->decided = 0;
    } else {
      view_.rules.push_back({std::string(chain), std::string(text), true, 0, {}});
    }
  }

  void judge(const trace::FirewallJudged& judged, Nanoseconds at) {
    for (FirewallRule& rule : view_.rules) {
      if (rule.chain != chain_of(judged.hook) || rule.text != judged.rule) continue;
      ++rule.decided;
      rule.last = judged.judgement;
      break;
    }
    if (judged.judgement == trace::Judgement::Accepted) return;
    GateVerdict now{judged.hook, judged.judgement, judged.rule, trace::label(judged.packet), 1, at};
    if (const auto& before = view_.stopped; before && before->hook == now.hook &&
                                            before->judgement == now.judgement && before->rule == now.rule &&
                                            before->packet == now.packet)
      now.count = before->count + 1;
    view_.stopped = std::move(now);
  }

  FirewallView& view_;
  std::string_view host_;
};

}  // namespace

bool FirewallView::guards(trace::Hook hook) const {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const FirewallRule& rule) { return rule.active && rule.chain == chain_of(hook); });
}

FirewallView firewall_at(const trace::Timeline& timeline, Nanoseconds moment, std::string_view host) {
  FirewallView view;
  Reader reader(view, host);
  for (const trace::Event& event : timeline.until(moment)) reader.take(event);
  return view;
}

std::string line_of(const std::string& chain, const std::string& rule) {
  return std::string(word) + chain + " " + rule;
}

std::vector<std::string> lines_to_switch(const std::vector<FirewallRule>& rules, std::size_t which, bool on) {
  std::vector<std::string> lines{std::string(word) + "clear"};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (i == which ? on : rules[i].active) lines.push_back(line_of(rules[i].chain, rules[i].text));
  }
  return lines;
}

std::optional<RuleAnswer> last_rule_by_hand(const trace::Timeline& timeline, Nanoseconds moment) {
  std::optional<RuleAnswer> answer;
  std::uint64_t step = 0;
  for (const trace::Event& event : timeline.until(moment)) {
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact)) {
      if (started->statement || !started->text.starts_with(word)) continue;
      answer = RuleAnswer{started->text, false, {}};
      step = started->step;
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      if (!answer || finished->step != step) continue;
      answer->answered = true;
      answer->trouble = finished->trouble;
    }
  }
  return answer;
}

const char* words_of(trace::Judgement judgement) {
  switch (judgement) {
    case trace::Judgement::Dropped:
      return "dropped";
    case trace::Judgement::Rejected:
      return "rejected";
    case trace::Judgement::Accepted:
      break;
  }
  return "let through";
}

}  // namespace loopscope::app::stage
