#include <cmath>
#include <cstring>

#include "app/prose/layout.hpp"

namespace loopscope::app::prose {
namespace {

Face face_of(Face base, Style style) {
  if (style.code) return base == Face::Small ? Face::SmallMono : Face::Mono;
  if (base == Face::Body) {
    if (style.bold && style.italic) return Face::BoldItalic;
    if (style.bold) return Face::Bold;
    if (style.italic) return Face::Italic;
  }
  if (base == Face::Small && style.bold) return Face::SmallBold;
  return base;
}

/// Bytes of the UTF-8 character that starts at text[at].
std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80)
    ++length;
  return length;
}

/// Fills one column, line by line. A word may be made of pieces in several styles ('**bold**,'), so it is
/// collected whole before its place is known.
class Flow {
 public:
  Flow(Layout& layout, const Measure& measure, Rect column, Face base, Ink ink, Align align)
      : layout_(layout),
        measure_(measure),
        column_(column),
        base_(base),
        ink_(ink),
        align_(align),
        pen_(column.x0),
        y_(column.y0) {
    const float factor = base == Face::Body ? 1.5F : base == Face::Small ? 1.45F : 1.28F;
    line_height_ = std::floor(measure.size(base) * factor);
    line_start_ = layout.runs.size();
  }

  void add(const Span& span) {
    const std::string_view text = span.text;
    std::size_t at = 0;
    while (at < text.size()) {
      if (text[at] == '\n') {
        flush();
        end_line();
        ++at;
      } else if (text[at] == ' ') {
        flush();
        pending_space_ = &span;
        while (at < text.size() && text[at] == ' ') ++at;
      } else {
        auto end = text.find_first_of(" \n", at);
        if (end == std::string_view::npos) end = text.size();
        add_piece(span, text.substr(at, end - at));
        at = end;
      }
    }
  }

  float finish() {
    flush();
    if (layout_.runs.size() > line_start_ || lines_ == 0) end_line();
    return y_;
  }

 private:
  struct Piece {
    std::string_view text;
    const Span* span;
    Face face;
    float width;  ///< with its padding
  };
  float column_width() const { return column_.x1 - column_.x0; }
  float padding(const Span& span) const { return span.style.code ? measure_.pixels(4) : 0; }

  /// Adds one piece of a word, cut where it alone would be wider than a line.
  void add_piece(const Span& span, std::string_view text) {
    const Face face = face_of(base_, span.style);
    while (!text.empty()) {
      float width = measure_.width(face, text) + 2 * padding(span);
      std::size_t length = text.size();
      if (width > column_width()) {
        length = fitting(face, text, column_width() - 2 * padding(span));
        width = measure_.width(face, text.substr(0, length)) + 2 * padding(span);
      }
      const bool cut = length < text.size();
      if (cut) flush();
      word_.push_back({text.substr(0, length), &span, face, width});
      if (cut) flush();
      text.remove_prefix(length);
    }
  }
  /// How many bytes of the text fit into `room`: at least one character.
  std::size_t fitting(Face face, std::string_view text, float room) const {
    std::size_t length = character_length(text, 0);
    while (length < text.size()) {
      const auto more = length + character_length(text, length);
      if (measure_.width(face, text.substr(0, more)) > room) break;
      length = more;
    }
    return length;
  }

  void flush() {
    if (word_.empty()) return;
    float width = 0;
    for (const auto& piece : word_) width += piece.width;
    float space = 0;
    if (pending_space_ != nullptr && layout_.runs.size() > line_start_)
      space = measure_.width(face_of(base_, pending_space_->style), " ");
    if (pen_ > column_.x0 && pen_ + space + width > column_.x1 + 0.5F) {
      end_line();
      space = 0;
    }
    for (const auto& piece : word_) {
      place(piece, space);
      space = 0;
    }
    word_.clear();
    pending_space_ = nullptr;
  }

  /// Puts a piece at the pen; it becomes part of the run before it where both are of one span, so that `ss
  /// -tan` is one pill.
  void place(const Piece& piece, float space) {
    const float pad = padding(*piece.span);
    auto* last = layout_.runs.size() > line_start_ ? &layout_.runs.back() : nullptr;
    if (last != nullptr && last_span_ == piece.span) {
      if (space > 0) last->text += ' ';
      last->text += piece.text;
      pen_ += space + piece.width - 2 * pad;
      last->width = pen_ - pad - last->x;
      return;
    }
    pen_ += space;
    const float baseline = (line_height_ - measure_.size(base_)) / 2 + measure_.ascent(base_);
    Run run;
    run.x = pen_ + pad;
    run.y = y_ + baseline - measure_.ascent(piece.face);
    run.width = piece.width - 2 * pad;
    run.face = piece.face;
    run.link = piece.span->link;
    run.code = piece.span->style.code;
    run.strike = piece.span->style.strike;
    run.ink = run.link >= 0 ? Ink::Link : run.code ? Ink::Code : ink_;
    run.text = piece.text;
    layout_.runs.push_back(std::move(run));
    pen_ += piece.width;
    last_span_ = piece.span;
  }

  void end_line() {
    if (align_ != Align::Left && layout_.runs.size() > line_start_) {
      const float free = column_.x1 - pen_;
      for (auto i = line_start_; i < layout_.runs.size(); ++i)
        layout_.runs[i].x += align_ == Align::Right ? free : free / 2;
    }
    line_start_ = layout_.runs.size();
    pending_space_ = nullptr;
    last_span_ = nullptr;
    pen_ = column_.x0;
    y_ += line_height_;
    ++lines_;
  }

  Layout& layout_;
  const Measure& measure_;
  Rect column_;
  Face base_;
  Ink ink_;
  Align align_;
  float line_height_ = 0;
  float pen_;
  float y_;
  int lines_ = 0;
  std::size_t line_start_ = 0;
  std::vector<Piece> word_;
  const Span* pending_space_ = nullptr;  ///< a space has been read since the last word
  const Span* last_span_ = nullptr;      ///< of the last run on this line
};

}  // namespace

float lay_out_spans(Layout& layout, const Spans& spans, const Measure& measure, Rect column, Face base,
                    Ink ink, Align align) {
  Flow flow(layout, measure, column, base, ink, align);
  for (const auto& span : spans) flow.add(span);
  return flow.finish();
}

}  // namespace loopscope::app::prose
