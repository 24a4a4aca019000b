#pragma once

#include "app/widgets/image.hpp"

struct ImDrawData;

namespace loopscope::app {

/// Draws a frame into memory: the same triangles that OpenGL would draw, with bilinear sampling of the font
/// atlas, and the same picture on every machine. For screenshots and tests; a frame of 1280×800 takes some
/// tens of milliseconds.
[[nodiscard]] Image rasterise(const ImDrawData& frame, Colour ground);

}  // namespace loopscope::app
