#pragma once

#include <string>

namespace loopscope::test {

/// Whether a program of this name is in the system's usual folders; where it is not, it says that the test is
/// skipped.
[[nodiscard]] bool installed(const std::string& program);

}  // namespace loopscope::test
