#pragma once

#include <cstdint>

namespace loopscope::app {

/// Red in the lowest byte, alpha in the highest (the order of Dear ImGui's ImU32 and of RGBA8 in memory).
using Colour = std::uint32_t;

/// From 0xRRGGBB.
[[nodiscard]] constexpr Colour rgb(std::uint32_t hex, std::uint8_t alpha = 255) {
  return (hex >> 16 & 255U) | (hex & 0xFF00U) | (hex & 255U) << 16 | static_cast<Colour>(alpha) << 24;
}
/// The same colour with its alpha multiplied by `factor` (0…1).
[[nodiscard]] constexpr Colour faded(Colour colour, float factor) {
  return (colour & 0x00FFFFFFU) | static_cast<Colour>(static_cast<float>(colour >> 24) * factor + 0.5F) << 24;
}
/// `share` of `b` in `a` (0: a, 1: b), each channel by itself.
[[nodiscard]] constexpr Colour mix(Colour a, Colour b, float share) {
  const auto channel = [&](int shift) {
    const auto from = static_cast<float>(a >> shift & 255U);
    const auto to = static_cast<float>(b >> shift & 255U);
    return static_cast<Colour>(from * (1 - share) + to * share + 0.5F) << shift;
  };
  return channel(0) | channel(8) | channel(16) | channel(24);
}
/// Contrast of two opaque colours as WCAG 2.2 defines it: 1 (the same) to 21 (black on white).
[[nodiscard]] double contrast(Colour a, Colour b);

}  // namespace loopscope::app
