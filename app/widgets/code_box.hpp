#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/ui.hpp"

namespace loopscope::app {

struct CodeRun {
  std::string_view text;
  Colour colour = 0;
};
struct CodeBoxLine {
  std::vector<CodeRun> runs;
  bool current = false;  ///< marked: this is where the process is
};

struct CodeBox {
  std::string_view id;    ///< the box is 'id', its copy button 'id/copy'
  std::string_view name;  ///< what it holds, for the keyboard's user: 'the socket table'
  std::span<const CodeBoxLine> lines;
  bool numbers = false;
};
struct CodeBoxAnswer {
  float height = 0;
  bool copy = false;
};

/// A block of monospaced lines with a copy button. Lines that are too long can be drawn sideways with the
/// mouse, or with the arrow keys while the box has the focus; only lines within `visible` are drawn. Ctrl+C
/// copies while it has the focus.
CodeBoxAnswer draw_code_box(Ui& ui, Point at, float width, const CodeBox& box, const Rect& visible);
[[nodiscard]] float code_box_height(std::size_t lines);
/// Where a line lies in a box at `y`.
[[nodiscard]] float code_line_y(float y, std::size_t line);
/// How many characters fit into a box of this width.
[[nodiscard]] std::size_t code_box_characters(const Ui& ui, float width);

}  // namespace loopscope::app
