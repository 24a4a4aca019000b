// A course of one's own is a stranger's folder.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "lessons/check/template.hpp"
#include "lessons/engine/library.hpp"
#include "tests/lessons/content.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
namespace fs = std::filesystem;

namespace {

Library with_course(const std::string& folder) {
  Library library = tests::library();
  add_course(library, folder);
  return library;
}

std::string told(const Library& library) {
  std::string all;
  for (const auto& problem : library.problems) all += to_string(problem) + '\n';
  return all;
}

}  // namespace

TEST_CASE("A course comes behind the program's lessons, as a part of its own", "[lessons]") {
  const tests::Scratch scratch;
  const std::string course = scratch.path("doors");
  REQUIRE(check::make_lesson(course + "/01-one", "."));
  REQUIRE(check::make_lesson(course + "/02-two", "."));
  const Library library = with_course(course);
  CHECK(told(library) == "");
  REQUIRE(library.lessons.size() == tests::library().lessons.size() + 2);
  const Lesson& last = library.lessons.back();
  CHECK(last.id == "doors/02-two");
  CHECK(last.course == "doors");
  CHECK(library.parts.back().title == "doors: Lessons");
  CHECK(last.part == library.parts.back().number);
  CHECK(find_lesson(library, "02-two") == &last);
  CHECK(find_lesson(library, "2")->id == "02-ports");
  CHECK(find_lesson(library, "doors/01-one")->course == "doors");
  CHECK(find_lesson(library, "nothing like it") == nullptr);
  // One lesson of it is a course of one, under the same name.
  const Library one = with_course(course + "/01-one/");
  CHECK(one.lessons.back().id == "doors/01-one");
}

TEST_CASE("Links, FIFOs and what is too long are refused, and do not hide the rest", "[lessons]") {
  const tests::Scratch scratch;
  const std::string course = scratch.path("doors");
  for (const char* name : {"/01-one", "/02-two", "/03-three", "/04-four"})
    REQUIRE(check::make_lesson(course + name, "."));
  fs::rename(course + "/01-one/lesson.md", scratch.path("elsewhere.md"));
  fs::create_symlink(scratch.path("elsewhere.md"), course + "/01-one/lesson.md");
  fs::remove(course + "/02-two/both.lab");
  REQUIRE(::mkfifo((course + "/02-two/both.lab").c_str(), 0600) == 0);
  fs::rename(course + "/03-three", scratch.path("03-three"));
  fs::create_directory_symlink(scratch.path("03-three"), course + "/03-three");
  const Library library = with_course(course);
  const std::string said = told(library);
  CAPTURE(said);
  CHECK(said.find(
            "01-one/lesson.md:0: a lesson's folder holds a lesson.md that can be read; here it is a link") !=
        std::string::npos);
  CHECK(said.find("both.lab:0: the experiment can't be taken: it is not a regular file") !=
        std::string::npos);
  CHECK(said.find("03-three:0: it is a link") != std::string::npos);
  CHECK(library.lessons.back().id == "doors/04-four");
  CHECK(library.lessons.size() == tests::library().lessons.size() + 1);
  fs::remove(course + "/04-four/lesson.md");
  std::ofstream(course + "/04-four/lesson.md") << std::string(300 << 10, 'x');
  CHECK(told(with_course(course)).find("04-four/lesson.md:0: ") != std::string::npos);
  CHECK(told(with_course(scratch.path("none"))).find("this is no folder") != std::string::npos);
}
