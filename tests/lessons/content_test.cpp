#include "tests/lessons/content.hpp"

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/evidence.hpp"
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

TEST_CASE("Every lesson asks three to five questions, and each wrong answer says why", "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    CAPTURE(lesson.id);
    std::size_t count = 0;
    for (const auto& page : lesson.pages)
      for (const auto& quiz : page.quizzes) {
        CAPTURE(quiz.id);
        ++count;
        CHECK(quiz.choices.size() >= 3);
        for (const auto& choice : quiz.choices) CHECK(choice.feedback.size() > 20);
      }
    CHECK(count >= 3);
    CHECK(count <= 5);
    CHECK(lesson.forecasts.size() >= 2);
  }
}

TEST_CASE(
    "Every lesson has commands for Linux, macOS and Windows, and shows output only where it was measured",
    "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    CAPTURE(lesson.id);
    for (const char* system : {"Linux", "macOS", "Windows"}) {
      CAPTURE(system);
      CHECK(std::any_of(lesson.commands.begin(), lesson.commands.end(),
                        [&](const Command& command) { return command.system == system; }));
    }
    for (const auto& command : lesson.commands) {
      CAPTURE(command.command);
      CHECK_FALSE(command.note.empty());
      if (!command.output.empty()) CHECK(command.measured);
      if (command.system != "Linux") CHECK(command.output.empty());
    }
  }
}

TEST_CASE("Every page of reasons and every question names the experiment or the document it rests on",
          "[lessons]") {
  for (const auto& lesson : tests::library().lessons) {
    const std::string path = tests::library().folder + "/" + lesson.id + "/lesson.md";
    Problems problems(path);
    const auto blocks = split_blocks(tests::read_file(path));
    const auto all = read_evidence(blocks, problems);
    CHECK(problems.empty());
    for (const auto& block : blocks) {
      if (block.kind != Block::Kind::Heading) continue;
      const std::string& heading = block.lines[0];
      if (!heading.starts_with("Why:") && !heading.starts_with("Quiz:")) continue;
      CAPTURE(lesson.id, heading);
      CHECK(std::any_of(all.begin(), all.end(), [&](const Evidence& one) { return one.heading == heading; }));
    }
    for (const auto& page : lesson.pages) CHECK(page.markdown.find("*Shown by") == std::string::npos);
  }
}

TEST_CASE("Every change and check lets the learner choose", "[lessons]") {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& page : lesson.pages) {
      CAPTURE(lesson.id, page.title);
      if (page.stage != Stage::Change && page.stage != Stage::Check) continue;
      REQUIRE(page.goal);
      CHECK_FALSE(page.goal->calls.empty());
      CHECK(page.acts.size() >= 3);
    }
}
