#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/views/program.hpp"
#include "app/views/settings_values.hpp"

/// The window, and pictures without one. The only room that knows GLFW and OpenGL.
namespace loopscope::app {

/// Makes what stands behind the screen, with the settings that were found on disk.
using MakeProgram = std::function<std::unique_ptr<Program>(const Settings&)>;

/// What run_window and take_screenshots return: exit codes of the program.
namespace shell_exit {
inline constexpr int good = 0;
inline constexpr int failed = 1;
/// There is no display, or no OpenGL 3.3: nothing was shown, a sentence about it is on stderr. The terminal's
/// tour still works.
inline constexpr int no_display = 3;
/// Steps of a live run were asked for, and this machine makes no lab.
inline constexpr int no_lab = 3;
}  // namespace shell_exit

struct WindowOptions {
  std::optional<std::string> lesson;  ///< opened at once, by id or number
  std::optional<int> page;            ///< counted from 1
  std::optional<std::string> file;    ///< an experiment or a trace, opened at once
  std::optional<bool> dark;           ///< over what the settings say, for this time
  std::optional<float> scale;
  // For tests and measurements:
  std::string dump_items;  ///< after each frame, write what is on the screen where into this file
  bool measure = false;    ///< say on stderr when the first frame was shown, and what frames cost, at the end
  double quit_after = 0;   ///< seconds; 0: never
};

/// Opens the window and returns when it is closed. Settings are read from and kept in
/// $XDG_CONFIG_HOME/loopscope/settings.toml. Threads: this one draws; one more waits for the lab's descriptor
/// and wakes it.
[[nodiscard]] int run_window(const WindowOptions& options, const MakeProgram& make_program);

struct ShotOptions {
  std::string path;    ///< of the PNG
  std::string lesson;  ///< id or number; empty: the home screen, or the file
  std::string file;    ///< an experiment or a trace; one that starts programs is asked about, and not run
  int page = 1;        ///< counted from 1
  int steps = 0;       ///< how many steps of the live run to take first
  /// The choices that questions on the way are answered with, in order, counted from 1; 0, and where there
  /// are no more: 'I don't know'.
  std::vector<int> predictions;
  std::string step_by;    ///< "chapter", "call", "packet"; empty: as the page says
  int inspector_tab = 0;  ///< see action::SetInspectorTab
  bool settings_open = false;
  int width = 1280, height = 800;  ///< pixels
  bool dark = true;
  float scale = 1;
};

/// Draws one picture in memory and writes it: needs neither a display nor a GPU. The settings on disk are
/// neither read nor changed. Returns an exit code; what went wrong is on stderr.
[[nodiscard]] int take_screenshot(const ShotOptions& options, const MakeProgram& make_program);

/// All screens that there are, at the sizes and themes that are looked at before a release, into a folder.
/// `lessons`: ids.
[[nodiscard]] std::vector<ShotOptions> all_shots(const std::string& folder,
                                                 const std::vector<std::string>& lessons);
/// Takes them in turn, with one process.
[[nodiscard]] int take_screenshots(const std::vector<ShotOptions>& shots, const MakeProgram& make_program);

}  // namespace loopscope::app
