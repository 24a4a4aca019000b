#pragma once

#include <string>
#include <system_error>

namespace loopscope {

/// A system call failed where that is not normal. what() is 'CALL: ERRNO (words)', e.g. 'unshare: ENOSPC (No
/// space left on device)'.
class SystemError : public std::system_error {
 public:
  SystemError(std::string call, int error_number);
  [[nodiscard]] const std::string& call() const noexcept { return call_; }
  [[nodiscard]] int error_number() const noexcept { return code().value(); }

 private:
  std::string call_;
};

/// The one checker: returns `result`, or throws SystemError with errno where it is negative.
/// Only for calls whose failure is not an expected answer; where it is, return tl::expected.
int check(const char* call, int result);
long check_long(const char* call, long result);

}  // namespace loopscope
