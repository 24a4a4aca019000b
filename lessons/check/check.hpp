#pragma once

#include <set>
#include <string>
#include <vector>

#include "lessons/check/form.hpp"
#include "lessons/engine/lesson.hpp"
#include "sim/sandbox/launcher.hpp"

/// Everything that a test would find in a lesson, at once: `loopscope lessons check` and the tests of the
/// program's own lessons both ask here.
namespace loopscope::lessons::check {

struct Options {
  Wanted wanted;
  Origin origin = Origin::Stranger;
  bool programs = false;               ///< real programs may be started, in the lab
  std::string root;                    ///< folder of the course: links may not lead out of it
  std::set<std::string> words, links;  ///< see spelling.hpp and links.hpp
};

struct Report {
  std::vector<LessonProblem> problems;   ///< by file and line
  std::vector<std::string> passed_over;  ///< what could not be looked at here, and why
  std::vector<std::string> programs;  ///< that would have been started and were not allowed: FILE:LINE: …
  std::string no_lab;                 ///< why nothing could be run; empty: it could

  void add(Report other);
};

/// The form alone: nothing is run. `lesson`: where it could be read.
[[nodiscard]] Report check_form(const std::string& folder, const Options& options);
/// Its experiments and its goals, on the kernel.
[[nodiscard]] Report check_on_kernel(sandbox::Launcher& launcher, const Lesson& lesson,
                                     const Options& options);
/// Both.
[[nodiscard]] Report check_lesson(sandbox::Launcher& launcher, const std::string& folder,
                                  const Options& options);

/// Options for lessons of this course: its own words.txt and links.txt are read, and `words` and `links` of
/// the program's lessons count as well.
[[nodiscard]] Options options_for(const std::string& course, const std::string& programs_own);

}  // namespace loopscope::lessons::check
