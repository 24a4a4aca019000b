#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/lab/engine/reporter.hpp"
#include "sim/trace/packet.hpp"
#include "sim/trace/socket_entry.hpp"

namespace loopscope::lab {

/// Packets that nobody may see, told from what they have caused: where this machine gives no capture
/// (CAP_NET_RAW), a socket's state (RFC 9293, 3.3.2) or a call's result shows which packets must have passed.
/// Each is told once, marked `derived`, at the moment of its proof. Acknowledgments of data, window updates
/// and how data was cut into segments cannot be told, and are not.
class Inference {
 public:
  explicit Inference(Reporter& reporter) : reporter_(reporter) {}

  /// connect(2) of a TCP socket returned with this errno (0: it is connected).
  void connected(const SocketAddress& own, const SocketAddress& peer, int error, Nanoseconds at);
  /// `bytes` (the first of them) went from `source` to `destination`.
  void carried(trace::Transport transport, const SocketAddress& source, const SocketAddress& destination,
               std::uint64_t count, std::string_view bytes, Nanoseconds at);
  /// A call said ECONNRESET: the peer has sent a RST.
  void reset_by(const SocketAddress& peer, const SocketAddress& own, Nanoseconds at);
  /// What there is at this moment (CLOCK_MONOTONIC).
  void look_at(const std::vector<trace::SocketEntry>& entries, Nanoseconds at);

 private:
  using Way = std::pair<SocketAddress, SocketAddress>;  ///< from, to
  struct Told {
    bool syn = false, syn_ack = false, ack = false, fin = false, rst = false;
  };
  void handshake(const SocketAddress& client, const SocketAddress& server, Nanoseconds at);
  void tell(const Way& way, bool Told::*which, trace::TcpFlags flags, Nanoseconds at);
  void say(trace::Packet packet, Nanoseconds at);
  void look_at_state(const trace::SocketEntry& entry, bool listens_here, bool listens_there, Nanoseconds at);

  Reporter& reporter_;
  std::map<Way, Told> told_;
};

}  // namespace loopscope::lab
