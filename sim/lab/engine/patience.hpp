#pragma once

#include "sim/lab/engine/reporter.hpp"

namespace loopscope::lab {

/// A clock that stands still while a learner holds a packet: waiting for the learner is nobody's impatience.
class PatienceClock {
 public:
  [[nodiscard]] Nanoseconds now() const { return (paused_ ? paused_at_ : monotonic_now()) - lost_; }
  [[nodiscard]] bool paused() const noexcept { return paused_; }
  void pause(bool on) {
    if (on == paused_) return;
    if (on) {
      paused_at_ = monotonic_now();
    } else {
      lost_ += monotonic_now() - paused_at_;
    }
    paused_ = on;
  }

 private:
  bool paused_ = false;
  Nanoseconds paused_at_{}, lost_{};
};

}  // namespace loopscope::lab
