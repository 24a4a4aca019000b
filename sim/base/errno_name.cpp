#include "sim/base/errno_name.hpp"

#include <cerrno>
#include <cstring>

namespace loopscope {

std::string errno_name(int number) {
  if (number == EAGAIN) return "EAGAIN";
  if (number == EOPNOTSUPP) return "EOPNOTSUPP";
  if (const char* name = ::strerrorname_np(number); name != nullptr && number != 0) return name;
  return "errno " + std::to_string(number);
}

std::optional<int> errno_number(std::string_view name) {
  if (name == "EWOULDBLOCK") return EWOULDBLOCK;
  if (name == "ENOTSUP") return ENOTSUP;
  if (name == "EDEADLOCK") return EDEADLOCK;
  for (int number = 1; number < 256; ++number) {
    const char* known = ::strerrorname_np(number);
    if (known != nullptr && name == known) return number;
  }
  return std::nullopt;
}

std::string errno_words(int number) {
  const char* words = ::strerrordesc_np(number);
  return words != nullptr ? words : "unknown error " + std::to_string(number);
}

}  // namespace loopscope
