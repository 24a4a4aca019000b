#include "sim/base/socket_state.hpp"

#include <array>
#include <cstddef>

namespace loopscope {
namespace {

constexpr std::array<std::string_view, 13> names{
    "CLOSED",     "BOUND",      "LISTEN",  "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
    "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",    "UNCONNECTED"};

}  // namespace

std::string_view to_string(SocketState state) { return names.at(static_cast<std::size_t>(state)); }

std::optional<SocketState> parse_socket_state(std::string_view name) {
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (names[index] == name) return static_cast<SocketState>(index);
  }
  return std::nullopt;
}

std::optional<SocketState> socket_state_from_kernel(int tcp_state) {
  switch (tcp_state) {  // include/net/tcp_states.h
    case 1:
      return SocketState::Established;
    case 2:
      return SocketState::SynSent;
    case 3:
      return SocketState::SynReceived;
    case 4:
      return SocketState::FinWait1;
    case 5:
      return SocketState::FinWait2;
    case 6:
      return SocketState::TimeWait;
    case 7:
      return SocketState::Closed;
    case 8:
      return SocketState::CloseWait;
    case 9:
      return SocketState::LastAck;
    case 10:
      return SocketState::Listen;
    case 11:
      return SocketState::Closing;
    case 12:
      return SocketState::SynReceived;
    case 13:
      return SocketState::Bound;  // TCP_BOUND_INACTIVE, a pseudo-state of inet_diag since 6.8
    default:
      return std::nullopt;
  }
}

}  // namespace loopscope
