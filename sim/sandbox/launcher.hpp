#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "sim/base/unique_fd.hpp"

namespace loopscope::sandbox {

/// Which part of making a private world failed, and what the user can do about it.
struct Refusal {
  std::string step;      ///< 'unshare(CLONE_NEWUSER…)', 'write uid_map', 'lo up'
  int error_number = 0;  ///< 0: the step is a sentence of its own, that of no call
  std::string remedy;  ///< a sentence: 'sudo sysctl user.max_user_namespaces=…'; empty where none is known
};
/// 'a private world cannot be made here: unshare(…): ENOSPC (No space left on device). REMEDY'
[[nodiscard]] std::string to_string(const Refusal& refusal);

/// What runs inside a world, in its own process (child of the world's pid 1) with all capabilities over the
/// world's network and no thread but its own. `channel` is its end of a SOCK_STREAM pair; returning ends the
/// world.
using WorldMain = std::function<void(UniqueFd channel)>;

/// Where WorldMain runs.
enum class Ground : std::uint8_t {
  Private,      ///< in namespaces of its own
  ThisMachine,  ///< on the machine itself, with the user's own rights and no namespace (`--here`)
};

/// A single-threaded process, forked before the program has any thread, that makes worlds on request: only a
/// single-threaded process may unshare a user namespace (user_namespaces(7)), and PR_SET_PDEATHSIG follows
/// the parent *thread* (PR_SET_PDEATHSIG(2const)). It and every world die with the program, SIGKILL included.
/// Create it first thing in main. Use from one thread at a time, the one that made it being the program's
/// last.
class Launcher {
 public:
  /// Forks. `world_main` runs in each world's process. Throws SystemError where even that fails.
  explicit Launcher(WorldMain world_main);
  /// Ends all its worlds and waits for the launcher's own end.
  ~Launcher();
  Launcher(Launcher&&) noexcept;
  Launcher& operator=(Launcher&&) noexcept;

  struct World {
    UniqueFd channel;  ///< closing it ends the world and everything in it
    pid_t pid = 0;  ///< the process that everything in it dies with, seen from here: pid 1 of a private world
  };
  /// Makes a world: private user, network, mount, PID, IPC and UTS namespaces, `lo` up with 127.0.0.1/8 and
  /// ::1/128, the kernel's default network settings (defaults.cpp), the machine's files read-only, a private
  /// tmpfs at /tmp. Where the program is real root, inner uid 0 is root and inner uid 1000 is the machine's
  /// `nobody`; for anybody else the user is mapped to himself. Blocks for about 2 ms.
  [[nodiscard]] tl::expected<World, Refusal> make_world(Ground ground = Ground::Private);

 private:
  void end() noexcept;
  UniqueFd control_;
  pid_t pid_ = -1;
};

}  // namespace loopscope::sandbox
