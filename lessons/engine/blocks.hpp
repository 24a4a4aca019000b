#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loopscope::lessons {

/// One block of a Markdown file, with its own lines kept as they are written.
struct Block {
  enum class Kind { Heading, Paragraph, Fence, Table, List, Quote, Unclosed };
  Kind kind{};
  int line = 0;                    ///< of its first line, from 1
  int level = 0;                   ///< of a heading
  std::string info;                ///< what follows the ``` of a fence
  std::vector<std::string> lines;  ///< raw; of a heading its words; of a fence what is inside
};

/// The blocks of a text, one after the other. An unclosed fence becomes Kind::Unclosed. Only what
/// lessons/FORMAT.md needs of CommonMark: ATX headings, ``` fences, pipe tables, lists whose continuation is
/// indented, quotes, paragraphs.
[[nodiscard]] std::vector<Block> split_blocks(std::string_view text);

/// The block as Markdown again.
[[nodiscard]] std::string markdown_of(const Block& block);
/// The lines joined by single spaces.
[[nodiscard]] std::string joined(const Block& block);

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);  ///< LF or CRLF, without them

}  // namespace loopscope::lessons
