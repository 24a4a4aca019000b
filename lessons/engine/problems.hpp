#pragma once

#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

/// Collects everything that is wrong with one file.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  void add(int line, std::string message) { list_.push_back({file_, line, std::move(message)}); }
  void add_at(int line, int column, std::string message) {
    list_.push_back({file_, line, std::move(message), column});
  }
  void add_to(std::string file, int line, std::string message, int column = 0) {
    list_.push_back({std::move(file), line, std::move(message), column});
  }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::vector<LessonProblem> take() { return std::move(list_); }

 private:
  std::string file_;
  std::vector<LessonProblem> list_;
};

}  // namespace loopscope::lessons
