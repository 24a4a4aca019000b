#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/trace/socket_entry.hpp"

namespace loopscope::diag {

/// Who holds a descriptor of a socket.
struct Owner {
  pid_t pid = 0;
  int fd = -1;
  std::string comm;  ///< /proc/PID/comm
};
/// By the socket's inode number. Where several hold one (fork), the lowest pid, then the lowest descriptor.
using Owners = std::unordered_map<std::uint64_t, Owner>;

/// The owners among these processes, from /proc/PID/fd (proc(5)). Processes that have gone or may not be
/// looked at are passed over.
[[nodiscard]] Owners owners_among(std::span<const pid_t> pids);
/// The owners among all processes that /proc shows and this user may look at. About 100 ms on a full machine.
[[nodiscard]] Owners owners_of_all();

/// Fills pid, fd and process (with the owner's comm) of entries whose inode has an owner.
void attribute(std::vector<trace::SocketEntry>& entries, const Owners& owners);

}  // namespace loopscope::diag
