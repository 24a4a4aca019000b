#pragma once

#include <sys/types.h>

#include "sim/base/unique_fd.hpp"
#include "sim/sandbox/launcher.hpp"

/// The processes of one world, outermost first: the launcher; the *keeper*, which makes the namespaces and
/// stays outside the PID namespace; *pid 1*, which prepares the world, reaps, and ends it; the process that
/// runs WorldMain. Each dies with the one before it.
namespace loopscope::sandbox {

struct Birth {
  pid_t parent = 0;  ///< the launcher
  UniqueFd status;   ///< speaks Word (wire.hpp) with the launcher
  UniqueFd channel;  ///< WorldMain's
  const WorldMain* world_main = nullptr;
};

/// The keeper's whole life, in a process just forked.
[[noreturn]] void keep_world(const Birth& birth);
/// WorldMain without a world, in a process just forked.
[[noreturn]] void live_here(const Birth& birth);
/// Run by the launcher, which as root may map two ids into `keeper`'s user namespace: 0 and an ordinary one.
/// 0 or errno.
[[nodiscard]] int map_ids_of(pid_t keeper);

}  // namespace loopscope::sandbox
