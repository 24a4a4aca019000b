#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/trace/event.hpp"

/// The words and bytes of the JSON format.
namespace loopscope::trace {

/// Names of facts, in the order of the variant.
inline constexpr std::array<std::string_view, 15> fact_names{
    "run-started",   "run-ended",      "process-started", "process-ended", "step-started",
    "step-finished", "call-entered",   "call-returned",   "packet-seen",   "packet-held",
    "packet-let-go", "retransmission", "socket-table",    "world-changed", "firewall-judged"};
static_assert(fact_names.size() == std::variant_size_v<Fact>);

inline constexpr std::array<std::string_view, 5> transport_names{"tcp", "udp", "icmp", "icmp6", "other"};
inline constexpr std::array<std::string_view, 5> timer_names{"none", "retransmit", "keepalive", "time-wait",
                                                             "probe"};
inline constexpr std::array<std::string_view, 2> hook_names{"output", "input"};
inline constexpr std::array<std::string_view, 3> judgement_names{"accepted", "dropped", "rejected"};
inline constexpr std::array<std::string_view, 2> verdict_names{"passed", "dropped"};
inline constexpr std::array<std::string_view, 8> flag_names{"fin", "syn", "rst", "psh",
                                                            "ack", "urg", "ece", "cwr"};

/// Pointers to the flags in the order of flag_names.
inline constexpr std::array<bool TcpFlags::*, 8> flag_members{&TcpFlags::fin, &TcpFlags::syn, &TcpFlags::rst,
                                                              &TcpFlags::psh, &TcpFlags::ack, &TcpFlags::urg,
                                                              &TcpFlags::ece, &TcpFlags::cwr};

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
[[nodiscard]] bool is_utf8(std::string_view bytes);
/// Two lower-case digits a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// The bytes, or what is wrong.
[[nodiscard]] tl::expected<std::string, std::string> from_hex(std::string_view digits);

}  // namespace loopscope::trace
