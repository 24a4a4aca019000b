#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/decode.hpp"
#include "sim/trace/packet.hpp"

/// Packets made byte by byte, for tests without a kernel.
namespace loopscope::tests {

using Bytes = std::vector<std::uint8_t>;

inline void put16(Bytes& bytes, unsigned value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}
inline void put32(Bytes& bytes, std::uint32_t value) {
  put16(bytes, value >> 16);
  put16(bytes, value & 0xFFFF);
}
inline Bytes operator+(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

/// An IPv4 or IPv6 header (the addresses' family decides) before `carried`. Checksums are left zero.
inline Bytes ip_packet(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                       const Bytes& carried) {
  Bytes bytes;
  if (from.is_v6()) {
    put32(bytes, 0x60000000);
    put16(bytes, static_cast<unsigned>(carried.size()));
    bytes.push_back(protocol);
    bytes.push_back(64);
  } else {
    put16(bytes, 0x4500);
    put16(bytes, static_cast<unsigned>(20 + carried.size()));
    put32(bytes, 0x00004000);
    put32(bytes, 64U << 24 | std::uint32_t{protocol} << 16);
  }
  const std::ptrdiff_t size = from.is_v6() ? 16 : 4;
  bytes.insert(bytes.end(), from.bytes().begin(), from.bytes().begin() + size);
  bytes.insert(bytes.end(), to.bytes().begin(), to.bytes().begin() + size);
  return bytes + carried;
}

struct Segment {
  SocketAddress from, to;
  std::string flags;  ///< as tcpdump writes them: "S.", "FP."
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::string payload;
  std::uint16_t window = 512;
  Bytes options;  ///< padded to four by the caller
};

inline Bytes tcp_bytes(const Segment& segment) {
  constexpr std::string_view letters = "FSRP.UEW";
  unsigned flags = 0;
  for (const char letter : segment.flags) flags |= 1U << letters.find(letter);
  Bytes bytes;
  put16(bytes, number(segment.from.port));
  put16(bytes, number(segment.to.port));
  put32(bytes, segment.sequence);
  put32(bytes, segment.acknowledgment);
  put16(bytes, static_cast<unsigned>((20 + segment.options.size()) / 4) << 12 | flags);
  put16(bytes, segment.window);
  put32(bytes, 0);
  bytes = bytes + segment.options + Bytes(segment.payload.begin(), segment.payload.end());
  return ip_packet(segment.from.ip, segment.to.ip, 6, bytes);
}

inline trace::Packet tcp_packet(const Segment& segment) { return trace::decode(tcp_bytes(segment)).value(); }

inline Bytes udp_bytes(const SocketAddress& from, const SocketAddress& to, std::string_view payload) {
  Bytes bytes;
  put16(bytes, number(from.port));
  put16(bytes, number(to.port));
  put16(bytes, static_cast<unsigned>(8 + payload.size()));
  put16(bytes, 0);
  return ip_packet(from.ip, to.ip, 17, bytes + Bytes(payload.begin(), payload.end()));
}

/// An ICMP error that quotes a packet.
inline Bytes icmp_error_bytes(const IpAddress& from, const IpAddress& to, std::uint8_t type,
                              std::uint8_t code, const Bytes& quoted) {
  Bytes bytes{type, code, 0, 0, 0, 0, 0, 0};
  return ip_packet(from, to, from.is_v6() ? 58 : 1, bytes + quoted);
}

}  // namespace loopscope::tests
