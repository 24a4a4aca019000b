#include "sim/lab/engine/gate.hpp"

#include <algorithm>
#include <utility>

#include "sim/lab/engine/trouble.hpp"

namespace loopscope::lab {

std::vector<RuleRefused> check_rules(const std::vector<std::pair<std::string, std::string>>& rules) {
  std::vector<RuleRefused> refused;
  const auto problems = firewall::check_rules(rules);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i]) refused.push_back({i, problems[i]->column, problems[i]->message});
  }
  return refused;
}

void Gate::open() {
  if (tried_) return;
  tried_ = true;
  auto opened = firewall::Firewall::open();
  if (opened) {
    firewall_.emplace(std::move(*opened));
  } else {
    why_not_ = opened.error();
  }
}

tl::expected<void, std::string> Gate::add(const experiment::FirewallDecl& rule) {
  open();
  if (!firewall_) return trouble(why_not_);
  if (firewall_->brings_hooks(rule.rule) && packets_.count_held(std::nullopt) > 0) {
    return trouble(
        "with its first `ct` rule the firewall begins to follow connections, which packets that are held at "
        "this "
        "moment would not survive: let them go first");
  }
  auto added = firewall_->add(rule.chain, rule.rule);
  if (!added) {
    return trouble("the rule is refused at its column " + std::to_string(added.error().column) + ": " +
                   added.error().message);
  }
  packets_.remember_seen();
  return {};
}

void Gate::clear() {
  open();
  if (firewall_) firewall_->clear();
}

void Gate::add_descriptors(std::vector<pollfd>& wait) const {
  if (firewall_) wait.push_back({firewall_->fd(), POLLIN, 0});
}

bool Gate::read() {
  if (!firewall_) return false;
  for (firewall::Judged& judged : firewall_->take()) judged_.push_back(std::move(judged));
  return std::any_of(judged_.begin(), judged_.end(), [](const firewall::Judged& judged) {
    return judged.hook == trace::Hook::Output && judged.judgement != trace::Judgement::Accepted;
  });
}

void Gate::tell(Nanoseconds latest) {
  if (!firewall_) return;
  const auto all = std::exchange(judged_, {});
  if (all.empty()) return;
  packets_.take_seen();  // what was judged at input has been seen before
  for (firewall::Judged judged : all) {
    const bool input = judged.hook == trace::Hook::Input;
    const auto seen = packets_.seen_at(judged.packet, judged.hook);
    // What leaves is judged before it is seen on the device.
    const Nanoseconds at = seen ? *seen - Nanoseconds(input ? 0 : 1) : std::min(monotonic_now(), latest);
    reporter_.say(at, trace::FirewallJudged{host_, judged.hook, judged.judgement, std::move(judged.rule),
                                            std::move(judged.packet)});
  }
  if (firewall_->lost()) {
    reporter_.say_now(trace::WorldChanged{host_, "more packets passed the firewall than it could tell of"});
  }
}

}  // namespace loopscope::lab
