#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/lab/engine/inference.hpp"
#include "sim/lab/engine/outsiders.hpp"
#include "sim/lab/here_rules.hpp"

namespace loopscope::lab {

/// What the engine has only where it runs on the machine itself (`--here`).
struct MachinePart {
  MachinePart(Reporter& reporter, std::set<std::string> reserved)
      : outsiders(reporter, std::move(reserved)), inference(reporter) {}

  LoopbackGuard guard;
  Outsiders outsiders;
  Inference inference;
  bool infers = false;  ///< the machine gives no capture
  Nanoseconds next_look{};
  std::vector<trace::SocketEntry> last;  ///< the table that was told last

  void take(const std::vector<trace::SocketEntry>& entries, Nanoseconds at) {
    if (infers) inference.look_at(entries, at);
    last = entries;
  }
  /// The end of the connection that this descriptor had in the last table; null where it had none.
  [[nodiscard]] const trace::SocketEntry* entry_of(int pid, int fd) const {
    for (const trace::SocketEntry& entry : last) {
      if (entry.pid == pid && entry.fd == fd) return &entry;
    }
    return nullptr;
  }
};

}  // namespace loopscope::lab
