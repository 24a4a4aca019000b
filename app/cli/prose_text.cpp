#include "app/cli/prose_text.hpp"

#include <algorithm>

#include "app/prose/document.hpp"

namespace loopscope::app::cli {
namespace {

using namespace prose;

/// Code keeps its marks, so that `ss -ltn` is seen to be typed; of a link that leads outside its target is
/// told.
std::string words_of(const Spans& spans, const Document& document) {
  std::string text;
  for (std::size_t at = 0; at < spans.size(); ++at) {
    const Span& span = spans[at];
    text += span.style.code ? "`" + span.text + "`" : span.text;
    const bool ends = at + 1 == spans.size() || spans[at + 1].link != span.link;
    if (span.link < 0 || !ends) continue;
    const std::string& target = document.links[static_cast<std::size_t>(span.link)];
    if (target.find("://") != std::string::npos && target != span.text) text += " <" + target + ">";
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// A first line with a marker; what follows stands below its words.
std::string hanging(const std::string& marker, const std::string& words, std::size_t indent,
                    std::size_t columns) {
  std::string text = wrapped(words, indent + width_of(marker), columns);
  return std::string(indent, ' ') + marker + text.substr(std::min(text.size(), indent + width_of(marker)));
}

class Writer {
 public:
  Writer(const Document& document, const Terminal& terminal, std::size_t indent)
      : document_(document), terminal_(terminal), indent_(indent) {}

  std::string take() {
    for (const Block& block : document_.blocks) {
      const std::size_t lists = block.indent > 0 ? static_cast<std::size_t>(block.indent - 1) : 0;
      const bool item = block.marker.has_value();
      if (!text_.empty() && !(item && in_list_)) text_ += '\n';
      in_list_ = item;
      const std::size_t indent = indent_ + 2 * lists + 2 * static_cast<std::size_t>(block.quote);
      std::visit([&](const auto& body) { write(body, block, indent); }, block.body);
    }
    return text_.empty() ? text_ : text_ + '\n';
  }

 private:
  void write(const Heading& heading, const Block&, std::size_t indent) {
    text_ +=
        std::string(indent, ' ') + terminal_.paint(Style::Chapter, words_of(heading.spans, document_)) + '\n';
  }
  void write(const Paragraph& paragraph, const Block& block, std::size_t indent) {
    const std::string words = words_of(paragraph.spans, document_);
    if (block.marker)
      text_ += hanging(block.marker->number.empty() ? "· " : block.marker->number + " ", words, indent,
                       terminal_.columns);
    else if (block.quote > 0)
      text_ += hanging("│ ", words, indent - 2, terminal_.columns);
    else
      text_ += wrapped(words, indent + (block.indent > 0 ? 2 : 0), terminal_.columns);
  }
  void write(const CodeBlock& code, const Block&, std::size_t indent) {
    std::string line;
    for (const char c : code.text + "\n") {
      if (c != '\n') {
        line += c;
        continue;
      }
      text_ += std::string(indent + 2, ' ') + terminal_.paint(Style::Call, line) + '\n';
      line.clear();
    }
  }
  void write(const Rule&, const Block&, std::size_t indent) { text_ += std::string(indent, ' ') + "———\n"; }

  void write(const Table& table, const Block&, std::size_t indent) {
    std::vector<std::size_t> widths;
    for (const auto& row : table.rows)
      for (std::size_t at = 0; at < row.size(); ++at) {
        widths.resize(std::max(widths.size(), at + 1));
        widths[at] = std::max(widths[at], width_of(words_of(row[at], document_)));
      }
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      std::string line(indent, ' ');
      for (std::size_t at = 0; at < table.rows[row].size(); ++at)
        line += (at == 0 ? "" : "  ") + padded(words_of(table.rows[row][at], document_), widths[at]);
      line.erase(line.find_last_not_of(' ') + 1);
      text_ += line + '\n';
      if (row != 0) continue;
      text_ += std::string(indent, ' ');
      for (std::size_t at = 0; at < widths.size(); ++at) {
        text_ += at == 0 ? "" : "  ";
        for (std::size_t dash = 0; dash < widths[at]; ++dash) text_ += "─";
      }
      text_ += '\n';
    }
  }

  const Document& document_;
  const Terminal& terminal_;
  std::size_t indent_;
  std::string text_;
  bool in_list_ = false;
};

}  // namespace

std::string text_of(const std::string& markdown, const Terminal& terminal, std::size_t indent) {
  const Document document = parse(markdown);
  return Writer(document, terminal, indent).take();
}

}  // namespace loopscope::app::cli
