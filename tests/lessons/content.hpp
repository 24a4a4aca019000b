#pragma once

#include <string>
#include <vector>

#include "lessons/engine/library.hpp"
#include "lessons/engine/problems.hpp"
#include "tests/support/ordinary_user.hpp"

namespace loopscope::tests {

/// The lessons of this tree.
inline const lessons::Library& library() {
  static const lessons::Library library =
      lessons::load_library(test::test_folder(LOOPSCOPE_LESSONS_UNDER_TEST));
  return library;
}

/// What was found, a line each as `lessons check` writes it; empty where nothing was.
inline std::string told(lessons::Problems& problems) {
  std::string all;
  for (const auto& problem : problems.take()) all += to_string(problem) + '\n';
  return all;
}

}  // namespace loopscope::tests
