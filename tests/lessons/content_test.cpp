#include "tests/lessons/content.hpp"

#include "lessons/check/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

TEST_CASE("Every lesson reads without a problem", "[lessons]") {
  std::string all;
  for (const auto& problem : tests::library().problems) all += to_string(problem) + '\n';
  INFO(all);
  CHECK(tests::library().problems.empty());
  CHECK(tests::library().lessons.size() >= 4);
}

TEST_CASE("The list of lessons links every lesson there is", "[lessons]") {
  const std::string list = tests::read_file(tests::library().folder + "/README.md");
  for (const auto& lesson : tests::library().lessons) {
    CAPTURE(lesson.id);
    CHECK(list.find(std::to_string(lesson.number) + ". [" + lesson.title + "](" + lesson.id +
                    "/lesson.md)") != std::string::npos);
  }
  CHECK(tests::library().lessons.size() + tests::library().planned.size() == 15);
  CHECK(tests::library().parts.size() == 4);
}

TEST_CASE(
    "The form of every lesson is in order: its parts, sizes, Markdown, links and what its words rest on",
    "[lessons]") {
  check::Options options = check::options_for(tests::library().folder, tests::library().folder);
  options.wanted = check::wanted_of_the_program;
  options.origin = Origin::Program;
  for (const auto& lesson : tests::library().lessons) {
    CAPTURE(lesson.id);
    const auto report = check::check_form(lesson.folder, options);
    std::string all;
    for (const auto& problem : report.problems) all += to_string(problem) + '\n';
    CHECK(all == "");
    for (const auto& words : report.passed_over) WARN(lesson.id << ": passed over: " << words);
    for (const auto& page : lesson.pages) CHECK(page.markdown.find("*Shown by") == std::string::npos);
  }
}
