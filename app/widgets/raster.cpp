#include "app/widgets/raster.hpp"

#include <array>
#include <cmath>

#include "app/widgets/compat.hpp"

namespace loopscope::app {

namespace {

struct Channels {
  float r = 0, g = 0, b = 0, a = 0;
};

Channels channels(Colour c) {
  return {static_cast<float>(c & 255U), static_cast<float>(c >> 8 & 255U), static_cast<float>(c >> 16 & 255U),
          static_cast<float>(c >> 24)};
}

Channels blend3(const Channels& a, const Channels& b, const Channels& c, float u, float v, float w) {
  return {a.r * u + b.r * v + c.r * w, a.g * u + b.g * v + c.g * w, a.b * u + b.b * v + c.b * w,
          a.a * u + b.a * v + c.a * w};
}

// Source over destination, alpha 0…255 in s.a; the picture itself is opaque.
void put(Colour& pixel, const Channels& s) {
  const auto alpha = static_cast<unsigned>(s.a + 0.5F);
  if (alpha == 0) return;
  const auto channel = [&](float value, int shift) {
    const auto source = static_cast<unsigned>(value + 0.5F);
    const unsigned below = pixel >> shift & 255U;
    return ((source * alpha + below * (255U - alpha) + 127U) / 255U) << shift;
  };
  pixel = channel(s.r, 0) | channel(s.g, 8) | channel(s.b, 16) | 0xFF000000U;
}

/// The font atlas holds white with a coverage in alpha: only that is sampled.
class Sampler {
 public:
  explicit Sampler(const compat::Texture& texture) : t_(texture) {}

  [[nodiscard]] float coverage(float u, float v) const {
    if (t_.pixels == nullptr) return 1;
    const float x = u * static_cast<float>(t_.width) - 0.5F;
    const float y = v * static_cast<float>(t_.height) - 0.5F;
    const auto x0 = static_cast<int>(std::floor(x));
    const auto y0 = static_cast<int>(std::floor(y));
    const float fx = x - static_cast<float>(x0);
    const float fy = y - static_cast<float>(y0);
    const float top = alpha(x0, y0) * (1 - fx) + alpha(x0 + 1, y0) * fx;
    const float bottom = alpha(x0, y0 + 1) * (1 - fx) + alpha(x0 + 1, y0 + 1) * fx;
    return (top * (1 - fy) + bottom * fy) / 255.0F;
  }

 private:
  [[nodiscard]] float alpha(int x, int y) const {
    x = std::clamp(x, 0, t_.width - 1);
    y = std::clamp(y, 0, t_.height - 1);
    return static_cast<float>(t_.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(t_.width) +
                                        static_cast<std::size_t>(x)] >>
                              24);
  }
  compat::Texture t_;
};

struct Bounds {
  int x0, y0, x1, y1;
};

/// One edge of a triangle as a function that is positive inside, stepped a pixel at a time. Pixels exactly on
/// an edge belong to the triangle whose top or left edge it is, so that neighbours neither overlap nor leave
/// a gap.
struct Edge {
  float value, step_x, step_y;
  bool owns;

  Edge(ImVec2 from, ImVec2 to, float sign, float x, float y) {
    const float dx = (to.x - from.x) * sign;
    const float dy = (to.y - from.y) * sign;
    value = dx * (y - from.y) - dy * (x - from.x);
    step_x = -dy;
    step_y = dx;
    owns = dy < 0 || (dy == 0 && dx > 0);
  }
  [[nodiscard]] static bool inside(float v, bool owns) { return v > 0 || (v == 0 && owns); }
};

class Target {
 public:
  Target(Image& image, const Bounds& clip, const Sampler& sampler)
      : image_(image), clip_(clip), sampler_(sampler) {}

  void triangle(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c) const {
    const float area = (b.pos.x - a.pos.x) * (c.pos.y - a.pos.y) - (b.pos.y - a.pos.y) * (c.pos.x - a.pos.x);
    if (area == 0) return;
    const Bounds box{std::max(clip_.x0, static_cast<int>(std::floor(std::min({a.pos.x, b.pos.x, c.pos.x})))),
                     std::max(clip_.y0, static_cast<int>(std::floor(std::min({a.pos.y, b.pos.y, c.pos.y})))),
                     std::min(clip_.x1, static_cast<int>(std::ceil(std::max({a.pos.x, b.pos.x, c.pos.x})))),
                     std::min(clip_.y1, static_cast<int>(std::ceil(std::max({a.pos.y, b.pos.y, c.pos.y}))))};
    if (box.x0 >= box.x1 || box.y0 >= box.y1) return;
    const float sign = area > 0 ? 1.0F : -1.0F;
    const float x = static_cast<float>(box.x0) + 0.5F;
    const float y = static_cast<float>(box.y0) + 0.5F;
    const std::array<Edge, 3> edges{Edge(b.pos, c.pos, sign, x, y), Edge(c.pos, a.pos, sign, x, y),
                                    Edge(a.pos, b.pos, sign, x, y)};
    const bool one_colour = a.col == b.col && a.col == c.col;
    const bool one_texel = a.uv.x == b.uv.x && a.uv.x == c.uv.x && a.uv.y == b.uv.y && a.uv.y == c.uv.y;
    if (one_colour && one_texel)
      flat(box, edges, a);
    else
      shaded(box, edges, a, b, c, 1 / std::abs(area));
  }

 private:
  // Most of a picture: whole spans of one colour.
  void flat(const Bounds& box, std::array<Edge, 3> edges, const ImDrawVert& a) const {
    Channels colour = channels(a.col);
    colour.a *= sampler_.coverage(a.uv.x, a.uv.y);
    for (int y = box.y0; y < box.y1; ++y) {
      float e0 = edges[0].value, e1 = edges[1].value, e2 = edges[2].value;
      Colour* line = row(y);
      for (int x = box.x0; x < box.x1; ++x) {
        if (Edge::inside(e0, edges[0].owns) && Edge::inside(e1, edges[1].owns) &&
            Edge::inside(e2, edges[2].owns))
          put(line[x], colour);
        e0 += edges[0].step_x;
        e1 += edges[1].step_x;
        e2 += edges[2].step_x;
      }
      for (Edge& edge : edges) edge.value += edge.step_y;
    }
  }

  void shaded(const Bounds& box, std::array<Edge, 3> edges, const ImDrawVert& a, const ImDrawVert& b,
              const ImDrawVert& c, float inverse) const {
    const Channels ca = channels(a.col), cb = channels(b.col), cc = channels(c.col);
    for (int y = box.y0; y < box.y1; ++y) {
      float e0 = edges[0].value, e1 = edges[1].value, e2 = edges[2].value;
      Colour* line = row(y);
      for (int x = box.x0; x < box.x1; ++x) {
        if (Edge::inside(e0, edges[0].owns) && Edge::inside(e1, edges[1].owns) &&
            Edge::inside(e2, edges[2].owns)) {
          const float u = e0 * inverse, v = e1 * inverse, w = e2 * inverse;
          Channels colour = blend3(ca, cb, cc, u, v, w);
          colour.a *=
              sampler_.coverage(a.uv.x * u + b.uv.x * v + c.uv.x * w, a.uv.y * u + b.uv.y * v + c.uv.y * w);
          put(line[x], colour);
        }
        e0 += edges[0].step_x;
        e1 += edges[1].step_x;
        e2 += edges[2].step_x;
      }
      for (Edge& edge : edges) edge.value += edge.step_y;
    }
  }

  [[nodiscard]] Colour* row(int y) const {
    return image_.pixels.data() + static_cast<std::ptrdiff_t>(y) * image_.width;
  }

  Image& image_;
  Bounds clip_;
  const Sampler& sampler_;
};

}  // namespace

Image rasterise(const ImDrawData& frame, Colour ground) {
  Image image;
  image.width = static_cast<int>(frame.DisplaySize.x);
  image.height = static_cast<int>(frame.DisplaySize.y);
  image.pixels.assign(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height),
                      ground | 0xFF000000U);
  for (int n = 0; n < compat::list_count(frame); ++n) {
    const ImDrawList& list = *frame.CmdLists[n];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      if (command.UserCallback != nullptr) continue;
      const Bounds clip{std::max(0, static_cast<int>(command.ClipRect.x)),
                        std::max(0, static_cast<int>(command.ClipRect.y)),
                        std::min(image.width, static_cast<int>(command.ClipRect.z)),
                        std::min(image.height, static_cast<int>(command.ClipRect.w))};
      if (clip.x0 >= clip.x1 || clip.y0 >= clip.y1) continue;
      const Sampler sampler(compat::texture_of(command));
      const Target target(image, clip, sampler);
      const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
      const ImDrawVert* vertex = list.VtxBuffer.Data + command.VtxOffset;
      for (unsigned i = 0; i + 2 < command.ElemCount; i += 3)
        target.triangle(vertex[index[i]], vertex[index[i + 1]], vertex[index[i + 2]]);
    }
  }
  return image;
}

}  // namespace loopscope::app
