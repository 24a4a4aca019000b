#include "app/prose/document.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope::app::prose;

namespace {
template <typename Body>
const Body& body(const Document& document, std::size_t index) {
  return std::get<Body>(document.blocks.at(index).body);
}
}  // namespace

TEST_CASE("a paragraph keeps its styles as spans") {
  const auto document = parse("The **server** calls `bind()` and *waits*.");
  const auto& spans = body<Paragraph>(document, 0).spans;
  REQUIRE(spans.size() == 7);
  CHECK(spans[1].text == "server");
  CHECK(spans[1].style.bold);
  CHECK(spans[3].text == "bind()");
  CHECK(spans[3].style.code);
  CHECK(spans[5].style.italic);
  CHECK(plain(spans) == "The server calls bind() and waits.");
}

TEST_CASE("lines of one paragraph are joined by a space and a hard break stays") {
  CHECK(plain(body<Paragraph>(parse("one\ntwo"), 0).spans) == "one two");
  CHECK(plain(body<Paragraph>(parse("one  \ntwo"), 0).spans) == "one\ntwo");
}

TEST_CASE("list items have markers, and what follows inside an item is indented without one") {
  const auto document = parse("3. three\n\n   more\n4. four\n   - inner\n\nafter");
  REQUIRE(document.blocks.size() == 5);
  CHECK(document.blocks[0].marker->number == "3.");
  CHECK_FALSE(document.blocks[1].marker.has_value());
  CHECK(document.blocks[1].indent == 1);
  CHECK(document.blocks[2].marker->number == "4.");
  CHECK(document.blocks[3].marker->number.empty());
  CHECK(document.blocks[3].indent == 2);
  CHECK(document.blocks[4].indent == 0);
}

TEST_CASE("a tight list gives one block an item") {
  const auto document = parse("- one\n- two **bold**\n-\n- [x] done\n- [ ] open");
  REQUIRE(document.blocks.size() == 5);
  CHECK(plain(body<Paragraph>(document, 1).spans) == "two bold");
  CHECK(plain(body<Paragraph>(document, 2).spans).empty());
  CHECK(document.blocks[3].marker->done == true);
  CHECK(document.blocks[4].marker->done == false);
}

TEST_CASE("a table has its header first, its alignment by column, and cells of spans") {
  const auto document = parse("| a | b |\n|---|--:|\n| `x` | 2 |\n");
  const auto& table = body<Table>(document, 0);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.aligns == std::vector{Align::Left, Align::Right});
  CHECK(table.rows[0][0][0].style.bold);
  CHECK(table.rows[1][0][0].style.code);
}

TEST_CASE("a code block keeps its text and language") {
  const auto document = parse("```c\nint a;\n\n  b & c\n```");
  const auto& code = body<CodeBlock>(document, 0);
  CHECK(code.language == "c");
  CHECK(code.text == "int a;\n\n  b & c");
}

TEST_CASE("quotes know their depth, links their target") {
  const auto document = parse("> outside [ip(7)](https://man7.org/ip)\n>\n> > inside\n");
  CHECK(document.blocks[0].quote == 1);
  CHECK(document.blocks[1].quote == 2);
  const auto& spans = body<Paragraph>(document, 0).spans;
  CHECK(document.links.at(static_cast<std::size_t>(spans[1].link)) == "https://man7.org/ip");
}

TEST_CASE("entities become characters and raw HTML stays text") {
  CHECK(plain(body<Paragraph>(parse("a &lt; b &rarr; c &#181;s &#x2260; &bogus;"), 0).spans) ==
        "a < b → c µs ≠ &bogus;");
  CHECK(plain(body<Paragraph>(parse("<b>x</b>"), 0).spans) == "<b>x</b>");
}

TEST_CASE("any text is a document") {
  CHECK(parse("").blocks.empty());
  for (const char* text :
       {"- ", "> ", "|", "```", "[x](", "# ", "1.\n2.\n", "- > - a\n\n  b", "|a|\n|-|\n|", "\xff\xfe"}) {
    CHECK_NOTHROW(parse(text));
  }
  CHECK_NOTHROW(parse(std::string("a\0b", 3)));
}
