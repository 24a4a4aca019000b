#pragma once

#include <sys/types.h>

#include <string>

#include "sim/base/unique_fd.hpp"

namespace loopscope::lab {

/// Where the programs of a case and the learner's shell live together: one PID namespace, in which they see
/// and signal one another and nobody else, and one mount namespace with the view of a stranger's program
/// (box_mounts.hpp), a /tmp and terminals of its own. All hosts share it. Its first process ends with the
/// engine, and everything in it with that.
class House {
 public:
  /// Forks its first process and waits until it is ready. Throws SystemError.
  House();
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  /// The namespaces, for setns(2).
  [[nodiscard]] int processes() const noexcept { return processes_.get(); }
  [[nodiscard]] int mounts() const noexcept { return mounts_.get(); }
  /// Its working folder, and the /tmp that this lies in: O_PATH.
  [[nodiscard]] int folder() const noexcept { return folder_.get(); }
  [[nodiscard]] int tmp() const noexcept { return tmp_.get(); }

 private:
  pid_t first_ = -1;
  UniqueFd processes_, mounts_, tmp_, folder_;
};

}  // namespace loopscope::lab
