#include "app/widgets/image.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

// From Debian's libstb; the function itself is in the shared library.
#include <stb/stb_image_write.h>

namespace loopscope::app {

namespace {

bool near(Colour a, Colour b, int tolerance) {
  for (int shift = 0; shift < 24; shift += 8)
    if (std::abs(static_cast<int>(a >> shift & 255U) - static_cast<int>(b >> shift & 255U)) > tolerance)
      return false;
  return true;
}

}  // namespace

double share_of(const Image& image, const Rect& area, Colour colour, int tolerance) {
  const int x0 = std::max(0, static_cast<int>(area.x0));
  const int y0 = std::max(0, static_cast<int>(area.y0));
  const int x1 = std::min(image.width, static_cast<int>(area.x1));
  const int y1 = std::min(image.height, static_cast<int>(area.y1));
  if (x1 <= x0 || y1 <= y0) return 0;
  std::size_t found = 0;
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) found += near(image.at(x, y), colour, tolerance) ? 1 : 0;
  return static_cast<double>(found) / (static_cast<double>(x1 - x0) * (y1 - y0));
}

double difference(const Image& a, const Image& b, int tolerance) {
  if (a.width != b.width || a.height != b.height || a.pixels.empty()) return 1;
  std::size_t found = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    found += near(a.pixels[i], b.pixels[i], tolerance) ? 0 : 1;
  return static_cast<double>(found) / static_cast<double>(a.pixels.size());
}

tl::expected<void, std::string> write_png(const Image& image, const std::string& path) {
  errno = 0;
  if (stbi_write_png(path.c_str(), image.width, image.height, 4, image.pixels.data(), image.width * 4) != 0)
    return {};
  return tl::unexpected("cannot write " + path + ": " +
                        (errno != 0 ? std::strerror(errno) : "the picture could not be made"));
}

}  // namespace loopscope::app
