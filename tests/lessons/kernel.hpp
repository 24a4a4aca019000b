#pragma once

#include "sim/lab/lab.hpp"

namespace loopscope::tests {

/// Makes the worlds of these tests. It forks, so it is made by the first test, before there is any thread.
inline sandbox::Launcher& launcher() {
  static sandbox::Launcher one = lab::make_launcher();
  return one;
}

}  // namespace loopscope::tests
