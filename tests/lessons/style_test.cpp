#include <algorithm>
#include <regex>

#include "lessons/engine/blocks.hpp"
#include "sim/base/errno_name.hpp"
#include "tests/lessons/content.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

// At 1280×800 the lesson panel is some 36 characters of body text wide and 27 lines high.
constexpr std::size_t characters_a_line = 36;
constexpr double lines_a_panel = 27;

/// Without the marks of Markdown that are not drawn.
std::size_t drawn_length(const std::string& text) {
  static const std::regex link(R"(\[([^\]]*)\]\([^)]*\))");
  const std::string plain = std::regex_replace(text, link, "$1");
  return plain.size() - static_cast<std::size_t>(std::count_if(plain.begin(), plain.end(),
                                                               [](char c) { return c == '*' || c == '`'; }));
}

double lines_of(const std::string& text, std::size_t width) {
  return static_cast<double>((drawn_length(text) + width - 1) / width);
}

/// Height of a page's text, in lines of its body; between blocks lies half a line.
double height(const std::string& markdown) {
  double lines = 0;
  for (const auto& block : split_blocks(markdown)) {
    lines += 0.5;
    if (block.kind == Block::Kind::Paragraph)
      lines += lines_of(joined(block), characters_a_line);
    else if (block.kind == Block::Kind::Table)
      lines += 1.3 * static_cast<double>(block.lines.size() - 1);
    else
      for (const auto& line : block.lines) lines += lines_of(line, characters_a_line - 3);
  }
  return lines;
}

}  // namespace

TEST_CASE("A page needs at most one and a half panels on a small screen", "[lessons]") {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& page : lesson.pages) {
      CAPTURE(lesson.id, page.title);
      CHECK(height(page.markdown) <= 1.5 * lines_a_panel);
      CHECK(page.title.size() <= 40);
      CHECK_FALSE(page.markdown.empty());
    }
}

TEST_CASE("Questions, answers and acts are short enough to be buttons", "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    CAPTURE(lesson.id);
    CHECK(lesson.summary.size() <= 110);
    for (const auto& page : lesson.pages) {
      for (const auto& act : page.acts) CHECK(act.label.size() <= 60);
      for (const auto& quiz : page.quizzes) {
        CAPTURE(quiz.id);
        CHECK(quiz.text.size() <= 260);
        for (const auto& choice : quiz.choices) {
          CHECK(choice.text.size() <= 90);
          CHECK(choice.feedback.size() <= 220);
        }
      }
    }
    for (const auto& forecast : lesson.forecasts) {
      CAPTURE(forecast.text);
      CHECK(forecast.text.size() <= 100);
      for (const auto& choice : forecast.choices) {
        CHECK(choice.text.size() <= 90);
        CHECK(choice.feedback.size() <= 220);
      }
    }
  }
}

TEST_CASE("The narration of a step is two sentences or so", "[lessons]") {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& [name, experiment] : lesson.experiments) {
      CAPTURE(lesson.id, name);
      CHECK_FALSE(experiment.title().empty());
      bool any = false;
      for (const auto& statement : experiment.statements)
        if (const auto* narration = std::get_if<experiment::Narration>(&statement.body)) {
          any = true;
          CHECK(narration->words.size() <= 180);
        }
      CHECK(any);
    }
}

TEST_CASE("A lesson reads well in a browser", "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    const std::string folder = tests::library().folder + "/" + lesson.id;
    const std::string text = tests::read_file(folder + "/lesson.md");
    CAPTURE(lesson.id);
    CHECK(text.find("<!--") == std::string::npos);
    CHECK(text.find('\t') == std::string::npos);
    CHECK(text.find("](/") == std::string::npos);
    const auto blocks = split_blocks(text);
    int level = 0;
    for (std::size_t at = 0; at < blocks.size(); ++at) {
      const Block& block = blocks[at];
      CAPTURE(block.line);
      if (block.kind == Block::Kind::Heading) {
        CHECK(block.level <= level + 1);  // no level is skipped
        level = block.level;
      }
      // A browser needs a header, a rule, and as many cells in each row.
      if (block.kind == Block::Kind::Table) {
        REQUIRE(block.lines.size() >= 3);
        CHECK(block.lines[1].find("---") != std::string::npos);
        for (const auto& row : block.lines)
          CHECK(std::count(row.begin(), row.end(), '|') ==
                std::count(block.lines[0].begin(), block.lines[0].end(), '|'));
      }
      if (block.kind == Block::Kind::Fence) CHECK(!block.info.empty());
    }
    static const std::regex links(R"(\]\(([^)#:]+)\))");
    for (std::sregex_iterator link(text.begin(), text.end(), links), end; link != end; ++link) {
      CAPTURE((*link)[1].str());
      CHECK(std::filesystem::exists(folder + "/" + (*link)[1].str()));
    }
  }
}

TEST_CASE("Links that lead out of the lessons are few, known and safe", "[lessons]") {
  // Not asked for over the network: a new one is looked at by whoever adds it here.
  static const std::vector<std::string> known = {"https://github.com/kubernetes/kubernetes/issues/92315"};
  for (const auto& lesson : tests::library().lessons) {
    const std::string text = tests::read_file(tests::library().folder + "/" + lesson.id + "/lesson.md");
    static const std::regex links(R"(\]\(([a-z]+:[^)]*)\))");
    for (std::sregex_iterator link(text.begin(), text.end(), links), end; link != end; ++link) {
      CAPTURE(lesson.id, (*link)[1].str());
      CHECK(std::find(known.begin(), known.end(), (*link)[1].str()) != known.end());
    }
  }
}

TEST_CASE("What is printed as a path, a state or an error is spelt as the field spells it", "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    const std::string text = tests::read_file(tests::library().folder + "/" + lesson.id + "/lesson.md");
    CAPTURE(lesson.id);
    for (const char* wrong :
         {"TIME_WAIT ", "SYN_SENT", "SYN-RCVD", "EADDRINUS ", "ECONNREFUSE ", "local host", "loop back",
          "  - [ ]", "teh ", " the the ", " a a ", " is is "}) {
      CAPTURE(wrong);
      CHECK(text.find(wrong) == std::string::npos);
    }
    static const std::regex errors(R"(\bE[A-Z]{3,}\b)");
    for (std::sregex_iterator name(text.begin(), text.end(), errors), end; name != end; ++name) {
      const std::string word = name->str();
      CAPTURE(word);
      if (word != "ESTABLISHED" && word != "ESTAB") CHECK(errno_number(word));
    }
  }
}
