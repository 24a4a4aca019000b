#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"

/// All lessons, in the order of one manifest: README.md of the folder that holds them (so that a browser
/// shows it as the contents).
namespace loopscope::lessons {

struct Part {
  int number = 0;
  std::string title;  ///< 'The address and the port'
};

/// A lesson that the manifest names and no folder holds yet.
struct Planned {
  int number = 0;
  int part = 0;
  std::string title;
};

struct Library {
  std::string folder;
  std::vector<Part> parts;
  std::vector<Lesson> lessons;          ///< those that could be read, in order
  std::vector<Planned> planned;         ///< in order
  std::vector<LessonProblem> problems;  ///< a faulty lesson is left out and does not hide the others
};

/// Reads the manifest and every folder NN-name beside it. A folder whose number the manifest does not list
/// comes after those of its part. `seed`: see load_lesson.
[[nodiscard]] Library load_library(const std::string& folder, std::uint64_t seed = 0);

/// Adds a course of one's own, from a folder like the program's: parts behind those that are there, and its
/// lessons, each with `course` set. Its README.md may be missing: then it is one part. A folder that is
/// itself a lesson is a course of one. Problems go to the library's: also a folder that can't be read.
void add_course(Library& library, const std::string& folder, std::uint64_t seed = 0);

/// A lesson by what a person calls it: its id, its number, its folder's name, or part of that. Null: none.
[[nodiscard]] const Lesson* find_lesson(const Library& library, const std::string& name);

/// Where the lessons are: $LOOPSCOPE_LESSONS where it is set; else what was installed with the program; else
/// lessons/content of a source tree around `program` (the path of the executable); else the tree that it was
/// built from. Error: a sentence with every place that was tried.
[[nodiscard]] tl::expected<std::string, std::string> find_library(const char* environment,
                                                                  const std::string& program);
/// The same for this process: getenv(3) and /proc/self/exe.
[[nodiscard]] tl::expected<std::string, std::string> find_library();

}  // namespace loopscope::lessons
