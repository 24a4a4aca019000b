#include "sim/firewall/firewall.hpp"

#include <cerrno>
#include <cstdlib>

#include "sim/base/system_error.hpp"
#include "sim/firewall/nft.hpp"

namespace loopscope::firewall {
namespace {

constexpr const char* table_name = "loopscope";

constexpr const char* chains =
    "add table inet loopscope\n"
    "add chain inet loopscope input { type filter hook input priority filter ; policy accept ; }\n"
    "add chain inet loopscope output { type filter hook output priority filter ; policy accept ; }\n";
/// A chain that no packet meets, whose rule keeps connection tracking on.
constexpr const char* tracking =
    "add chain inet loopscope tracking\n"
    "add rule inet loopscope tracking ct state new\n";

std::string rule_start(const std::string& chain) { return "add rule inet loopscope " + chain + " "; }

/// The number behind the last `# handle` that nft echoed.
std::uint64_t last_handle(const std::string& output) {
  constexpr std::string_view mark = "# handle ";
  const auto at = output.rfind(mark);
  return at == std::string::npos ? 0 : std::strtoull(output.c_str() + at + mark.size(), nullptr, 10);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

tl::expected<Firewall, std::string> Firewall::open() {
  const auto made = run_nft({chains}).front();
  if (!made.taken) return tl::unexpected("this kernel's nftables has no filter: " + first_line(made.error));
  auto watch = Watch::open(table_name);
  if (!watch) return tl::unexpected("nftables does not tell its verdicts: " + watch.error());
  return Firewall(std::move(*watch));
}

tl::expected<void, RuleProblem> Firewall::add(const std::string& chain, const std::string& rule) {
  if (auto problem = problem_of(rule)) return tl::unexpected(std::move(*problem));
  std::string input;
  if (brings_hooks(rule)) input += tracking;
  if (!is_watched_[chain]) input += rule_start(chain) + "meta nftrace set 1\n";
  input += rule_start(chain) + rule + "\n";
  const auto answer = run_nft({input}).front();
  if (!answer.taken)
    return tl::unexpected(from_nft(answer.error, static_cast<int>(rule_start(chain).size()) + 1));
  tracks_ = tracks_ || tracks(rule);
  is_watched_[chain] = true;
  rules_[last_handle(answer.output)] = {rule, has_word(rule, "reject")};
  return {};
}

void Firewall::clear() {
  const auto answer =
      run_nft({"flush chain inet loopscope input\nflush chain inet loopscope output\n"}).front();
  if (!answer.taken) throw SystemError("nftables: " + first_line(answer.error), EINVAL);
  is_watched_.clear();
}

std::vector<Judged> Firewall::take() {
  std::vector<Judged> all;
  for (Decision& decision : watch_.take()) {
    Judged judged;
    if (decision.chain != "input" && decision.chain != "output") continue;
    judged.hook = decision.chain == "input" ? trace::Hook::Input : trace::Hook::Output;
    const auto rule = rules_.find(decision.rule);
    if (rule != rules_.end()) judged.rule = rule->second.text;
    const bool rejects = rule != rules_.end() && rule->second.rejects;
    judged.judgement = !decision.dropped ? trace::Judgement::Accepted
                       : rejects         ? trace::Judgement::Rejected
                                         : trace::Judgement::Dropped;
    judged.packet = std::move(decision.packet);
    all.push_back(std::move(judged));
  }
  return all;
}

std::vector<std::optional<RuleProblem>> check_rules(
    const std::vector<std::pair<std::string, std::string>>& chains_and_rules) {
  std::vector<std::optional<RuleProblem>> problems;
  std::vector<std::string> inputs;
  for (const auto& [chain, rule] : chains_and_rules) {
    problems.push_back(problem_of(rule));
    if (!problems.back()) inputs.push_back(chains + rule_start(chain) + rule + "\n");
  }
  if (inputs.empty()) return problems;
  const auto answers = run_nft(inputs, true);
  std::size_t asked = 0;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i]) continue;
    const NftAnswer& answer = answers.at(asked++);
    const auto starts = static_cast<int>(rule_start(chains_and_rules[i].first).size()) + 1;
    if (!answer.taken) problems[i] = from_nft(answer.error, starts);
  }
  return problems;
}

}  // namespace loopscope::firewall
