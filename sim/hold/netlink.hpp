#pragma once

#include <libmnl/libmnl.h>

#include <cerrno>
#include <memory>

#include "sim/base/system_error.hpp"

namespace loopscope::hold {

struct MnlCloser {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using Netlink = std::unique_ptr<mnl_socket, MnlCloser>;

/// A netfilter netlink socket of the calling thread's network namespace. Throws SystemError.
inline Netlink open_netfilter(int flags) {
  Netlink socket(mnl_socket_open2(NETLINK_NETFILTER, flags));
  if (!socket) throw SystemError("socket(NETLINK_NETFILTER)", errno);
  check("bind(NETLINK_NETFILTER)", mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID));
  return socket;
}

}  // namespace loopscope::hold
