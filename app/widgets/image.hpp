#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/widgets/colour.hpp"
#include "app/widgets/geometry.hpp"

namespace loopscope::app {

/// RGBA8, rows from the top.
struct Image {
  int width = 0, height = 0;
  std::vector<Colour> pixels;

  [[nodiscard]] Colour at(int x, int y) const {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

/// Share (0…1) of the pixels of an area, in pixels, whose channels are all within `tolerance` of the colour.
[[nodiscard]] double share_of(const Image& image, const Rect& area, Colour colour, int tolerance);
/// Share of the pixels in which two images of one size differ by more than `tolerance` in a channel; 1 for
/// other sizes.
[[nodiscard]] double difference(const Image& a, const Image& b, int tolerance);
/// Writes a PNG file. The error names the file and the reason.
[[nodiscard]] tl::expected<void, std::string> write_png(const Image& image, const std::string& path);

}  // namespace loopscope::app
