#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::tests {

inline void write_file(const char* path, const std::string& text) {
  const UniqueFd file(check(path, ::open(path, O_WRONLY | O_CLOEXEC)));
  check_long(path, ::write(file.get(), text.data(), text.size()));
}

/// Moves this process, which must have one thread, into a new network namespace with only `lo`, and raises
/// it. At the first call into a user namespace too, where its user is the same and it has all capabilities:
/// so kernel tests run as root and as any user (user_namespaces(7)). Everything that belonged to the network
/// before stays with it.
inline void enter_fresh_network() {
  static bool inside = false;
  const auto uid = std::to_string(::getuid());
  const auto gid = std::to_string(::getgid());
  check("unshare", ::unshare(CLONE_NEWNET | (inside ? 0 : CLONE_NEWUSER)));
  if (!inside) {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", uid + " " + uid + " 1");
    write_file("/proc/self/gid_map", gid + " " + gid + " 1");
    inside = true;
  }
  const UniqueFd any(check("socket", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  check("SIOCGIFFLAGS lo", ::ioctl(any.get(), SIOCGIFFLAGS, &request));
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  check("SIOCSIFFLAGS lo", ::ioctl(any.get(), SIOCSIFFLAGS, &request));
}

}  // namespace loopscope::tests
