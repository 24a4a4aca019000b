#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/experiment/statement.hpp"

/// What an experiment may do on the machine's own loopback (`run --here`). Pure.
namespace loopscope::lab {

/// Follows the statements in their order and knows which sockets have an address by then, as far as the text
/// tells. A socket whose bind fails in the run has none: the process that makes the call looks again
/// (engine/inhabitant.cpp).
class LoopbackGuard {
 public:
  /// Why the statement may not be done on this machine itself, and what to write instead; empty: it stays on
  /// the loopback and changes nothing of the machine.
  [[nodiscard]] std::string refusal(const experiment::Statement& statement);

 private:
  struct Socket {
    bool datagram = false;
    bool has_address = false;
  };
  struct Rules;                                                    ///< one overload a statement, one a call
  std::map<std::pair<std::string, std::string>, Socket> sockets_;  ///< by process and variable
};

/// Every line that a run on this machine refuses, as problems of the file: 'FILE:LINE: why, and what to write
/// instead'.
[[nodiscard]] std::vector<std::string> refused_on_this_machine(const experiment::Experiment& experiment);

/// Whether it belongs to the loopback: 127.0.0.0/8, ::1, or the first mapped into IPv6.
[[nodiscard]] bool is_on_loopback(const IpAddress& ip);

}  // namespace loopscope::lab
