#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "app/widgets/image.hpp"
#include "app/widgets/ui.hpp"

struct ImGuiContext;
struct ImDrawData;

namespace loopscope::app {

/// Owns the Dear ImGui context with its fonts, and draws one frame after the other with a Ui. Knows neither
/// window nor OpenGL: the shell or a test hands in size, time and input and takes the draw data. One at a
/// time, one thread.
class Canvas {
 public:
  /// The error says which package of fonts is missing. `scale`: pixels a point.
  [[nodiscard]] static tl::expected<std::unique_ptr<Canvas>, std::string> make(float scale,
                                                                               float least_points = 0);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  /// Between frames. Rebuilds the fonts (30–70 ms); the caller must upload the atlas again.
  [[nodiscard]] tl::expected<void, std::string> set_scale(float scale, float least_points = 0);
  [[nodiscard]] float scale() const noexcept { return ui_.scale_; }
  [[nodiscard]] const Fonts& fonts() const noexcept { return fonts_; }

  struct FrameInput {
    float width = 0, height = 0;  ///< pixels
    float seconds = 1.0F / 60;    ///< since the frame before
    bool dark = true;
    bool reduced_motion = false;
    /// Draws with no renderer attached (tests, screenshots).
    bool headless = false;
  };
  // ---- input for frames without a window; the shell's window hands its own to Dear ImGui directly
  void mouse_move(Point pixels);
  void mouse_button(bool down);
  void mouse_wheel(float notches);
  /// What was pressed since the last frame, in order.
  void press(KeyPress key) {
    ui_.keys_.push_back(key);
    ui_.input_.emplace_back(key);
  }
  /// Text that was typed or pasted since the last frame, by the keyboard's layout.
  void type(std::string text) {
    ui_.input_.emplace_back(text);
    ui_.typed_.emplace_back(std::move(text));
  }
  /// `draw` gets the whole window in points. Afterwards draw_data() is that frame.
  void frame(const FrameInput& input, const std::function<void(Ui&, Rect)>& draw);
  [[nodiscard]] ImDrawData* draw_data() const;
  /// The last frame, drawn in memory (see raster.hpp).
  [[nodiscard]] Image picture() const;
  /// Whether another frame is wanted although nothing happens.
  [[nodiscard]] bool animating() const noexcept { return ui_.animating_; }
  [[nodiscard]] Ui& ui() noexcept { return ui_; }

 private:
  Canvas() = default;

  ImGuiContext* context_ = nullptr;
  Fonts fonts_;
  Ui ui_;
};

}  // namespace loopscope::app
