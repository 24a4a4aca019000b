#pragma once

#include <sched.h>
#include <sys/types.h>

#include <optional>
#include <unordered_map>

#include "sim/base/time.hpp"

namespace loopscope::tracer {

/// While traced threads make calls quickly, each call is a turn for the thread and one for its tracer, and a
/// turn that changes the processor costs several times as much: then the busy threads are kept on the
/// tracer's own one, where they would have to wait for it anyway. As soon as they are calm they may run
/// anywhere again.
class Placement {
 public:
  ~Placement() { release_all(); }
  /// A thread stands before a call. True where the tracer should look again (calm()) after a while.
  bool call(pid_t thread, Nanoseconds now);
  /// Whether it is quiet by now; if so all threads are as they were.
  bool calm(Nanoseconds now);
  /// A new thread or process: it has its parent's processors.
  void started(pid_t thread);
  void ended(pid_t thread) { kept_.erase(thread); }
  [[nodiscard]] bool busy() const noexcept { return busy_; }

 private:
  void keep(pid_t thread);
  void release_all();
  int calls_ = 0;  ///< since counted_from_
  Nanoseconds counted_from_{}, last_{};
  bool busy_ = false;
  cpu_set_t here_{};                           ///< the processor that they are kept on
  std::unordered_map<pid_t, cpu_set_t> kept_;  ///< where each might run before
  std::optional<cpu_set_t> own_;
};

}  // namespace loopscope::tracer
