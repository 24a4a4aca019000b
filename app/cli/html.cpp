#include "app/cli/html.hpp"

#include <algorithm>

#include "app/prose/document.hpp"

namespace loopscope::app::cli {
namespace {

using namespace prose;

/// Bytes of the UTF-8 character that begins here (RFC 3629); 0: none does.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const unsigned first = byte(0);
  const auto follows = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool fits = !(first == 0xE0 && byte(1) < 0xA0) && !(first == 0xED && byte(1) >= 0xA0) &&
                      !(first == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE);
    return fits && follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool fits = !(first == 0xF0 && byte(1) < 0x90) && !(first == 0xF4 && byte(1) >= 0x90);
    return fits && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string span_html(const Span& span) {
  std::string text = escaped(span.text);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 6))
    text.replace(at, 1, "<br />");
  if (span.style.code) text = "<code>" + text + "</code>";
  if (span.style.italic) text = "<em>" + text + "</em>";
  if (span.style.bold) text = "<strong>" + text + "</strong>";
  if (span.style.strike) text = "<del>" + text + "</del>";
  return text;
}

std::string spans_html(const Spans& spans, const Document& document) {
  std::string text;
  for (const Span& span : spans) {
    const std::string target = span.link < 0 ? "" : document.links[static_cast<std::size_t>(span.link)];
    const bool outside = target.starts_with("https://");
    text += outside ? "<a href=\"" + escaped(target) + "\">" + span_html(span) + "</a>" : span_html(span);
  }
  return text;
}

class Writer {
 public:
  explicit Writer(const Document& document) : document_(document) {}

  std::string take() {
    for (const Block& block : document_.blocks) {
      const bool item = block.marker.has_value();
      lists_to(block.indent, item && !block.marker->number.empty());
      quotes_to(block.indent > 0 ? 0 : block.quote);
      if (item) {
        if (item_open_.back()) text_ += "</li>\n";
        text_ += "<li>";
        item_open_.back() = true;
      }
      std::visit([&](const auto& body) { write(body); }, block.body);
    }
    lists_to(0, false);
    quotes_to(0);
    return std::move(text_);
  }

 private:
  void lists_to(int depth, bool numbered) {
    while (static_cast<int>(tags_.size()) > depth) {
      text_ += item_open_.back() ? "</li></" + tags_.back() + ">\n" : "</" + tags_.back() + ">\n";
      tags_.pop_back();
      item_open_.pop_back();
    }
    if (static_cast<int>(tags_.size()) < depth) quotes_to(0);
    while (static_cast<int>(tags_.size()) < depth) {
      tags_.push_back(numbered ? "ol" : "ul");
      text_ += "<" + tags_.back() + ">";
      item_open_.push_back(false);
      if (static_cast<int>(tags_.size()) < depth) {
        text_ += "<li>";
        item_open_.back() = true;
      }
    }
  }
  void quotes_to(int depth) {
    for (; quotes_ > depth; --quotes_) text_ += "</blockquote>\n";
    for (; quotes_ < depth; ++quotes_) text_ += "<blockquote>";
  }

  void write(const Heading& heading) {
    // A page's own headings stand below the hand-out's.
    const std::string tag = "h" + std::to_string(std::clamp(heading.level + 1, 3, 6));
    text_ += "<" + tag + ">" + spans_html(heading.spans, document_) + "</" + tag + ">\n";
  }
  void write(const Paragraph& paragraph) {
    text_ += "<p>" + spans_html(paragraph.spans, document_) + "</p>\n";
  }
  void write(const CodeBlock& code) { text_ += "<pre><code>" + escaped(code.text) + "</code></pre>\n"; }
  void write(const Rule&) { text_ += "<hr />\n"; }
  void write(const Table& table) {
    text_ += "<table>\n";
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      text_ += "<tr>";
      for (const Spans& cell : table.rows[row])
        text_ += std::string(row == 0 ? "<th>" : "<td>") + spans_html(cell, document_) +
                 (row == 0 ? "</th>" : "</td>");
      text_ += "</tr>\n";
    }
    text_ += "</table>\n";
  }

  const Document& document_;
  std::string text_;
  std::vector<std::string> tags_;
  std::vector<bool> item_open_;
  int quotes_ = 0;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character_at(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    const bool allowed = bytes > 0 && (first >= 0x20 || first == '\n' || first == '\t') && first != 0x7F;
    if (!allowed)
      out += "\xEF\xBF\xBD";
    else if (first == '&')
      out += "&amp;";
    else if (first == '<')
      out += "&lt;";
    else if (first == '>')
      out += "&gt;";
    else if (first == '"')
      out += "&quot;";
    else if (first == '\'')
      out += "&#39;";
    else
      out += text.substr(at, bytes);
    at += std::max<std::size_t>(bytes, 1);
  }
  return out;
}

std::string html_of(const std::string& markdown) {
  const Document document = parse(markdown);
  return Writer(document).take();
}

std::string html_of_line(const std::string& markdown) {
  const Document document = parse(markdown);
  std::string text;
  for (const Block& block : document.blocks)
    if (const auto* paragraph = std::get_if<Paragraph>(&block.body))
      text += (text.empty() ? "" : " ") + spans_html(paragraph->spans, document);
  // Words that Markdown takes for something else ('1. …') stand as they are written.
  return text.empty() ? escaped(markdown) : text;
}

}  // namespace loopscope::app::cli
