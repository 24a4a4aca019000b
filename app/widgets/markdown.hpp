#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/widgets/ui.hpp"

namespace loopscope::app {

struct MarkdownAnswer {
  float height = 0;
  std::optional<std::string> link;  ///< the target that was pressed
  std::optional<std::string> copy;  ///< the code block to copy
};

/// Draws Markdown from its top left corner in a column; its links and copy buttons are controls named
/// 'id/link/N', 'id/copy/N'. Parsed and laid out anew only where the text, the width or the scale has
/// changed.
MarkdownAnswer draw_markdown(Ui& ui, std::string_view id, std::string_view markdown, Point at, float width);
/// The height that it takes.
[[nodiscard]] float markdown_height(Ui& ui, std::string_view id, std::string_view markdown, float width);

/// Markdown of one line as plain words: for labels.
[[nodiscard]] std::string plain_words(std::string_view markdown);

}  // namespace loopscope::app
