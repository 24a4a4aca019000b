#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/widgets/canvas.hpp"

namespace loopscope::app::test {

/// OpenGL 3.3 without a display: EGL on Mesa's surfaceless platform, drawing into a texture. One at a time.
class OffscreenGl {
 public:
  /// The error says what is missing here; a test skips with it.
  [[nodiscard]] static tl::expected<OffscreenGl, std::string> make(int width, int height);
  /// Draws the frame with the renderer that the window uses, and reads it back.
  [[nodiscard]] Image draw(Canvas& canvas, const Canvas::FrameInput& input,
                           const std::function<void(Ui&, Rect)>& picture) const;

 private:
  int width_ = 0, height_ = 0;
};

}  // namespace loopscope::app::test
