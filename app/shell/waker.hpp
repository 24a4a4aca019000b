#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "sim/base/unique_fd.hpp"

namespace loopscope::app {

/// A thread that waits until a descriptor becomes readable and then calls `wake`, once for each watch(). The
/// window's thread sleeps in glfwWaitEvents meanwhile, which cannot wait for a descriptor.
class Waker {
 public:
  /// `wake` is called from the thread; it must be safe there (glfwPostEmptyEvent is).
  explicit Waker(std::function<void()> wake);
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  /// Watches this descriptor from now on, or none (-1). Call again after taking in what was there.
  void watch(int fd);

 private:
  void run();
  void nudge() const;

  std::function<void()> wake_;
  UniqueFd control_;  ///< eventfd(2)
  std::atomic<int> fd_{-1};
  std::atomic<bool> done_{false};
  int watched_ = -2;  ///< the window's thread only
  std::atomic<bool> rung_{false};
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace loopscope::app
