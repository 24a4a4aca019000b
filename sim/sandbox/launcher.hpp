#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "sim/base/unique_fd.hpp"

namespace loopscope::sandbox {

/// Which part of making a private world failed, and what the user can do about it.
struct Refusal {
  std::string step;  ///< 'unshare(CLONE_NEWUSER)', 'write uid_map', 'lo up'
  int error_number = 0;
  std::string remedy;  ///< a sentence: 'sudo sysctl user.max_user_namespaces=…'
};
[[nodiscard]] std::string to_string(const Refusal& refusal);

/// What runs inside a world, in its own process (child of the world's pid 1) with all capabilities over the
/// world's network and no thread but its own. `channel` is its end of a SOCK_STREAM pair; returning ends the
/// world.
using WorldMain = std::function<void(UniqueFd channel)>;

/// A single-threaded process, forked before the program has any thread, that makes worlds on request: only a
/// single-threaded process may unshare a user namespace (user_namespaces(7)), and PR_SET_PDEATHSIG follows
/// the parent *thread*. It and every world die with the program, SIGKILL included. Create it first thing in
/// main. Use from one thread at a time.
class Launcher {
 public:
  /// Forks. `world_main` runs in each world's process.
  explicit Launcher(WorldMain world_main);
  ~Launcher();
  Launcher(Launcher&&) noexcept;
  Launcher& operator=(Launcher&&) noexcept;

  struct World {
    UniqueFd channel;  ///< closing it ends the world and everything in it
    pid_t pid = 0;     ///< pid 1 of the world, seen from here
  };
  /// Makes a world: private user, network, mount and PID namespace, `lo` up with 127.0.0.1/8 and ::1/128.
  /// About 2 ms.
  [[nodiscard]] tl::expected<World, Refusal> make_world();

 private:
  UniqueFd control_;
  pid_t pid_ = -1;
};

}  // namespace loopscope::sandbox
