#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Markdown as values: what a page of a lesson says, before anybody asks how it looks. Pure; knows no drawing
/// library.
namespace loopscope::app::prose {

struct Style {
  bool bold = false, italic = false, code = false, strike = false;
  bool operator==(const Style&) const = default;
};

/// Text of one style. A '\n' in it is a hard line break.
struct Span {
  std::string text;
  Style style;
  int link = -1;  ///< index into Document::links, -1 for none
  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;
[[nodiscard]] std::string plain(const Spans& spans);

struct Heading {
  int level = 1;  ///< 1 … 6
  Spans spans;
};
struct Paragraph {
  Spans spans;
};
struct CodeBlock {
  std::string text;      ///< without the last newline
  std::string language;  ///< the word after the fence; may be empty
};
struct Rule {};
enum class Align : std::uint8_t { Left, Center, Right };
struct Table {
  std::vector<Align> aligns;             ///< one a column
  std::vector<std::vector<Spans>> rows;  ///< the first is the header
};

/// What stands before the first line of a list item.
struct Marker {
  std::string number;        ///< '3.' in a numbered list, else empty
  std::optional<bool> done;  ///< a task: '[x]' or '[ ]'
};

struct Block {
  std::variant<Heading, Paragraph, CodeBlock, Rule, Table> body;
  int indent = 0;                ///< how many lists it stands in
  int quote = 0;                 ///< how many quotes it stands in
  std::optional<Marker> marker;  ///< first block of a list item
};

struct Document {
  std::vector<Block> blocks;
  std::vector<std::string> links;  ///< targets, as written
};

/// GitHub's dialect (tables, tasks, strike-through, bare links), without raw HTML: that is shown as text. Any
/// text is a document.
[[nodiscard]] Document parse(std::string_view markdown);

}  // namespace loopscope::app::prose
