#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace loopscope {

/// The state of a socket as ss(8) would name it, with RFC 9293's words. Bound: it has a local port and no TCP
/// state yet. Closed: neither. Unconnected: a UDP socket without a peer (one with a peer is Established).
enum class SocketState : std::uint8_t {
  Closed,
  Bound,
  Listen,
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait,
  Unconnected,
};

/// 'SYN-RECEIVED', 'TIME-WAIT', 'BOUND', 'CLOSED', 'UNCONNECTED'…
[[nodiscard]] std::string_view to_string(SocketState state);
[[nodiscard]] std::optional<SocketState> parse_socket_state(std::string_view name);
/// From the kernel's TCP_ESTABLISHED… (include/net/tcp_states.h); TCP_CLOSE gives Closed, TCP_NEW_SYN_RECV
/// SynReceived.
[[nodiscard]] std::optional<SocketState> socket_state_from_kernel(int tcp_state);

}  // namespace loopscope
