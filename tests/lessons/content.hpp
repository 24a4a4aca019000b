#pragma once

#include <string>
#include <vector>

#include "lessons/engine/library.hpp"
#include "tests/support/ordinary_user.hpp"

namespace loopscope::tests {

/// The lessons of this tree.
inline const lessons::Library& library() {
  static const lessons::Library library =
      lessons::load_library(test::test_folder(LOOPSCOPE_LESSONS_UNDER_TEST));
  return library;
}

}  // namespace loopscope::tests
