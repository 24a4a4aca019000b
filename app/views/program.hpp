#pragma once

#include <string>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"

namespace loopscope::app {

/// What stands behind the screen: the controller. The shell shows its snapshot and hands it what the learner
/// asked for; it never sees the lab. One thread: the window's. The shell copies texts to the clipboard, sets
/// scale and theme from snapshot().settings and keeps those on disk; everything else is the program's.
class Program {
 public:
  virtual ~Program() = default;
  /// Readable (poll(2)) when the lab has something to take in; -1 where there is nothing to watch. May change
  /// from frame to frame.
  [[nodiscard]] virtual int fd() const = 0;
  /// Takes in what happened and moves a replay on by `seconds` of the window's time. True where the picture
  /// may have changed.
  virtual bool advance(double seconds) = 0;
  /// Whether the picture changes by itself (a replay): frames are drawn without being asked for.
  [[nodiscard]] virtual bool moving() const = 0;
  /// Seconds until advance() has something to do though nothing is moving and fd() is quiet (a held packet's
  /// clock goes on now and then); negative: never.
  [[nodiscard]] virtual double seconds_to_change() const { return -1; }
  /// What a frame costs of processor time, measured by the shell from time to time: where it is much, the
  /// picture changes by itself more seldom.
  virtual void frame_costs(double /*processor_seconds*/) {}
  /// Shows a sentence until the learner puts it away; the same one is shown once.
  virtual void tell(std::string /*notice*/) {}
  /// Valid until the next call of any other function.
  [[nodiscard]] virtual const Snapshot& snapshot() = 0;
  virtual void carry_out(const Actions& actions) = 0;
};

}  // namespace loopscope::app
