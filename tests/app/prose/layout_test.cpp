#include "app/prose/layout.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace loopscope::app::prose;

namespace {
/// Every letter is ten pixels wide, bold ones twelve; a line of body text is 30 high.
class Letters : public Measure {
 public:
  float width(Face face, std::string_view text) const override {
    const auto letters = std::count_if(text.begin(), text.end(),
                                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return static_cast<float>(letters) * (face == Face::Bold || face == Face::SmallBold ? 12.F : 10.F);
  }
  float size(Face) const override { return 20; }
  float ascent(Face face) const override { return face == Face::Mono ? 14 : 16; }
  float pixels(float points) const override { return points; }
};
Layout at(std::string_view markdown, float width) { return lay_out(parse(markdown), Letters{}, width); }
std::vector<std::string> texts(const Layout& layout) {
  std::vector<std::string> out;
  for (const auto& run : layout.runs) out.push_back(run.text);
  return out;
}
template <typename Kind>
std::vector<Kind> marks(const Layout& layout) {
  std::vector<Kind> out;
  for (const auto& mark : layout.marks) {
    if (const auto* kind = std::get_if<Kind>(&mark)) out.push_back(*kind);
  }
  return out;
}
}  // namespace

TEST_CASE("lines break at spaces and words of one style share a run") {
  CHECK(texts(at("one two three", 90)) == std::vector<std::string>{"one two", "three"});
  CHECK(at("one two three", 90).height == 60);
}

TEST_CASE("a word made of two styles is never broken between them") {
  const auto layout = at("see **server**, now", 110);
  CHECK(texts(layout) == std::vector<std::string>{"see", "server", ",", "now"});
  CHECK(layout.runs[1].y == layout.runs[2].y);
  CHECK(layout.runs[2].x == layout.runs[1].x + 72);
  CHECK(layout.runs[1].y > layout.runs[0].y);
}

TEST_CASE("code of several words is one pill on a line, and faces share a baseline") {
  const auto layout = at("run `ss -tan` now", 400);
  REQUIRE(texts(layout) == std::vector<std::string>{"run", "ss -tan", "now"});
  CHECK(layout.runs[1].code);
  CHECK(layout.runs[1].y + 14 == layout.runs[0].y + 16);
  CHECK(layout.runs[1].x == 30 + 10 + 4);
  CHECK(layout.runs[2].x == layout.runs[1].x + 70 + 4 + 10);
}

TEST_CASE("a word longer than the column is cut and nothing is lost") {
  const auto layout = at("abcdefghijkl µµµµµµµµµµµµ", 50);
  std::string all;
  for (const auto& run : layout.runs) {
    CHECK(run.x + run.width <= 50);
    all += run.text;
  }
  CHECK(all == "abcdefghijklµµµµµµµµµµµµ");
}

TEST_CASE("no run leaves its column at any width") {
  const char* page =
      "# A heading of several words\n\ntext with `code words` and **bold** and [a link](x)\n\n- item one\n  "
      "1. inner item\n\n> quoted "
      "words\n\n| a | a longer header | c |\n|---|---|--:|\n| `127.0.0.1` | x | y |\n\n```\nss -tanp 'sport "
      "= :62893'\n```\n";
  for (float width = 120; width < 900; width += 37) {
    const auto layout = at(page, width);
    for (const auto& run : layout.runs) {
      INFO(width << ": " << run.text);
      CHECK(run.x >= 0);
      CHECK(run.x + run.width <= width + 1);
      CHECK(run.y + 20 <= layout.height + 1);
    }
  }
}

TEST_CASE("a quote has one bar through all of its blocks") {
  const auto layout = at("> one\n>\n> two\n\nafter\n\n> three", 300);
  const auto bars = marks<QuoteBar>(layout);
  REQUIRE(bars.size() == 2);
  CHECK(bars[0].box.y0 == 0);
  CHECK(bars[0].box.y1 == 70);
}

TEST_CASE("a table as wide as its column wraps the widest cells first") {
  const auto layout = at("| a | b |\n|---|---|\n| x | a b c d e f g h i j k l m n o p |\n", 200);
  const auto table = marks<TableBox>(layout).at(0);
  CHECK(table.box.x1 == 200);
  CHECK(table.lines.size() == 1);
  const auto x =
      std::find_if(layout.runs.begin(), layout.runs.end(), [](const Run& run) { return run.text == "x"; });
  REQUIRE(x != layout.runs.end());
  CHECK(layout.runs.back().y > x->y);
}

TEST_CASE("a table breaks no word as long as all its longest words fit") {
  const auto layout = at("| a | b |\n|---|---|\n| one two three | established socket |\n", 240);
  const auto all = texts(layout);
  for (const char* word : {"established", "socket"})
    CHECK(std::any_of(all.begin(), all.end(),
                      [&](const std::string& text) { return text.find(word) != std::string::npos; }));
}

TEST_CASE("right-aligned cells end at the same place") {
  const auto layout = at("| n |\n|--:|\n| 7 |\n| 12345 |\n", 200);
  REQUIRE(layout.runs.size() == 3);
  CHECK(layout.runs[1].x + layout.runs[1].width == layout.runs[2].x + layout.runs[2].width);
}

TEST_CASE("a long line of code goes on indented in the next") {
  const auto layout = at("```\n0123456789abcdef\nend\n```", 124);
  CHECK(texts(layout) == std::vector<std::string>{"0123456789", "abcdef", "end"});
  CHECK(layout.runs[1].x == layout.runs[0].x + 20);
  CHECK(marks<CodeBox>(layout).at(0).block == 0);
}
