#include "app/prose/layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace loopscope::app::prose {
namespace {

constexpr float list_indent = 22, quote_indent = 16;  // points

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.push_back(text);
  return lines;
}

/// Cuts a line into pieces of at most `first` characters, then `rest`; never inside a UTF-8 character.
std::vector<std::string_view> cut(std::string_view line, std::size_t first, std::size_t rest) {
  std::vector<std::string_view> pieces;
  std::size_t room = first;
  while (true) {
    std::size_t bytes = 0;
    for (std::size_t n = 0; bytes < line.size() && n < room; ++n) {
      ++bytes;
      while (bytes < line.size() && (static_cast<unsigned char>(line[bytes]) & 0xC0) == 0x80) ++bytes;
    }
    pieces.push_back(line.substr(0, bytes));
    line.remove_prefix(bytes);
    if (line.empty()) return pieces;
    room = rest;
  }
}

class Column {
 public:
  Column(const Document& document, const Measure& measure, float width)
      : document_(document), measure_(measure) {
    layout_.width = width;
  }

  Layout take() {
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) add(i);
    layout_.height = y_;
    return std::move(layout_);
  }

 private:
  float px(float points) const { return measure_.pixels(points); }

  void add(std::size_t index) {
    const Block& block = document_.blocks[index];
    y_ += index == 0 ? 0 : gap(document_.blocks[index - 1], block);
    const float lists = px(list_indent) * static_cast<float>(block.indent);
    const float quotes = px(quote_indent) * static_cast<float>(block.quote);
    Rect room{lists + quotes, y_, std::max(layout_.width, lists + quotes + px(40)), y_};
    if (block.marker) mark(*block.marker, room.x0);
    std::visit([&](const auto& body) { y_ = put(body, block, index, room); }, block.body);
    for (int level = 0; level < block.quote; ++level) {
      const float x = lists + px(quote_indent) * static_cast<float>(level);
      quote_bar(x, room.y0, index > 0 && document_.blocks[index - 1].quote > level);
    }
  }

  float gap(const Block& before, const Block& block) const {
    if (std::holds_alternative<Heading>(block.body)) return px(18);
    if (std::holds_alternative<Heading>(before.body)) return px(6);
    if (block.marker && before.indent > 0 && !std::holds_alternative<CodeBlock>(before.body)) return px(4);
    return px(10);
  }

  /// A bar at the left of a quote; blocks of one quote share one.
  void quote_bar(float x, float top, bool goes_on) {
    if (goes_on) {
      for (auto mark = layout_.marks.rbegin(); mark != layout_.marks.rend(); ++mark) {
        if (auto* bar = std::get_if<QuoteBar>(&*mark); bar != nullptr && bar->box.x0 == x) {
          bar->box.y1 = y_;
          return;
        }
      }
    }
    layout_.marks.push_back(QuoteBar{{x, top, x + px(3), y_}});
  }

  void mark(const Marker& marker, float x) {
    const float line = std::floor(measure_.size(Face::Body) * 1.5F);
    if (marker.done) {
      const float side = px(14);
      const float top = y_ + (line - side) / 2;
      layout_.marks.push_back(TaskBox{{x - px(20), top, x - px(20) + side, top + side}, *marker.done});
    } else if (marker.number.empty()) {
      layout_.marks.push_back(Bullet{x - px(11), y_ + line / 2});
    } else {
      Run run;
      run.width = measure_.width(Face::Body, marker.number);
      run.x = std::max(0.F, x - px(6) - run.width);
      run.y = y_ + (line - measure_.size(Face::Body)) / 2;
      run.ink = Ink::Muted;
      run.text = marker.number;
      layout_.runs.push_back(std::move(run));
    }
  }

  float put(const Heading& heading, const Block&, std::size_t, Rect room) {
    const Face face = heading.level == 1 ? Face::H1 : heading.level == 2 ? Face::H2 : Face::H3;
    return lay_out_spans(layout_, heading.spans, measure_, room, face, Ink::Heading);
  }
  float put(const Paragraph& paragraph, const Block& block, std::size_t, Rect room) {
    return lay_out_spans(layout_, paragraph.spans, measure_, room, Face::Body,
                         block.quote > 0 ? Ink::Muted : Ink::Text);
  }
  float put(const Rule&, const Block&, std::size_t, Rect room) {
    const float y = room.y0 + px(6);
    layout_.marks.push_back(RuleLine{{room.x0, y, room.x1, y}});
    return y + px(6);
  }

  /// A line that is too long for the box goes on, indented, in the next: nothing is hidden, and copying gives
  /// the line as it was.
  float put(const CodeBlock& code, const Block&, std::size_t index, Rect room) {
    const float line = std::floor(measure_.size(Face::Mono) * 1.5F);
    const float letter = measure_.width(Face::Mono, "0");
    const float left = room.x0 + px(12);
    const auto fits = static_cast<std::size_t>(std::max(8.F, (room.x1 - px(12) - left) / letter));
    float y = room.y0 + px(9);
    const auto put_line = [&](std::string_view text, float x) {
      Run run;
      run.text = text;
      run.x = x;
      run.y = y + (line - measure_.size(Face::Mono)) / 2;
      run.face = Face::Mono;
      run.width = measure_.width(Face::Mono, run.text);
      if (!run.text.empty()) layout_.runs.push_back(std::move(run));
      y += line;
    };
    for (const auto& whole : lines_of(code.text)) {
      auto pieces = cut(whole, fits, fits - 2);
      for (std::size_t i = 0; i < pieces.size(); ++i) put_line(pieces[i], i == 0 ? left : left + 2 * letter);
    }
    layout_.marks.push_back(CodeBox{{room.x0, room.y0, room.x1, y + px(9)}, index});
    return y + px(9);
  }

  float put(const Table& table, const Block&, std::size_t, Rect room) {
    const auto widths = column_widths(table, room.x1 - room.x0);
    TableBox box;
    float y = room.y0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r > 0) box.lines.push_back(y);
      float x = room.x0;
      float bottom = y;
      for (std::size_t c = 0; c < table.rows[r].size() && c < widths.size(); ++c) {
        const Rect cell{x + px(9), y + px(5), x + widths[c] - px(9), y};
        bottom = std::max(bottom, lay_out_spans(layout_, table.rows[r][c], measure_, cell, Face::Small,
                                                Ink::Text, table.aligns[c]));
        x += widths[c];
      }
      y = bottom + px(5);
      if (r == 0) box.header_bottom = y;
    }
    box.box = {room.x0, room.y0, room.x1, y};
    layout_.marks.push_back(std::move(box));
    return y;
  }

  /// Columns as wide as their contents ask, stretched to the room; where that is too much the widest give way
  /// first, so that a column of short words is not broken for the sake of a long one.
  std::vector<float> column_widths(const Table& table, float room) const {
    std::vector<float> natural(table.aligns.size(), px(24));
    std::vector<float> least =
        natural;  // for the longest word: words are broken only where nothing else helps
    for (const auto& row : table.rows) {
      for (std::size_t c = 0; c < row.size() && c < natural.size(); ++c) {
        Layout line;
        lay_out_spans(line, row[c], measure_, {0, 0, 1e6F, 0}, Face::Small, Ink::Text);
        const float end = line.runs.empty() ? 0
                                            : line.runs.back().x + line.runs.back().width +
                                                  (line.runs.back().code ? px(4) : 0);
        natural[c] = std::max(natural[c], end + 2 * px(9) + 1);
        for (const Run& run : line.runs) least[c] = std::max(least[c], longest_word(run) + 2 * px(9) + 1);
      }
    }
    const float sum = std::accumulate(natural.begin(), natural.end(), 0.F);
    if (natural.empty() || sum <= room) {
      for (auto& width : natural) width *= room / std::max(sum, 1.F);
      return natural;
    }
    const float needed = std::accumulate(least.begin(), least.end(), 0.F);
    if (needed >= room) return shrink(std::move(least), room);
    // Each has room for its words; what is left goes to those that ask for more.
    for (std::size_t c = 0; c < natural.size(); ++c) natural[c] -= least[c];
    auto widths = shrink(std::move(natural), room - needed);
    for (std::size_t c = 0; c < widths.size(); ++c) widths[c] += least[c];
    return widths;
  }
  float longest_word(const Run& run) const {
    float longest = 0;
    std::string_view rest = run.text;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(' '), rest.size());
      longest = std::max(longest, measure_.width(run.face, rest.substr(0, end)) + (run.code ? px(8) : 0));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return longest;
  }
  static std::vector<float> shrink(std::vector<float> widths, float room) {
    // The largest width that all columns, cut to it, fit under: found by settling the narrow ones first.
    auto sorted = widths;
    std::sort(sorted.begin(), sorted.end());
    float left = room;
    float limit = room;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      limit = left / static_cast<float>(sorted.size() - i);
      if (sorted[i] > limit) break;
      left -= sorted[i];
    }
    for (auto& width : widths) width = std::min(width, limit);
    return widths;
  }

  const Document& document_;
  const Measure& measure_;
  Layout layout_;
  float y_ = 0;
};

}  // namespace

Layout lay_out(const Document& document, const Measure& measure, float width) {
  return Column(document, measure, width).take();
}

}  // namespace loopscope::app::prose
