#pragma once

#include <string>

#include "sim/base/unique_fd.hpp"

namespace loopscope::app {

/// Tells when the files of a lesson's folder have been saved (inotify(7)): written in place, or put there by
/// rename(2), as editors do. One thread.
class LessonWatch {
 public:
  /// Where the folder can't be watched, `trouble` says why and nothing is ever told.
  explicit LessonWatch(const std::string& folder);
  /// Readable where a file was saved, or where `other` is: poll(2) takes it for both.
  [[nodiscard]] int fd_with(int other);
  /// Whether a file has been saved since the last call. Never waits.
  [[nodiscard]] bool saved();
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  UniqueFd notify_, both_;
  int other_ = -1;
  std::string trouble_;
};

}  // namespace loopscope::app
