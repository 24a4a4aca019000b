#pragma once

#include <cstddef>
#include <string_view>

namespace loopscope::experiment {

/// Length in bytes of the well-formed UTF-8 character at `offset` (RFC 3629: no overlong forms, no
/// surrogates, at most U+10FFFF); 0 where there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t offset);

/// Whether the character of `length` bytes at `offset` steers a terminal instead of showing something: C0
/// other than a tab, DEL, C1.
[[nodiscard]] bool is_control(std::string_view text, std::size_t offset, std::size_t length);

}  // namespace loopscope::experiment
