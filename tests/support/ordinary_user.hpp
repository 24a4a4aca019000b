#pragma once

#include <string>

namespace loopscope::test {

struct Rerun {
  bool tried = false;  ///< false: this is an ordinary user already
  int exit_status = 0;
  std::string output;
};
/// Runs this test program again with `filter` (a Catch2 test specification) as an ordinary user without any
/// privilege, where this one is root. Waits for its end.
[[nodiscard]] Rerun run_again_as_ordinary_user(const std::string& filter);

}  // namespace loopscope::test
