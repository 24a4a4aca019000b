#pragma once

#include <cstdint>

namespace loopscope::tracer {

/// What else the filter forbids.
enum class Confinement : std::uint8_t {
  None,      ///< a program of the user's own
  Stranger,  ///< no namespaces, mounts, tracing, keys, BPF… (EPERM), sockets of AF_INET, AF_INET6, AF_UNIX
             ///< and AF_NETLINK only: what could lead out of a sandbox
  Resident,  ///< as Stranger, and packet(7) sockets too; but nobody traces it: it stops before no call
};

/// Makes the calling process, and all that it becomes or starts, stop for its tracer right before the calls
/// of traced_calls(), and no other (seccomp(2), SECCOMP_RET_TRACE). Ways past it are closed with ENOSYS:
/// io_uring and foreign ABIs (i386, x32). Needs no_new_privs, and sets it. Once the tracer is gone those
/// calls fail with ENOSYS, so it should take its tracees with it. Throws SystemError.
void install_filter(Confinement confinement);

}  // namespace loopscope::tracer
