#include "lessons/engine/library.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/lessons/content.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
namespace fs = std::filesystem;

TEST_CASE("The manifest orders the lessons and tells which are to come", "[lessons]") {
  const Library& library = tests::library();
  for (std::size_t at = 1; at < library.lessons.size(); ++at)
    CHECK(library.lessons[at - 1].number < library.lessons[at].number);
  const auto later = std::find_if(library.planned.begin(), library.planned.end(),
                                  [](const auto& one) { return one.title == "How fast is home?"; });
  REQUIRE(later != library.planned.end());
  CHECK(later->part == 4);
  CHECK(library.parts.front().title == "The address and the port");
}

TEST_CASE("A lesson that is only a new folder is there, and a faulty one hides no other", "[lessons]") {
  const tests::Scratch scratch;
  const std::string content = scratch.path("content");
  fs::copy(tests::library().folder, content, fs::copy_options::recursive);
  fs::copy(content + "/01-home", content + "/16-again", fs::copy_options::recursive);
  std::string text = tests::library().lessons.front().title;
  std::ofstream(content + "/05-nobody-home/lesson.md") << "nothing";
  const Library library = load_library(content);
  CHECK(library.lessons.size() == tests::library().lessons.size() - 1);
  CHECK_FALSE(library.problems.empty());  // 05 is faulty; 16 says in its table that it is lesson 1
  CHECK(library.planned.size() == tests::library().planned.size() + 1);
}

TEST_CASE("Lessons are found by the environment, beside the program, and in a tree around it", "[lessons]") {
  const tests::Scratch scratch;
  fs::create_directories(scratch.path("usr/share/loopscope/lessons"));
  fs::create_directories(scratch.path("usr/bin"));
  fs::create_directories(scratch.path("tree/lessons/content"));
  fs::create_directories(scratch.path("tree/build/tests"));
  std::ofstream(scratch.path("usr/share/loopscope/lessons/README.md")) << "x";
  std::ofstream(scratch.path("tree/lessons/content/README.md")) << "x";

  CHECK(find_library(nullptr, scratch.path("usr/bin/loopscope")) ==
        scratch.path("usr/share/loopscope/lessons"));
  CHECK(find_library("", scratch.path("tree/build/loopscope")) == scratch.path("tree/lessons/content"));
  CHECK(find_library(nullptr, scratch.path("tree/build/tests/t")) == scratch.path("tree/lessons/content"));
  const std::string other = scratch.path("tree/lessons/content");
  CHECK(find_library(other.c_str(), scratch.path("usr/bin/loopscope")) == other);
  const auto none = find_library(scratch.path("none").c_str(), scratch.path("usr/bin/loopscope"));
  REQUIRE_FALSE(none);
  CHECK(none.error().find("LOOPSCOPE_LESSONS") != std::string::npos);
}
