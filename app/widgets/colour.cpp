#include "app/widgets/colour.hpp"

#include <algorithm>
#include <cmath>

namespace loopscope::app {

namespace {

// Relative luminance, WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
double luminance(Colour colour) {
  const auto channel = [&](int shift) {
    const double value = static_cast<double>(colour >> shift & 255U) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(16);
}

}  // namespace

double contrast(Colour a, Colour b) {
  const double one = luminance(a) + 0.05;
  const double two = luminance(b) + 0.05;
  return std::max(one, two) / std::min(one, two);
}

}  // namespace loopscope::app
