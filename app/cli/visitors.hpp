#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::app::cli {

/// Programs of the machine that take part in a run on its own loopback, in words, as the trace tells of them.
class Visitors {
 public:
  /// What the event adds: 'curl (pid 4711, alice) joins: ESTABLISHED 127.0.0.1:48000 > 127.0.0.1:62893'.
  [[nodiscard]] std::vector<std::string> take(const trace::Event& event);
  /// Who of them has the port now: 'python3 (pid 99, root): LISTEN 0.0.0.0:62893', 'no process: TIME-WAIT
  /// 127.0.0.1:62893, for 42 s more'.
  [[nodiscard]] std::vector<std::string> holders_of(Port port) const;

 private:
  [[nodiscard]] std::string who(const trace::SocketEntry& entry) const;

  std::map<std::string, trace::ProcessStarted> known_;  ///< by name
  std::vector<std::string> new_;                        ///< whose connections have not been seen yet
  std::vector<trace::SocketEntry> table_;               ///< the last one
};

}  // namespace loopscope::app::cli
