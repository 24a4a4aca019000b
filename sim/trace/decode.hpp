#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/trace/packet.hpp"

namespace loopscope::trace {

inline constexpr std::size_t max_payload_kept = 256;  ///< bytes in Packet::payload

/// Decodes what starts with an IPv4 or IPv6 header. `bytes` may be cut short (a snap length): what is missing
/// stays at its default, and lengths come from the headers. Nothing for what is no IP packet. Pure; safe on
/// any bytes. `wire_length`: the packet's true length where `bytes` is cut short, 0 where it is not (then
/// headers' lengths count).
[[nodiscard]] std::optional<Packet> decode(std::span<const std::uint8_t> bytes,
                                           std::uint32_t wire_length = 0);

/// What neighbours on a link ask and tell each other by themselves: neighbour discovery and the membership of
/// groups (RFC 4861, RFC 2710, RFC 3810). IPv4's counterpart, ARP, is no IP packet.
[[nodiscard]] bool is_link_talk(const Packet& packet);

/// The packet that an ICMP or ICMPv6 error message quotes (RFC 792, RFC 4443): its addresses, ports, and what
/// else fitted in.
[[nodiscard]] std::optional<Packet> quoted_packet(const Packet& icmp);

}  // namespace loopscope::trace
