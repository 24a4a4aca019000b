#include "app/widgets/painter.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "app/widgets/compat.hpp"

namespace loopscope::app {

namespace {

constexpr float pi = std::numbers::pi_v<float>;

ImDrawFlags flags_of(Corners corners) {
  switch (corners) {
    case Corners::Top:
      return ImDrawFlags_RoundCornersTop;
    case Corners::Bottom:
      return ImDrawFlags_RoundCornersBottom;
    case Corners::Left:
      return ImDrawFlags_RoundCornersLeft;
    case Corners::Right:
      return ImDrawFlags_RoundCornersRight;
    case Corners::All:
      break;
  }
  return ImDrawFlags_RoundCornersAll;
}

}  // namespace

Rect Painter::to_pixels(const Rect& r) const {
  const Point a = to_pixels(Point{r.x0, r.y0});
  const Point b = to_pixels(Point{r.x1, r.y1});
  return {a.x, a.y, b.x, b.y};
}

Painter Painter::zoomed(Point origin, float factor) const {
  Painter inner = *this;
  const Point fixed = to_pixels(origin);
  inner.scale_ = scale_ * factor;
  inner.zoom_ = zoom_ * factor;
  inner.offset_ = {fixed.x - origin.x * inner.scale_, fixed.y - origin.y * inner.scale_};
  return inner;
}

// ---------------------------------------------------------------- areas

void Painter::fill(const Rect& area, Colour colour, float radius, Corners corners) const {
  if (area.empty()) return;
  // Whole pixels: edges stay sharp at every scale.
  const Rect r = to_pixels(area);
  list_->AddRectFilled({std::round(r.x0), std::round(r.y0)}, {std::round(r.x1), std::round(r.y1)}, colour,
                       radius * scale_, flags_of(corners));
}

void Painter::stroke(const Rect& area, Colour colour, float radius, float width) const {
  const Rect r = to_pixels(area);
  compat::stroke_rect(list_, {std::round(r.x0), std::round(r.y0)}, {std::round(r.x1), std::round(r.y1)},
                      colour, radius * scale_, std::max(1.0F, width * scale_));
}

void Painter::dashed_rect(const Rect& area, Colour colour, float width, float on, float off) const {
  dashes({area.x0, area.y0}, {area.x1, area.y0}, colour, width, on, off);
  dashes({area.x1, area.y0}, {area.x1, area.y1}, colour, width, on, off);
  dashes({area.x1, area.y1}, {area.x0, area.y1}, colour, width, on, off);
  dashes({area.x0, area.y1}, {area.x0, area.y0}, colour, width, on, off);
}

void Painter::hatch(const Rect& area, Colour colour, float step, float width) const {
  if (area.empty()) return;
  const Clip clip(*this, area);
  const float h = area.height();
  // Stripes keep their place when the area grows to the right: they start from its left edge.
  for (float x = area.x0 - h; x < area.x1 + step; x += step)
    line({x, area.y1 + 1}, {x + h + 1, area.y0}, colour, width);
}

void Painter::gradient(const Rect& area, Colour top, Colour bottom) const {
  const Rect r = to_pixels(area);
  list_->AddRectFilledMultiColor({r.x0, r.y0}, {r.x1, r.y1}, top, top, bottom, bottom);
}

// One ring of quads whose outer edge is transparent: nothing is drawn under the area, which is what costs on
// a software GL.
void Painter::glow(const Rect& area, Colour colour, float radius, float spread) const {
  constexpr int steps = 6;
  constexpr int count = 4 * (steps + 1);
  const Rect r = to_pixels(area);
  const float inner = std::min({radius * scale_, (r.x1 - r.x0) / 2, (r.y1 - r.y0) / 2});
  const float outer = inner + spread * scale_;
  const std::array<ImVec2, 4> corner{{{r.x1 - inner, r.y1 - inner},
                                      {r.x0 + inner, r.y1 - inner},
                                      {r.x0 + inner, r.y0 + inner},
                                      {r.x1 - inner, r.y0 + inner}}};
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list_->PrimReserve(count * 6, count * 2);
  const auto base = list_->_VtxCurrentIdx;
  for (int quarter = 0; quarter < 4; ++quarter)
    for (int i = 0; i <= steps; ++i) {
      const float angle = (static_cast<float>(quarter) + static_cast<float>(i) / steps) * pi / 2;
      const ImVec2 c = corner[static_cast<std::size_t>(quarter)];
      list_->PrimWriteVtx({c.x + std::cos(angle) * inner, c.y + std::sin(angle) * inner}, white, colour);
      list_->PrimWriteVtx({c.x + std::cos(angle) * outer, c.y + std::sin(angle) * outer}, white,
                          colour & 0x00FFFFFFU);
    }
  for (unsigned i = 0; i < count; ++i) {
    const unsigned p = base + i * 2;
    const unsigned q = base + (i + 1) % count * 2;
    for (const unsigned vertex : {p, p + 1, q, q, p + 1, q + 1})
      list_->PrimWriteIdx(static_cast<ImDrawIdx>(vertex));
  }
}

// ---------------------------------------------------------------- lines and figures

void Painter::line(Point from, Point to, Colour colour, float width) const {
  Point a = to_pixels(from);
  Point b = to_pixels(to);
  const float w = std::max(1.0F, width * scale_);
  // Upright and level lines lie on whole pixels.
  if (from.x == to.x) a.x = b.x = std::floor(a.x) + (std::lround(w) % 2 == 1 ? 0.0F : 0.5F);
  if (from.y == to.y) a.y = b.y = std::floor(a.y) + (std::lround(w) % 2 == 1 ? 0.0F : 0.5F);
  list_->AddLine({a.x, a.y}, {b.x, b.y}, colour, w);
}

void Painter::dashes(Point from, Point to, Colour colour, float width, float on, float off) const {
  const Point way = to - from;
  const float length = std::hypot(way.x, way.y);
  if (length <= 0) return;
  const Point unit = way * (1 / length);
  for (float s = 0; s < length; s += on + off)
    line(from + unit * s, from + unit * std::min(length, s + on), colour, width);
}

void Painter::polyline(std::span<const Point> points, Colour colour, float width, bool closed) const {
  std::vector<ImVec2> pixels;
  pixels.reserve(points.size());
  for (const Point& p : points) pixels.push_back(compat::to_imgui(to_pixels(p)));
  compat::polyline(list_, pixels.data(), static_cast<int>(pixels.size()), colour, closed,
                   std::max(1.0F, width * scale_));
}

void Painter::curve(Point from, Point control1, Point control2, Point to, Colour colour, float width) const {
  list_->PathLineTo(compat::to_imgui(to_pixels(from)));
  list_->PathBezierCubicCurveTo(compat::to_imgui(to_pixels(control1)), compat::to_imgui(to_pixels(control2)),
                                compat::to_imgui(to_pixels(to)), 24);
  compat::stroke_path(list_, colour, false, std::max(1.0F, width * scale_));
}

void Painter::polygon(std::span<const Point> points, Colour colour) const {
  std::vector<ImVec2> pixels;
  pixels.reserve(points.size());
  for (const Point& p : points) pixels.push_back(compat::to_imgui(to_pixels(p)));
  list_->AddConvexPolyFilled(pixels.data(), static_cast<int>(pixels.size()), colour);
}

void Painter::disc(Point centre, float radius, Colour colour) const {
  list_->AddCircleFilled(compat::to_imgui(to_pixels(centre)), radius * scale_, colour);
}

void Painter::ring(Point centre, float radius, Colour colour, float width) const {
  list_->AddCircle(compat::to_imgui(to_pixels(centre)), radius * scale_, colour, 0,
                   std::max(1.0F, width * scale_));
}

void Painter::arc(Point centre, float radius, float from, float to, Colour colour, float width) const {
  const int segments = std::max(6, static_cast<int>(std::abs(to - from) * std::sqrt(radius * scale_) * 1.6F));
  list_->PathArcTo(compat::to_imgui(to_pixels(centre)), radius * scale_, from, to, segments);
  compat::stroke_path(list_, colour, false, std::max(1.0F, width * scale_));
}

void Painter::arrow_head(Point tip, Point direction, Colour colour, float size) const {
  const float length = std::hypot(direction.x, direction.y);
  if (length <= 0) return;
  const Point u = direction * (1 / length);
  const Point n{-u.y, u.x};
  const Point back = tip - u * size;
  polygon({tip, back + n * (size * 0.55F), back - n * (size * 0.55F)}, colour);
}

// ---------------------------------------------------------------- scopes

Painter::Clip::Clip(const Painter& painter, const Rect& area) : list_(painter.list_) {
  const Rect r = painter.to_pixels(area);
  list_->PushClipRect({std::round(r.x0), std::round(r.y0)}, {std::round(r.x1), std::round(r.y1)}, true);
}
Painter::Clip::~Clip() { list_->PopClipRect(); }

Painter::Dim::Dim(const Painter& painter, float share, Colour ground)
    : list_(painter.list_), first_vertex_(painter.list_->VtxBuffer.Size), share_(share), ground_(ground) {}
Painter::Dim::~Dim() {
  if (share_ <= 0) return;
  for (int i = first_vertex_; i < list_->VtxBuffer.Size; ++i) {
    ImU32& colour = list_->VtxBuffer[i].col;
    const ImU32 alpha = colour & IM_COL32_A_MASK;
    colour = (mix(colour | IM_COL32_A_MASK, ground_ | IM_COL32_A_MASK, share_) & ~IM_COL32_A_MASK) | alpha;
  }
}

}  // namespace loopscope::app
