#pragma once

#include <sys/types.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace loopscope::tracer {

/// What the descriptors of the traced processes are, remembered as long as their numbers mean the same.
class Descriptors {
 public:
  enum class Kind : std::uint8_t {
    Unknown,
    Internet,  ///< a socket of AF_INET or AF_INET6
    Output,    ///< the pipe that takes the program's output
    Other,
  };
  /// `output_inode`: of that pipe; 0 where its output goes elsewhere.
  explicit Descriptors(std::uint64_t output_inode) : output_inode_(output_inode) {}

  /// Of a process that stands still.
  [[nodiscard]] Kind kind(pid_t process, int fd);
  void forget(pid_t process, int fd);
  void forget_all(pid_t process);  ///< it has ended, or become another program

 private:
  [[nodiscard]] Kind look(pid_t process, int fd) const;
  std::uint64_t output_inode_;
  std::unordered_map<pid_t, std::vector<Kind>> known_;
};

}  // namespace loopscope::tracer
