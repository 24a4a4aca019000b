#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/firewall/rule_text.hpp"
#include "sim/firewall/watch.hpp"
#include "sim/trace/event.hpp"

/// The firewall of one host: nftables in its network namespace, and what it decided.
namespace loopscope::firewall {

struct Judged {
  trace::Hook hook{};
  trace::Judgement judgement{};
  std::string rule;  ///< as its user wrote it; empty: none matched, and the packet goes on
  trace::Packet packet;
};

/// A table `loopscope` (family inet) with the chains `input` and `output` at the hooks of those names,
/// priority filter, policy accept. The chains stay: where a base chain goes, the kernel drops what waits in
/// packet queues (nf_unregister_net_hook, net/netfilter/core.c). So does the reference to connection tracking
/// that the first rule with `ct` brings, whose hooks would go with the last one.
///
/// Everything happens in the network namespace that the calling thread is in at that moment, which must be
/// the same each time. Threading: one thread at a time. Errors of the machine are thrown as SystemError.
class Firewall {
 public:
  /// Makes the chains, without any rule. Error: what the kernel lacks, in a sentence. About 2 ms.
  [[nodiscard]] static tl::expected<Firewall, std::string> open();

  /// Adds a rule at the end of its chain (`input` or `output`).
  [[nodiscard]] tl::expected<void, RuleProblem> add(const std::string& chain, const std::string& rule);
  /// Removes all rules.
  void clear();
  /// Whether adding the rule puts new hooks into the packets' path (connection tracking): then a packet that
  /// waits in a queue would be sent the wrong way.
  [[nodiscard]] bool brings_hooks(const std::string& rule) const { return !tracks_ && tracks(rule); }

  /// Readable (poll(2)) when take() has something.
  [[nodiscard]] int fd() const noexcept { return watch_.fd(); }
  /// Verdicts since the last call, in order, of the chains that have rules. Never waits.
  [[nodiscard]] std::vector<Judged> take();
  /// Whether verdicts went untold since the last call, because there were too many at once.
  [[nodiscard]] bool lost() { return watch_.lost(); }

 private:
  explicit Firewall(Watch watch) : watch_(std::move(watch)) {}
  [[nodiscard]] static bool tracks(const std::string& rule) { return has_word(rule, "ct"); }

  Watch watch_;
  struct Rule {
    std::string text;
    bool rejects = false;
  };
  std::map<std::uint64_t, Rule> rules_;     ///< by handle, cleared ones too: their verdicts may still come
  std::map<std::string, bool> is_watched_;  ///< chain -> its packets are traced
  bool tracks_ = false;                     ///< connection tracking is on for good
};

/// Asks nft about rules without adding them: the problem of each that is not taken. Where connection tracking
/// or anything else of the kernel's is missing, that is nft's word about the rule too.
[[nodiscard]] std::vector<std::optional<RuleProblem>> check_rules(
    const std::vector<std::pair<std::string, std::string>>& chains_and_rules);

}  // namespace loopscope::firewall
