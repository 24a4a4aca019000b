#include <cctype>
#include <cmath>

#include "app/widgets/compat.hpp"
#include "app/widgets/painter.hpp"

namespace loopscope::app {

namespace {

constexpr float tracking = 0.9F;  // points between capitals
constexpr std::string_view ellipsis = "\xe2\x80\xa6";

// The next character boundary at or before `at`.
std::size_t boundary(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return at;
}

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (static_cast<unsigned char>(c) < 0x80)
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return made;
}

// Calls each(line) for the lines that `text` breaks into; false from it ends.
template <class Each>
void break_lines(const Painter& painter, Type type, float width, std::string_view text, Each each) {
  while (true) {
    const auto newline = text.find('\n');
    std::string_view rest = text.substr(0, newline);
    do {
      std::size_t end = 0;
      for (std::size_t at = 0; at <= rest.size();) {
        auto space = rest.find(' ', at);
        if (space == std::string_view::npos) space = rest.size();
        if (end > 0 && painter.width(type, rest.substr(0, space)) > width) break;
        end = space;
        at = space + 1;
      }
      if (!each(rest.substr(0, end))) return;
      rest.remove_prefix(std::min(rest.size(), end + 1));
    } while (!rest.empty());
    if (newline == std::string_view::npos) return;
    text.remove_prefix(newline + 1);
  }
}

}  // namespace

float Painter::text(Type type, Point at, Colour colour, std::string_view text, AlignX x, AlignY y) const {
  if (text.empty()) return 0;
  const Fonts::Face& face = fonts_->face(type);
  const float pixels = face.pixels * zoom_;
  const float wide = compat::text_size(face.font, pixels, text.data(), text.data() + text.size()).x;
  Point p = to_pixels(at);
  if (x == AlignX::Middle) p.x -= wide / 2;
  if (x == AlignX::Right) p.x -= wide;
  if (y == AlignY::Middle) p.y -= pixels / 2;
  if (y == AlignY::Bottom) p.y -= pixels;
  list_->AddText(face.font, pixels, {std::floor(p.x + 0.5F), std::floor(p.y + 0.5F)}, colour, text.data(),
                 text.data() + text.size());
  return wide / scale_;
}

float Painter::text_fit(Type type, Point at, Colour colour, std::string_view what, float width,
                        AlignX x) const {
  return text(type, at, colour, fit(type, what, width), x);
}

std::string Painter::fit(Type type, std::string_view text, float width) const {
  if (this->width(type, text) <= width) return std::string(text);
  const float room = width - this->width(type, ellipsis);
  std::size_t low = 0;
  std::size_t high = text.size();
  while (low < high) {
    const std::size_t middle = (low + high + 1) / 2;
    if (this->width(type, text.substr(0, boundary(text, middle))) <= room)
      low = middle;
    else
      high = middle - 1;
  }
  return std::string(text.substr(0, boundary(text, low))) + std::string(ellipsis);
}

float Painter::caps_width(std::string_view text) const {
  const std::string letters = upper(text);
  float sum = 0;
  for (std::size_t i = 0; i < letters.size();) {
    std::size_t n = 1;
    while (i + n < letters.size() && boundary(letters, i + n) != i + n) ++n;
    sum += width(Type::Caps, std::string_view(letters).substr(i, n)) + tracking;
    i += n;
  }
  return std::max(0.0F, sum - tracking);
}

float Painter::caps(Point at, Colour colour, std::string_view what, AlignX x) const {
  const std::string letters = upper(what);
  const float wide = caps_width(what);
  if (x == AlignX::Middle) at.x -= wide / 2;
  if (x == AlignX::Right) at.x -= wide;
  for (std::size_t i = 0; i < letters.size();) {
    std::size_t n = 1;
    while (i + n < letters.size() && boundary(letters, i + n) != i + n) ++n;
    at.x += text(Type::Caps, at, colour, std::string_view(letters).substr(i, n)) + tracking;
    i += n;
  }
  return wide;
}

float Painter::paragraph(Type type, Point at, float width, Colour colour, std::string_view what,
                         float line_height, int max_lines) const {
  const float step = line_height > 0 ? line_height : fonts_->line_height(type);
  int lines = 0;
  break_lines(*this, type, width, what, [&](std::string_view line) {
    const bool last = max_lines > 0 && lines + 1 == max_lines;
    const Point where{at.x, at.y + step * (static_cast<float>(lines) + 0.5F)};
    const bool more = line.data() + line.size() != what.data() + what.size();
    if (last && more)
      text(type, where, colour, fit(type, std::string(line) + std::string(ellipsis), width));
    else
      text(type, where, colour, line);
    ++lines;
    return !last;
  });
  return step * static_cast<float>(lines);
}

float Painter::paragraph_height(Type type, float width, std::string_view what, float line_height) const {
  int lines = 0;
  break_lines(*this, type, width, what, [&](std::string_view) { return ++lines > 0; });
  return (line_height > 0 ? line_height : fonts_->line_height(type)) * static_cast<float>(lines);
}

void Painter::icon(Point centre, float size, Colour colour, const char* icon) const {
  const Fonts::Face& face = fonts_->icon_face(size);
  const float pixels = size * scale_;
  const Point p = to_pixels(centre);
  list_->AddText(face.font, pixels,
                 {std::floor(p.x - pixels / 2 + 0.5F), std::floor(p.y - pixels / 2 + 0.5F)}, colour, icon);
}

}  // namespace loopscope::app
