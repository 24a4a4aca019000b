#pragma once

#include <string>

namespace loopscope::app {

/// What a learner has set; kept in $XDG_CONFIG_HOME/loopscope/settings.toml.
struct Settings {
  bool dark = true;
  float scale = 1.0F;  ///< 0.75 … 2.5, on top of the display's own
  bool reduced_motion = false;
  bool projector = false;   ///< everything large, for a class
  float slower = 20000.0F;  ///< the replay of 1 µs takes 20 ms
  /// Panels of the lesson screen, in points; 0: as wide as suits the window.
  float lesson_width = 0, inspector_width = 0, sequence_height = 0;
  int inspector_tab = 0;
  std::string command_system = "Linux";

  bool operator==(const Settings&) const = default;
};

}  // namespace loopscope::app
