#pragma once

#include <string>
#include <vector>

namespace loopscope::lessons {

/// The folders NN-name of a course, in order.
[[nodiscard]] std::vector<std::string> lesson_folders(const std::string& course);

}  // namespace loopscope::lessons
