#pragma once

#include <string>

namespace loopscope::test {

struct Rerun {
  bool tried = false;  ///< false: this is an ordinary user already
  int exit_status = 0;
  std::string output;
};
/// Runs this test program again with `filter` (a Catch2 test specification) as an ordinary user without any
/// privilege, where this one is root. Waits for its end. `folder` is what the tests read: they find it by
/// test_folder(), although the folders above it may be closed to that user.
[[nodiscard]] Rerun run_again_as_ordinary_user(const std::string& filter, const std::string& folder = {});

/// `folder`, or the way to it that run_again_as_ordinary_user() opened.
[[nodiscard]] std::string test_folder(const std::string& folder);

}  // namespace loopscope::test
