#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/lab.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::lab {

enum class Ability : std::uint8_t { Yes, Limited, No };

/// One thing this machine allows, or not, found by trying it in a throwaway world.
struct Finding {
  std::string id;  ///< "lab", "hold-packets", "bound-sockets", "capture", "other-user", "hosts", "here", …
  std::string title;  ///< 'A private world'
  Ability ability{};
  std::string details;  ///< 'user, network, mount and PID namespaces; 2.1 ms'
  std::string remedy;   ///< how to allow it; empty where nothing is needed
};

/// Finds out piece by piece, for who draws meanwhile. Threading and life: as the launcher, which must outlive
/// it.
class Examination {
 public:
  explicit Examination(sandbox::Launcher& launcher) : launcher_(launcher) {}
  /// Does the next piece, which takes some milliseconds; never waits. True once all is known.
  bool pump();
  /// Readable when pump() has something to do; -1: it has at once.
  [[nodiscard]] int fd() const noexcept { return opening_ ? opening_->fd() : -1; }
  /// Once pump() said so.
  [[nodiscard]] const std::vector<Finding>& findings() const noexcept { return findings_; }

 private:
  bool time_a_world();
  bool look_at_this_machine();

  sandbox::Launcher& launcher_;
  int worlds_ = 0;
  double best_ms_ = 0;
  std::optional<Lab::Opening> opening_;
  std::chrono::steady_clock::time_point opened_at_;
  std::vector<Finding> findings_so_far_;  ///< of one host
  bool world_known_ = false;              ///< what is left is the machine itself
  std::vector<Finding> findings_;
};

/// The same at once: blocks for about 0.2 s.
[[nodiscard]] std::vector<Finding> examine(sandbox::Launcher& launcher);

}  // namespace loopscope::lab
