#pragma once

#include <span>
#include <string>
#include <string_view>

/// The C constants of the language that are joined by `|`, with their values.
namespace loopscope::experiment {

struct Constant {
  std::string_view name;
  int value;
};

[[nodiscard]] std::span<const Constant> message_flags();  ///< MSG_… of send(2) and recv(2)
[[nodiscard]] std::span<const Constant> poll_events();  ///< POLL… of poll(2), in the order of their values
[[nodiscard]] std::span<const Constant> shutdown_hows();  ///< SHUT_RD, SHUT_WR, SHUT_RDWR of shutdown(2)

/// 'MSG_PEEK|MSG_DONTWAIT' in the table's order; '0' for none. Bits without a name are left out.
[[nodiscard]] std::string join_constants(int mask, std::span<const Constant> table);

}  // namespace loopscope::experiment
