#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/trace/event.hpp"

/// When a socket came into a state: tables only show that it is in it.
namespace loopscope::app::sequence {

struct Beginning {
  Nanoseconds at{};
  std::string cause;  ///< 'SYN sent', 'SYN-ACK arrived', 'listen() returned'
};

/// What between two tables brought a socket into the state that the second shows (RFC 9293, figure 5; for
/// calls bind(2) and listen(2)). `events` are those before the second table, `first` the index of the first
/// one behind the first table. Nothing where none, or more than one, explains it: then only the table is
/// known. `host`: the socket's. Pure.
[[nodiscard]] std::optional<Beginning> beginning_of(const trace::SocketEntry& entry,
                                                    std::span<const trace::Event> events, std::size_t first,
                                                    std::string_view host = "here");

}  // namespace loopscope::app::sequence
