#pragma once

#include <string>

#include "app/views/settings_values.hpp"

namespace loopscope::app {

/// Where the window was, in screen coordinates; width 0: never shown yet.
struct WindowPlace {
  int x = 0, y = 0, width = 0, height = 0;
  bool maximised = false;
  bool operator==(const WindowPlace&) const = default;
};

struct Kept {
  Settings settings;
  WindowPlace window;
  bool operator==(const Kept&) const = default;
};

/// $XDG_CONFIG_HOME/loopscope/settings.toml, or ~/.config/loopscope/settings.toml (XDG Base Directory); empty
/// without a home.
[[nodiscard]] std::string settings_path();

struct LoadedSettings {
  Kept kept;
  /// A sentence where the file was damaged: it was renamed aside and the usual values are used. Values out of
  /// range are put back into it and are not worth a word.
  std::string trouble;
  bool may_be_written = true;  ///< false: a file that could be neither read nor kept aside would be lost
};
[[nodiscard]] LoadedSettings load_settings(const std::string& path);
/// Written beside, synced, renamed over the old one. Empty where it went well, else a sentence.
[[nodiscard]] std::string save_settings(const std::string& path, const Kept& kept);

}  // namespace loopscope::app
