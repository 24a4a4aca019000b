#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/address.hpp"
#include "sim/base/socket_state.hpp"
#include "sim/base/time.hpp"
#include "sim/trace/packet.hpp"

namespace loopscope::trace {

/// A pending kernel timer of a socket, as sock_diag(7) tells it (idiag_timer).
enum class SocketTimer : std::uint8_t { None, Retransmit, Keepalive, TimeWait, Probe };

/// One row of a host's socket table at one moment: what the kernel said (sock_diag(7), linux/inet_diag.h),
/// nothing inferred.
struct SocketEntry {
  Transport transport = Transport::Tcp;
  SocketState state = SocketState::Closed;
  SocketAddress local;
  SocketAddress peer;       ///< 0.0.0.0:0 or [::]:0 where there is none
  std::uint64_t inode = 0;  ///< 0: no descriptor (TIME-WAIT, not yet accepted, orphaned)
  std::uint64_t cookie =
      0;  ///< the kernel's identity of the socket, stable through its life; 0 where unknown
  std::uint32_t uid = 0;
  std::uint32_t receive_queue = 0;  ///< bytes; for a listener: connections that wait for accept
  std::uint32_t send_queue = 0;     ///< bytes not yet acknowledged; for a listener: its backlog
  SocketTimer timer = SocketTimer::None;
  Milliseconds timer_left{};
  std::uint8_t retransmits = 0;
  std::optional<bool> v6only;
  std::string device;   ///< SO_BINDTODEVICE, else empty
  std::string process;  ///< the lab's name of the owner; empty where none has a descriptor
  int pid = 0;
  int fd = -1;
  bool operator==(const SocketEntry&) const = default;
};

}  // namespace loopscope::trace
