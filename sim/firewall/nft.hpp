#pragma once

#include <string>
#include <vector>

namespace loopscope::firewall {

struct NftAnswer {
  bool taken = false;
  std::string output;  ///< what nft echoes, with handles
  std::string error;   ///< its words where it was not taken
};

/// Gives each of `inputs` (whole lines of commands, each one transaction) to libnftables(3), in the network
/// namespace of the calling thread, and returns its answers in order. libnftables reads a stranger's text, so
/// it works in a child that can open no file and look up no name (confine.hpp). `only_check`: nothing takes
/// effect (nft --check). Takes about 2 ms. Throws SystemError where the child can't be made, or dies.
[[nodiscard]] std::vector<NftAnswer> run_nft(const std::vector<std::string>& inputs, bool only_check = false);

}  // namespace loopscope::firewall
