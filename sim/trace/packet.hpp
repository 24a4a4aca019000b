#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/address.hpp"

namespace loopscope::trace {

enum class Transport : std::uint8_t { Tcp, Udp, Icmp, Icmp6, Other };

struct TcpFlags {
  bool fin = false, syn = false, rst = false, psh = false, ack = false, urg = false, ece = false, cwr = false;
  bool operator==(const TcpFlags&) const = default;
};

/// One decoded IP packet. `raw` is the packet from its IP header on; everything else is decoded from it.
/// RFC 791, 8200, 9293, 768, 792, 4443.
struct Packet {
  Transport transport = Transport::Other;
  SocketAddress source;  ///< port 0 for ICMP
  SocketAddress destination;
  TcpFlags flags;                    ///< TCP only
  std::uint32_t sequence = 0;        ///< TCP, absolute
  std::uint32_t acknowledgment = 0;  ///< TCP, absolute; 0 without ACK
  std::uint16_t window = 0;          ///< TCP, unscaled, as on the wire
  std::uint8_t ttl = 0;
  std::uint32_t length = 0;                  ///< bytes of the IP packet
  std::uint32_t payload_length = 0;          ///< bytes of data carried
  std::string payload;                       ///< its first bytes, at most 256
  std::optional<std::uint16_t> mss;          ///< TCP option 2
  std::optional<std::uint8_t> window_scale;  ///< TCP option 3
  bool sack_permitted = false;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> timestamps;  ///< TSval, TSecr (RFC 7323)
  std::optional<std::uint8_t> icmp_type, icmp_code;
  std::vector<std::uint8_t> raw;
  bool operator==(const Packet&) const = default;
};

/// 'SYN', 'SYN-ACK', 'ACK', 'FIN-ACK', 'RST', 'RST-ACK', 'DATA' (with payload), 'UDP', 'ICMP port
/// unreachable'…
[[nodiscard]] std::string label(const Packet& packet);
/// As tcpdump(8) prints it: 'IP 127.0.0.1.41952 > 127.0.0.1.62893: Flags [S], seq 1873204561, win 65495, …,
/// length 0'.
[[nodiscard]] std::string tcpdump_line(const Packet& packet);

}  // namespace loopscope::trace
