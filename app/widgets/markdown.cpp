#include "app/widgets/markdown.hpp"

#include <cmath>
#include <memory>

#include "app/prose/layout.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

Type type_of(prose::Face face) {
  using F = prose::Face;
  switch (face) {
    case F::Body:
      return Type::Body;
    case F::Bold:
      return Type::BodyBold;
    case F::Italic:
      return Type::BodyItalic;
    case F::BoldItalic:
      return Type::BodyBoldItalic;
    case F::Mono:
      return Type::BodyMono;
    case F::Small:
      return Type::Small;
    case F::SmallBold:
      return Type::SmallBold;
    case F::SmallMono:
      return Type::SmallMono;
    case F::H1:
      return Type::H1;
    case F::H2:
      return Type::H2;
    case F::H3:
      return Type::H3;
  }
  return Type::Body;
}

/// Measures in points.
class FontMeasure : public prose::Measure {
 public:
  explicit FontMeasure(const Fonts& fonts) : fonts_(fonts) {}
  float width(prose::Face face, std::string_view text) const override {
    return fonts_.measure(type_of(face), text).x;
  }
  float size(prose::Face face) const override { return fonts_.face(type_of(face)).points; }
  float ascent(prose::Face face) const override { return fonts_.ascent(type_of(face)); }
  float pixels(float points) const override { return points; }

 private:
  const Fonts& fonts_;
};

struct Page {
  std::string text;
  float width = 0, scale = 0;
  prose::Document document;
  prose::Layout layout;
};

const Page& page_of(Ui& ui, std::string_view id, std::string_view markdown, float width) {
  auto& page = ui.state<std::shared_ptr<Page>>("markdown/" + std::string(id));
  if (page == nullptr) page = std::make_shared<Page>();
  if (page->text == markdown && page->width == width && page->scale == ui.scale()) return *page;
  if (page->text != markdown || page->scale == 0) page->document = prose::parse(markdown);
  page->text = markdown;
  page->width = width;
  page->scale = ui.scale();
  page->layout = prose::lay_out(page->document, FontMeasure(ui.paint().fonts()), width);
  return *page;
}

Rect moved(const prose::Rect& r, Point by) { return Rect{r.x0, r.y0, r.x1, r.y1}.moved(by.x, by.y); }

class Drawing {
 public:
  Drawing(Ui& ui, std::string_view id, const Page& page, Point at)
      : ui_(ui), id_(id), page_(page), at_(at), p_(ui.palette()) {}

  MarkdownAnswer draw() {
    for (const auto& mark : page_.layout.marks) std::visit([&](const auto& m) { put(m); }, mark);
    for (std::size_t i = 0; i < page_.layout.runs.size(); ++i) put(page_.layout.runs[i], i);
    answer_.height = page_.layout.height;
    return std::move(answer_);
  }

 private:
  void put(const prose::Bullet& m) { ui_.paint().disc(at_ + Point{m.x, m.y}, 2.6F, p_.accent); }
  void put(const prose::TaskBox& m) {
    const Rect box = moved(m.box, at_);
    ui_.paint().stroke(box, m.done ? p_.of(Tone::Good) : p_.strong_border, 3, 1.5F);
    if (m.done) ui_.paint().icon(box.centre(), 14, p_.of(Tone::Good), icon::Check);
  }
  void put(const prose::QuoteBar& m) { ui_.paint().fill(moved(m.box, at_), faded(p_.accent, 0.8F), 1.5F); }
  void put(const prose::RuleLine& m) {
    ui_.paint().line(at_ + Point{m.box.x0, m.box.y0}, at_ + Point{m.box.x1, m.box.y0}, p_.border);
  }
  void put(const prose::TableBox& m) {
    const Rect box = moved(m.box, at_);
    ui_.paint().fill({box.x0, box.y0, box.x1, at_.y + m.header_bottom}, p_.raised, 6, Corners::Top);
    for (const float y : m.lines) ui_.paint().line({box.x0, at_.y + y}, {box.x1, at_.y + y}, p_.border);
    ui_.paint().stroke(box, p_.border, 6);
  }
  void put(const prose::CodeBox& m) {
    const Rect box = moved(m.box, at_);
    ui_.paint().fill(box, p_.code_ground, 8);
    ui_.paint().stroke(box, p_.border, 8);
    const Rect corner = Rect::at(box.x1 - 30, box.y0 + 4, 26, 26);
    const auto name = id_ + "/copy/" + std::to_string(m.block);
    const Hit hit = ui_.hit(corner, {.id = name, .label = "Copy"});
    ui_.paint().icon(corner.centre(), 15, hit.hovered ? p_.text : p_.faint, icon::Copy);
    if (hit.focused) ui_.focus_ring(corner, 5);
    ui_.tooltip("Copy");
    if (hit.pressed) answer_.copy = std::get<prose::CodeBlock>(page_.document.blocks[m.block].body).text;
  }

  Colour colour_of(prose::Ink ink) const {
    switch (ink) {
      case prose::Ink::Muted:
        return p_.muted;
      case prose::Ink::Link:
        return p_.accent;
      case prose::Ink::Code:
        return p_.inline_code;
      default:
        return p_.text;
    }
  }

  void put(const prose::Run& run, std::size_t index) {
    const Type type = type_of(run.face);
    const Point at = at_ + Point{run.x, run.y};
    const float high = ui_.paint().fonts().face(type).points;
    const Rect box = Rect::at(at.x, at.y, run.width, high);
    if (run.code) ui_.paint().fill(box.inset(-4, -2), p_.code_ground, 4);
    if (run.link >= 0) put_link(run, index, box);
    ui_.paint().text(type, at, colour_of(run.ink), run.text, AlignX::Left, AlignY::Top);
    if (run.strike) ui_.paint().line({box.x0, box.mid_y()}, {box.x1, box.mid_y()}, colour_of(run.ink));
  }
  void put_link(const prose::Run& run, std::size_t index, const Rect& box) {
    // A link over several lines is one stop for the keyboard: its first part.
    const bool first = index == 0 || page_.layout.runs[index - 1].link != run.link;
    const auto name = id_ + "/link/" + std::to_string(run.link) + (first ? "" : "/" + std::to_string(index));
    const Hit hit =
        ui_.hit(box.inset(0, -3), {.id = name, .label = run.text, .kind = Kind::Link, .focusable = first});
    ui_.paint().line({box.x0, box.y1 + 1}, {box.x1, box.y1 + 1},
                     faded(p_.accent, hit.hovered ? 1.0F : 0.45F));
    if (hit.focused) ui_.focus_ring(box, 3);
    const auto& target = page_.document.links[static_cast<std::size_t>(run.link)];
    ui_.tooltip(target);
    if (hit.pressed) answer_.link = target;
  }

  Ui& ui_;
  std::string id_;
  const Page& page_;
  Point at_;
  const Palette& p_;
  MarkdownAnswer answer_;
};

}  // namespace

MarkdownAnswer draw_markdown(Ui& ui, std::string_view id, std::string_view markdown, Point at, float width) {
  return Drawing(ui, id, page_of(ui, id, markdown, width), at).draw();
}

float markdown_height(Ui& ui, std::string_view id, std::string_view markdown, float width) {
  return page_of(ui, id, markdown, width).layout.height;
}

std::string plain_words(std::string_view markdown) {
  std::string out;
  for (const auto& block : prose::parse(markdown).blocks) {
    const auto* paragraph = std::get_if<prose::Paragraph>(&block.body);
    if (paragraph == nullptr) continue;
    if (!out.empty()) out += ' ';
    out += prose::plain(paragraph->spans);
  }
  return out;
}

}  // namespace loopscope::app
