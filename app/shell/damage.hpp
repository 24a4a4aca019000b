#pragma once

#include <cstdint>
#include <vector>

struct ImDrawData;

namespace loopscope::app {

/// Pixels, y downwards; x1 and y1 are the first beyond.
struct PixelArea {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool operator==(const PixelArea&) const = default;
};

/// Finds out where a frame differs from the one before, so that only that must be drawn: without a graphics
/// card a frame costs what its pixels cost. Each tile of the screen has a hash of all triangles that touch
/// it, in their order. Knows no OpenGL.
class Damage {
 public:
  static constexpr int tile = 32;  ///< pixels

  /// The areas of this frame that differ, none overlapping another; all of it for the first one, after
  /// forget(), and where the size has changed. Takes the frame as the one to compare the next with.
  [[nodiscard]] std::vector<PixelArea> compare(const ImDrawData& frame, int width, int height,
                                               std::uint32_t ground);
  /// What is on the screen is no longer the last frame, or textures have changed.
  void forget() { before_.clear(); }

  /// Leaves in the frame only what touches the areas, clipped to them.
  static void reduce(ImDrawData& frame, const std::vector<PixelArea>& areas);

 private:
  [[nodiscard]] std::vector<PixelArea> differing() const;

  int columns_ = 0, rows_ = 0, width_ = 0, height_ = 0;
  std::vector<std::uint64_t> before_, now_;
  std::vector<std::uint64_t> vertices_;  ///< kept for its memory
};

}  // namespace loopscope::app
