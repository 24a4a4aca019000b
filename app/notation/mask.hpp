#pragma once

#include <string>

#include "sim/experiment/statement.hpp"
#include "sim/trace/socket_entry.hpp"

/// While a question waits for the learner's prediction, no view may show what answers it.
namespace loopscope::app::notation {

/// What is shown as '?' of one process's sockets. Nothing, where no question is pending.
struct Mask {
  std::string process;  ///< the process whose sockets answer the question; empty: no mask
  bool state = false;   ///< its sockets' states, and the timers and queues that tell them
  bool local = false;   ///< their own addresses
  bool peer = false;    ///< their peers
  bool bytes = false;   ///< what waits in their receive queues, and the data of packets to them

  [[nodiscard]] bool any() const { return state || local || peer || bytes; }
  [[nodiscard]] bool covers(const trace::SocketEntry& socket) const {
    return any() && socket.process == process;
  }
  /// The other end of a connection names the same addresses, the other way round.
  [[nodiscard]] bool hides_local(const trace::SocketEntry& socket) const {
    return covers(socket) ? local : peer && socket.peer.port != Port{0};
  }
  [[nodiscard]] bool hides_peer(const trace::SocketEntry& socket) const {
    return covers(socket) ? peer : local;
  }
  /// Every packet carries both.
  [[nodiscard]] bool hides_packet_ends() const { return local || peer; }
};

/// What a question about this statement hides.
[[nodiscard]] Mask mask_for(const experiment::Statement& question);

}  // namespace loopscope::app::notation
