#pragma once

#include <memory>
#include <vector>

#include "sim/trace/socket_entry.hpp"

/// The kernel's socket table, as sock_diag(7) tells it. Works in a lab and on the machine, without
/// privileges.
namespace loopscope::diag {

/// Reads the socket table of the network namespace that the calling thread is in when this is made (the
/// descriptor keeps to it). Threading: one thread at a time. Cost: 0.2 ms for a small table.
class SocketTable {
 public:
  /// Throws SystemError where the kernel has no sock_diag(7) at all.
  SocketTable();
  ~SocketTable();
  SocketTable(SocketTable&&) noexcept;
  SocketTable& operator=(SocketTable&&) noexcept;

  /// All TCP and UDP sockets, IPv4 and IPv6, in every state: also TIME-WAIT, SYN-RECEIVED, connections that
  /// wait for accept (ESTABLISHED with inode 0) and, where the kernel shows them, TCP sockets that are bound
  /// only. Sorted by transport, local address, state, peer and cookie. `process`, `pid` and `fd` are left
  /// empty: see owners.hpp. The kernel walks its table while it changes: a socket that changes state
  /// meanwhile may be missing or come twice under one cookie. Throws SystemError.
  [[nodiscard]] std::vector<trace::SocketEntry> dump();

  /// Whether this kernel shows TCP sockets that are bound and do not listen (TCP_BOUND_INACTIVE, Linux 6.8).
  /// Found out once.
  [[nodiscard]] bool shows_bound() const noexcept;

 private:
  struct Private;
  std::unique_ptr<Private> inside_;
};

}  // namespace loopscope::diag
