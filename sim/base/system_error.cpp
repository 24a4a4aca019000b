#include "sim/base/system_error.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/base/errno_name.hpp"

namespace loopscope {

SystemError::SystemError(std::string call, int error_number)
    : std::system_error(error_number, std::generic_category(), call + ": " + errno_name(error_number)),
      call_(std::move(call)) {}

int check(const char* call, int result) {
  if (result < 0) throw SystemError(call, errno);
  return result;
}

long check_long(const char* call, long result) {
  if (result < 0) throw SystemError(call, errno);
  return result;
}

}  // namespace loopscope
