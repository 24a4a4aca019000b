#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/lab/engine/packets.hpp"
#include "sim/lab/engine/reporter.hpp"
#include "sim/lab/protocol.hpp"

namespace loopscope::lab {

/// What nftables says of rules that are to come; where it can't be asked, nothing.
[[nodiscard]] std::vector<RuleRefused> check_rules(
    const std::vector<std::pair<std::string, std::string>>& rules);

/// The firewall of a host: takes `firewall` statements and tells what became of each packet.
class Gate {
 public:
  Gate(Reporter& reporter, Packets& packets, std::string host)
      : reporter_(reporter), packets_(packets), host_(std::move(host)) {}

  /// Puts the chains in place, once, and before packets are held: hooks that come into the path of a packet
  /// which waits in a queue lead it astray (nf_reinject() goes on at the hook's old number). Where the kernel
  /// has no firewall, a statement says so.
  void open();
  [[nodiscard]] const std::string& why_not() const noexcept { return why_not_; }
  [[nodiscard]] tl::expected<void, std::string> add(const experiment::FirewallDecl& rule);
  void clear();

  void add_descriptors(std::vector<pollfd>& wait) const;
  /// Takes in what was decided. True where a packet was stopped at output: the call that sent it is about to
  /// return, if it has not returned.
  [[nodiscard]] bool read();
  /// Reports what was taken in. The kernel gives no time: a packet's verdict has the time at which the
  /// capture saw the packet; one that never came so far has this moment's, but none after `latest`.
  void tell(Nanoseconds latest);

 private:
  Reporter& reporter_;
  Packets& packets_;
  std::string host_;
  std::optional<firewall::Firewall> firewall_;
  std::vector<firewall::Judged> judged_;  ///< taken in and not told
  bool tried_ = false;
  std::string why_not_;
};

}  // namespace loopscope::lab
