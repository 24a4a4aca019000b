#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace loopscope::tracer {

inline constexpr std::size_t shown_bytes =
    64;  ///< of what is sent or received; "..." follows where there are more

/// A C string: "a\r\n\x00". All of it.
[[nodiscard]] std::string quoted(std::string_view bytes);
/// `bytes` may be the start of `whole` bytes only; at most shown_bytes of them are shown.
[[nodiscard]] std::string quoted_start(std::string_view bytes, std::size_t whole);

}  // namespace loopscope::tracer
