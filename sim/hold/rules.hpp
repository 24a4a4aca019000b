#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "sim/hold/hold.hpp"
#include "sim/hold/netlink.hpp"

namespace loopscope::hold {

/// What sends packets that leave on `lo` to a queue: a table `loopscope_hold` for IPv4 and one for IPv6, each
/// with a chain at the output hook, which stay, and while packets are to be held a rule in each. The chains
/// stay because the kernel drops everything that any queue of the network holds whenever a chain leaves a
/// hook (nf_unregister_net_hook, net/netfilter/core.c). Written with libnftnl, no program is run. Source:
/// nft(8), net/netfilter/nf_tables_api.c.
class Rules {
 public:
  /// Finds out which way this kernel has, by installing and removing the rules; the chains stay. Error: what
  /// the kernel lacks.
  [[nodiscard]] static tl::expected<Rules, std::string> open(std::uint16_t queue_number);
  ~Rules();
  Rules(Rules&&) = default;
  Rules& operator=(Rules&&) = default;

  [[nodiscard]] Way way() const noexcept { return way_; }
  [[nodiscard]] bool installed() const noexcept { return installed_; }
  /// All of the rules at once, or none. Throws SystemError.
  void install();
  void remove();

 private:
  Rules(Netlink socket, std::uint16_t queue_number, Way way);

  Netlink socket_;
  std::uint16_t queue_number_;
  Way way_;
  bool installed_ = false;
};

}  // namespace loopscope::hold
