#pragma once

#include <string>
#include <string_view>

#include "sim/trace/timeline.hpp"

/// System calls in the notation of strace(1).
namespace loopscope::app::notation {

/// '[pid 4127] 0.000055 connect(3, {sa_family=AF_INET, …}, 16) = 0 <0.000041>', or '<unfinished ...>' while
/// it has not returned.
[[nodiscard]] std::string strace_line(const trace::Timeline::CallSpan& call);
/// What follows '=': '3', '0', '-1 EADDRINUSE (Address already in use)'. Empty while it has not returned.
[[nodiscard]] std::string strace_result(const trace::CallReturned& returned);
/// '{sa_family=AF_INET, sin_port=htons(62893), sin_addr=inet_addr("127.0.0.1")}, 16' becomes
/// '127.0.0.1:62893'; AF_INET6 likewise. What is not understood stays as it is.
[[nodiscard]] std::string shorten(std::string_view arguments);
/// 'connect(3, 127.0.0.1:62893)'
[[nodiscard]] std::string short_call(const trace::CallEntered& entered);
[[nodiscard]] Nanoseconds duration(const trace::Timeline::CallSpan& call);  ///< 0 while it has not returned

}  // namespace loopscope::app::notation
