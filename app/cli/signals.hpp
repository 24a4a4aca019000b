#pragma once

#include <csignal>
#include <initializer_list>

#include "sim/base/unique_fd.hpp"

namespace loopscope::app::cli {

/// Signals that come in by a descriptor (signalfd(2)) instead of ending the program, while this lives.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Never waits. 0: none has come.
  [[nodiscard]] int take() const;

 private:
  sigset_t before_{};
  UniqueFd fd_;
};

}  // namespace loopscope::app::cli
