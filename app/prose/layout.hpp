#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "app/prose/document.hpp"

/// Where each word of a document goes. Pure: it measures text through an interface, so it is tested without a
/// window.
namespace loopscope::app::prose {

enum class Face : std::uint8_t {
  Body,
  Bold,
  Italic,
  BoldItalic,
  Mono,
  Small,
  SmallBold,
  SmallMono,
  H1,
  H2,
  H3
};

/// How wide and tall text is, in pixels.
class Measure {
 public:
  virtual ~Measure() = default;
  [[nodiscard]] virtual float width(Face face, std::string_view text) const = 0;
  [[nodiscard]] virtual float size(Face face) const = 0;    ///< the font's height
  [[nodiscard]] virtual float ascent(Face face) const = 0;  ///< from the top of that height to the baseline
  [[nodiscard]] virtual float pixels(float points) const = 0;
};

/// The colour role of a run; the drawing side knows the colours.
enum class Ink : std::uint8_t { Text, Heading, Muted, Link, Code };

/// A piece of text on one line, of one face. `x`, `y`: its top left corner.
struct Run {
  float x = 0, y = 0, width = 0;
  Face face{};
  Ink ink{};
  std::string text;
  int link = -1;
  bool code = false;  ///< stands on a pill
  bool strike = false;
};

struct Rect {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
// clang-format off
struct Bullet    { float x = 0, y = 0; };            ///< its centre
struct TaskBox   { Rect box; bool done = false; };
struct QuoteBar  { Rect box; };
struct RuleLine  { Rect box; };
struct TableBox  { Rect box; float header_bottom = 0; std::vector<float> lines; };  ///< lines between rows
struct CodeBox   { Rect box; std::size_t block = 0; };  ///< its runs lie inside; `block` has the text to copy
// clang-format on
using Mark = std::variant<Bullet, TaskBox, QuoteBar, RuleLine, TableBox, CodeBox>;

struct Layout {
  float width = 0, height = 0;
  std::vector<Run> runs;
  std::vector<Mark> marks;
};

/// Lays the document out in a column of `width` pixels. Lines break at spaces only, a longer word is cut;
/// tables shrink to the column and their cells wrap; a line of code that is too long goes on, indented, in
/// the next.
[[nodiscard]] Layout lay_out(const Document& document, const Measure& measure, float width);

/// One paragraph's worth of spans from (x, y): appends the runs and returns the y below the last line. `base`
/// is Body or Small.
float lay_out_spans(Layout& layout, const Spans& spans, const Measure& measure, Rect column, Face base,
                    Ink ink, Align align = Align::Left);

}  // namespace loopscope::app::prose
