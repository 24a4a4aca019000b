#pragma once

#include <algorithm>
#include <cmath>

#include "app/views/settings_values.hpp"
#include "app/widgets/geometry.hpp"

namespace loopscope::app {

/// How large a point is drawn. On a projector as large as still leaves the lesson screen its room (960
/// points wide).
[[nodiscard]] inline float pixels_a_point(const Settings& settings, float content_scale,
                                          Point window_pixels) {
  float scale = settings.scale * content_scale;
  if (settings.projector) scale = std::max(scale, std::clamp(window_pixels.x / 960, 1.25F, 4.0F));
  // Steps of a twentieth: fonts are not made anew for every pixel that a window grows.
  return std::clamp(std::round(scale * 20) / 20, 0.5F, 5.0F);
}

/// The least size of a text in points: on a projector 30 pixels of 1920.
[[nodiscard]] inline float least_points(const Settings& settings) {
  return settings.projector ? 15.0F : 0.0F;
}

}  // namespace loopscope::app
