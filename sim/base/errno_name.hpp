#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loopscope {

/// 'EADDRINUSE' for EADDRINUSE; 'errno 4095' for a number without a name. EAGAIN, not EWOULDBLOCK;
/// EOPNOTSUPP, not ENOTSUP. errno(3).
[[nodiscard]] std::string errno_name(int number);
/// The number of a name (aliases included), or nothing where errno(3) has no such name.
[[nodiscard]] std::optional<int> errno_number(std::string_view name);
/// What strerror(3) says in the C locale: 'Address already in use'.
[[nodiscard]] std::string errno_words(int number);

}  // namespace loopscope
