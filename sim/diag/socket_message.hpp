#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>

#include <optional>

#include "sim/trace/socket_entry.hpp"

namespace loopscope::diag {

/// A row as the kernel sent it, and the device it is bound to (0: none), whose name is in another table.
struct Row {
  trace::SocketEntry entry;
  unsigned device_index = 0;
};

/// Reads one message of a dump (struct inet_diag_msg and its attributes, linux/inet_diag.h). Nothing where it
/// is cut short or of an unknown family or state. Pure.
[[nodiscard]] std::optional<Row> read_row(const nlmsghdr* message, trace::Transport transport);

}  // namespace loopscope::diag
