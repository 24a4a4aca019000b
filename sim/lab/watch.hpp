#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/base/unique_fd.hpp"
#include "sim/lab/watch_wire.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::lab {

/// What became of a watched program.
struct WatchEnd {
  int wait_status = 0;  ///< as wait(2) tells it
  std::string trouble;  ///< why it was not started, or the lab's unexpected end; empty otherwise
};

/// One real program whose network calls are told as they happen (`loopscope watch`), in a world of its own or
/// on this machine. It ends with this object, with all that it started. Threading: one thread.
class Watch {
 public:
  /// `request.path` may be empty: then it is looked for in the PATH of its environment; where there is no
  /// such program the refusal's step is empty and its remedy the sentence.
  [[nodiscard]] static tl::expected<Watch, sandbox::Refusal> start(sandbox::Launcher& launcher,
                                                                   WatchRequest request);
  /// Readable when pump() has something to do.
  [[nodiscard]] int fd() const noexcept { return world_.channel.get(); }
  /// Takes in what came. False once the program and all that it started have ended: then end().
  bool pump();
  [[nodiscard]] const WatchEnd& end() const noexcept { return end_; }
  void send_signal(int number);

 private:
  explicit Watch(sandbox::Launcher::World world) : world_(std::move(world)) {}
  void take(const std::string& line);
  sandbox::Launcher::World world_;
  std::string input_;
  WatchEnd end_;
  bool told_ = false;
};

}  // namespace loopscope::lab
