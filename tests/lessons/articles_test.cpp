// lessons/ARTICLES.md says where everything that two articles explain is taught: it must go on being true.
#include <algorithm>
#include <filesystem>
#include <regex>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/evidence.hpp"
#include "tests/lessons/content.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

const std::string articles = LOOPSCOPE_LESSONS_UNDER_TEST "/../ARTICLES.md";

const Lesson& lesson_of(const std::string& id) {
  const auto& all = tests::library().lessons;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Lesson& one) { return one.id == id; });
  REQUIRE(found != all.end());
  return *found;
}

/// A row names lessons by links, and behind each in italics pages of it.
void check_row(const std::string& row) {
  static const std::regex part(R"(\[\d+\]\(content/([^/]+)/lesson\.md\)|\*([^*]+)\*)");
  const Lesson* lesson = nullptr;
  for (std::sregex_iterator found(row.begin(), row.end(), part), end; found != end; ++found) {
    if ((*found)[1].matched) {
      lesson = &lesson_of((*found)[1]);
      continue;
    }
    const std::string title = (*found)[2];
    CAPTURE(title);
    REQUIRE(lesson);
    CHECK(std::any_of(lesson->pages.begin(), lesson->pages.end(),
                      [&](const Page& page) { return page.title == title; }));
  }
  const bool to_come = row.find("lesson 14, to come") != std::string::npos;
  CHECK((lesson != nullptr || to_come));
}

}  // namespace

TEST_CASE("Each section and question of the articles is taught on pages that there are", "[lessons]") {
  int rows = 0;
  for (const auto& block : split_blocks(tests::read_file(articles))) {
    if (block.kind != Block::Kind::Table) continue;
    for (std::size_t row = 2; row < block.lines.size(); ++row, ++rows) {
      CAPTURE(block.lines[row]);
      check_row(block.lines[row]);
    }
  }
  CHECK(rows > 30);
}

TEST_CASE("Each claim of the articles that needs care has an experiment that shows what is so", "[lessons]") {
  Problems problems(articles);
  const auto blocks = split_blocks(tests::read_file(articles));
  const auto all = read_evidence(blocks, problems);
  for (const auto& block : blocks) {
    if (block.kind != Block::Kind::Heading || block.level != 3) continue;
    CAPTURE(block.lines[0]);
    CHECK(std::any_of(all.begin(), all.end(), [&](const Evidence& one) {
      return one.heading == block.lines[0] && !one.experiment.empty();
    }));
  }
  for (Evidence one : all) {
    const std::filesystem::path path = one.experiment;  // content/12-containers/two-homes.lab
    CAPTURE(one.line, one.experiment, one.step);
    one.experiment = path.filename();
    check_evidence({one}, lesson_of(path.parent_path().filename()), problems);
  }
  std::string said;
  for (const auto& problem : problems.take()) said += to_string(problem) + '\n';
  CHECK(said == "");
  CHECK(all.size() >= 15);
}
