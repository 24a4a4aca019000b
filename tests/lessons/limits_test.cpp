// A folder of lessons may be a stranger's: what is no lesson is refused in words, however large or strange.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "lessons/engine/lesson_source.hpp"
#include "lessons/engine/library.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

std::string problem_of(const std::string& text) {
  const auto lesson = read_lesson({.folder = "02-doors", .id = "02-doors", .text = text}, 0);
  REQUIRE_FALSE(lesson);
  return to_string(lesson.error().front());
}

/// What stands before the first page.
std::string front(const std::string& number) {
  return "# Doors\n\nWords.\n\n| Lesson | Part | Minutes |\n| --- | --- | --- |\n| " + number +
         " | 1 | 5 |\n";
}

std::string problem_in(const std::string& folder) {
  const auto lesson = load_lesson(folder);
  REQUIRE_FALSE(lesson);
  return to_string(lesson.error().front());
}

}  // namespace

TEST_CASE("A lesson with a line or a size past the limits is refused at its place", "[lessons]") {
  const auto told = problem_of("# Doors\n\n" + std::string(max_lesson_line_bytes + 1, 'x'));
  CHECK(says(told, "lesson.md:3:"));
  CHECK(says(told, "break it in two"));
  std::string large = "# Doors\n";
  while (large.size() <= max_lesson_bytes) large += "words\n";
  CHECK(says(problem_of(large), "256 KiB"));
}

TEST_CASE("A paragraph of many lines where a pattern is looked for does not exhaust the stack", "[lessons]") {
  std::string text = front("2") + "\n## Watch: Long\n\nExperiment: [\n";
  while (text.size() < max_lesson_bytes - 100) text += std::string(99, 'x') + "\n";
  const auto lesson = read_lesson({.folder = "02-doors", .id = "02-doors", .text = text}, 0);
  REQUIRE_FALSE(lesson);
  std::string all;
  for (const auto& problem : lesson.error()) all += to_string(problem) + "\n";
  CHECK(says(all, "write 'Experiment: [name.lab](name.lab)'"));
}

TEST_CASE("A number past every lesson's is a problem, not a crash", "[lessons]") {
  CHECK(says(problem_of(front("99999999999999999999")), "lesson.md:5:"));
}

TEST_CASE("A FIFO or an endless device in a lesson's place is never opened", "[lessons]") {
  const tests::Scratch scratch;
  const std::string folder = scratch.path("02-doors");
  std::filesystem::create_directory(folder);
  REQUIRE(::mkfifo((folder + "/lesson.md").c_str(), 0600) == 0);
  CHECK(says(problem_in(folder), "not a regular file"));
  std::filesystem::remove(folder + "/lesson.md");
  std::filesystem::create_symlink("/dev/zero", folder + "/lesson.md");
  CHECK(says(problem_in(folder), "not a regular file"));
  std::filesystem::remove(folder + "/lesson.md");
  CHECK(says(problem_in(folder), "does not exist"));
}

TEST_CASE("An experiment of a lesson that is too large is a problem of that file", "[lessons]") {
  const tests::Scratch scratch;
  const std::string folder = scratch.path("02-doors");
  std::filesystem::create_directory(folder);
  std::ofstream(folder + "/lesson.md") << "# Doors\n";
  std::ofstream(folder + "/door.lab") << std::string((std::size_t{1} << 20U) + 1, '#');
  const auto told = problem_in(folder);
  CHECK(says(told, "door.lab"));
  CHECK(says(told, "1048576"));
}

TEST_CASE("A list of lessons that is no file is told", "[lessons]") {
  const tests::Scratch scratch;
  REQUIRE(::mkfifo(scratch.path("README.md").c_str(), 0600) == 0);
  const auto library = load_library(scratch.path(""));
  REQUIRE(library.problems.size() == 1);
  CHECK(says(library.problems[0].message, "not a regular file"));
}
