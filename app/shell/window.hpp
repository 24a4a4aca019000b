#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "app/shell/damage.hpp"
#include "app/shell/settings_file.hpp"
#include "app/widgets/canvas.hpp"

struct GLFWwindow;

namespace loopscope::app {

/// A GLFW window with OpenGL 3.3 core. Gathers input for the canvas and draws its frames. One at a time, main
/// thread.
class Window {
 public:
  /// The error is a sentence for the learner: no display, or no OpenGL 3.3.
  [[nodiscard]] static tl::expected<std::unique_ptr<Window>, std::string> open(const WindowPlace& place);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Sleeps until something happens, at most `seconds`; negative: as long as it takes.
  void wait(double seconds);
  /// From any thread: ends a wait.
  static void wake();
  /// Whether there was input, or the window must be drawn anew, since the last call.
  [[nodiscard]] bool take_changed();
  [[nodiscard]] bool closing() const;
  [[nodiscard]] bool visible() const;  ///< not minimised
  [[nodiscard]] Point size() const;    ///< pixels
  /// Pixels a screen coordinate, as the desktop says (1, 1.25, 2 …).
  [[nodiscard]] float content_scale() const;
  [[nodiscard]] WindowPlace place() const;
  void copy(const std::string& text);
  /// The path of a file that was dropped on the window, once; of several the last.
  [[nodiscard]] std::optional<std::string> take_dropped();
  void toggle_fullscreen();

  /// Between frames, after the canvas has got its context: prepares drawing, or uploads the fonts anew.
  [[nodiscard]] tl::expected<void, std::string> attach_renderer();
  void upload_fonts();
  void hand_input_to(Canvas& canvas);
  /// Draws and shows the last frame. Waits for the screen (vsync).
  void show(Canvas& canvas, Colour ground);
  /// Before the canvas goes away.
  void detach_renderer();

 private:
  Window() = default;
  void listen();
  void typed(unsigned codepoint);
  void paste();
  void key(int key, int scancode, int action, int mods);
  void set_cursor();
  [[nodiscard]] bool keep_picture_of(int width, int height);
  void forget_picture();

  GLFWwindow* window_ = nullptr;
  bool changed_ = true;
  bool attached_ = false;
  /// The last frame, as it was shown: a framebuffer object, since the window's own buffers do not keep it.
  unsigned picture_ = 0, picture_colours_ = 0;  ///< OpenGL's names; 0: none
  int picture_width_ = 0, picture_height_ = 0;
  bool no_picture_ = false;  ///< it cannot be had: every frame is drawn whole
  Damage damage_;
  WindowPlace windowed_;                                    ///< before full screen
  std::vector<std::variant<KeyPress, std::string>> input_;  ///< keys and text in the order of their coming
  std::optional<std::string> dropped_;
  std::vector<bool> buttons_;  ///< presses and releases of the left button, in order
  float wheel_ = 0;
  struct Cursors;
  std::unique_ptr<Cursors> cursors_;
};

}  // namespace loopscope::app
