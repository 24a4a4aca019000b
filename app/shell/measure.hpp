#pragma once

#include <chrono>
#include <string>

#include "app/widgets/registry.hpp"

namespace loopscope::app {

/// What frames cost, where asked for: the time from the process's start to the first frame, and processor
/// time a frame.
class Measure {
 public:
  explicit Measure(bool on) : on_(on) {}
  void begin();
  void built();
  void shown();
  void report() const;

 private:
  using Clock = std::chrono::steady_clock;
  bool on_;
  int frames_ = 0;
  double first_ms_ = 0, build_ms_ = 0, show_ms_ = 0;
  Clock::time_point began_{}, built_{};
};

/// Writes one line an item: id, kind, label, middle x and y, enabled; tab-separated, into a new file renamed
/// to `path`.
void dump_items(const Registry& registry, const std::string& path);

}  // namespace loopscope::app
