#pragma once

#include <cstddef>
#include <string>

namespace loopscope::lab {

/// A firewall rule of the experiment that nftables does not take.
struct RuleRefused {
  std::size_t rule = 0;  ///< which one, counted from 0
  int column = 1;        ///< in the rule, in bytes, from 1
  std::string message;   ///< nft's own words, or ours where nft was not asked
};

}  // namespace loopscope::lab
