#pragma once

#include <string>
#include <vector>

#include "sim/model/world.hpp"
#include "sim/trace/socket_entry.hpp"

/// This very machine as a world of the model: its socket table, addresses and settings. Reads /proc and
/// sock_diag(7), and changes nothing.
namespace loopscope::app::cli {

struct Machine {
  std::vector<trace::SocketEntry> sockets;  ///< with their owners where this user may know them
  bool shows_bound = true;  ///< whether this kernel tells of TCP sockets that are bound and silent
};

[[nodiscard]] Machine read_machine();
/// `shared`: as if every socket had SO_REUSEADDR and SO_REUSEPORT, which the kernel does not tell.
[[nodiscard]] model::World world_of(const Machine& machine, bool shared);
/// 'python3 (pid 4711)'; 'a process of another user (root)' where this user may not know it.
[[nodiscard]] std::string owner_of(const trace::SocketEntry& entry);
/// /proc/PID/cmdline as one line; empty where it cannot be read.
[[nodiscard]] std::string command_of(int pid);

}  // namespace loopscope::app::cli
