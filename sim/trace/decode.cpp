#include "sim/trace/decode.hpp"

#include <netinet/in.h>

#include <algorithm>

namespace loopscope::trace {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint16_t read16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
std::uint32_t read32(Bytes bytes, std::size_t at) {
  return std::uint32_t{read16(bytes, at)} << 16 | read16(bytes, at + 2);
}
Bytes after(Bytes bytes, std::size_t count) { return bytes.subspan(std::min(count, bytes.size())); }

/// What an IP header says of the part behind it. `length` is as the header tells it; `bytes` may hold less of
/// it.
struct Carried {
  int protocol = 0;
  Bytes bytes;
  std::uint32_t length = 0;
  bool first_fragment = true;
};

void keep_payload(Packet& packet, Bytes bytes, std::uint32_t length) {
  packet.payload_length = length;
  const auto count = std::min({bytes.size(), std::size_t{length}, max_payload_kept});
  packet.payload.assign(reinterpret_cast<const char*>(bytes.data()), count);
}

// RFC 791, 3.1
std::optional<Carried> read_ipv4(Packet& packet, Bytes bytes, std::uint32_t wire_length) {
  if (bytes.size() < 20) return std::nullopt;
  const std::uint32_t header = (bytes[0] & 0x0FU) * 4;
  if (header < 20) return std::nullopt;
  packet.length = read16(bytes, 2);
  // A segment that the card is to cut (TSO) is longer than the field can say; the kernel writes 0 then.
  if (packet.length == 0) packet.length = std::max(wire_length, static_cast<std::uint32_t>(bytes.size()));
  if (packet.length < header) return std::nullopt;
  packet.ttl = bytes[8];
  packet.source.ip = IpAddress::v4(bytes.data() + 12);
  packet.destination.ip = IpAddress::v4(bytes.data() + 16);
  Bytes within = bytes.first(std::min<std::size_t>(bytes.size(), packet.length));
  return Carried{bytes[9], after(within, header), packet.length - header, (read16(bytes, 6) & 0x1FFF) == 0};
}

/// Walks the extension headers (RFC 8200, 4): each says what follows and how long it is itself.
void skip_extensions(Carried& carried) {
  const auto is_extension = [](int protocol) {
    return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
           protocol == IPPROTO_FRAGMENT;
  };
  while (is_extension(carried.protocol) && carried.bytes.size() >= 8) {
    const bool fragment = carried.protocol == IPPROTO_FRAGMENT;
    const std::uint32_t size = fragment ? 8 : (carried.bytes[1] + 1U) * 8;
    if (size > carried.length) return;
    if (fragment && (read16(carried.bytes, 2) & 0xFFF8) != 0) carried.first_fragment = false;
    carried.protocol = carried.bytes[0];
    carried.bytes = after(carried.bytes, size);
    carried.length -= size;
    if (!carried.first_fragment) return;
  }
}

// RFC 8200, 3
std::optional<Carried> read_ipv6(Packet& packet, Bytes bytes, std::uint32_t wire_length) {
  constexpr std::uint32_t header = 40;
  if (bytes.size() < header) return std::nullopt;
  std::uint32_t follows = read16(bytes, 4);
  const auto whole = std::max(wire_length, static_cast<std::uint32_t>(bytes.size()));
  if (follows == 0 && bytes[6] != IPPROTO_NONE) follows = whole - header;  // a jumbogram, or cut later
  packet.length = header + follows;
  packet.ttl = bytes[7];
  packet.source.ip = IpAddress::v6(bytes.data() + 8);
  packet.destination.ip = IpAddress::v6(bytes.data() + 24);
  const Bytes within = bytes.first(std::min<std::size_t>(bytes.size(), packet.length));
  Carried carried{bytes[6], after(within, header), follows, true};
  skip_extensions(carried);
  return carried;
}

TcpFlags read_flags(std::uint8_t bits) {
  return {(bits & 0x01) != 0, (bits & 0x02) != 0, (bits & 0x04) != 0, (bits & 0x08) != 0,
          (bits & 0x10) != 0, (bits & 0x20) != 0, (bits & 0x40) != 0, (bits & 0x80) != 0};
}

// RFC 9293, 3.1 and 3.2; RFC 7323; RFC 2018
void read_tcp_options(Packet& packet, Bytes options) {
  while (!options.empty()) {
    const std::uint8_t kind = options[0];
    if (kind == 0) return;  // end of the list
    if (kind == 1) {        // no operation
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || options[1] < 2 || options[1] > options.size()) return;
    const std::size_t size = options[1];
    if (kind == 2 && size == 4) packet.mss = read16(options, 2);
    if (kind == 3 && size == 3) packet.window_scale = options[2];
    if (kind == 4 && size == 2) packet.sack_permitted = true;
    if (kind == 8 && size == 10) packet.timestamps = {read32(options, 2), read32(options, 6)};
    options = options.subspan(size);
  }
}

void read_ports(Packet& packet, Bytes bytes) {
  if (bytes.size() < 4) return;
  packet.source.port = Port{read16(bytes, 0)};
  packet.destination.port = Port{read16(bytes, 2)};
}

void read_tcp(Packet& packet, const Carried& carried) {
  packet.transport = Transport::Tcp;
  const Bytes bytes = carried.bytes;
  read_ports(packet, bytes);
  if (bytes.size() >= 8) packet.sequence = read32(bytes, 4);
  if (bytes.size() < 20) return;  // a quoted packet, or one cut short
  packet.flags = read_flags(bytes[13]);
  if (packet.flags.ack) packet.acknowledgment = read32(bytes, 8);
  packet.window = read16(bytes, 14);
  const std::uint32_t header = (bytes[12] >> 4) * 4U;
  if (header < 20 || header > carried.length) return;
  read_tcp_options(packet, bytes.subspan(20, std::min<std::size_t>(bytes.size(), header) - 20));
  keep_payload(packet, after(bytes, header), carried.length - header);
}

void read_udp(Packet& packet, const Carried& carried) {
  packet.transport = Transport::Udp;
  read_ports(packet, carried.bytes);
  if (carried.length >= 8) keep_payload(packet, after(carried.bytes, 8), carried.length - 8);
}

void read_icmp(Packet& packet, const Carried& carried, Transport transport) {
  packet.transport = transport;
  if (carried.bytes.size() < 2) return;
  packet.icmp_type = carried.bytes[0];
  packet.icmp_code = carried.bytes[1];
  if (carried.length >= 8) keep_payload(packet, after(carried.bytes, 8), carried.length - 8);
}

void read_carried(Packet& packet, const Carried& carried) {
  if (!carried.first_fragment) return keep_payload(packet, carried.bytes, carried.length);
  switch (carried.protocol) {
    case IPPROTO_TCP:
      return read_tcp(packet, carried);
    case IPPROTO_UDP:
      return read_udp(packet, carried);
    case IPPROTO_ICMP:
      return read_icmp(packet, carried, Transport::Icmp);
    case IPPROTO_ICMPV6:
      return read_icmp(packet, carried, Transport::Icmp6);
    default:
      return keep_payload(packet, carried.bytes, carried.length);
  }
}

}  // namespace

std::optional<Packet> decode(std::span<const std::uint8_t> bytes, std::uint32_t wire_length) {
  if (bytes.empty()) return std::nullopt;
  Packet packet;
  std::optional<Carried> carried;
  if (bytes[0] >> 4 == 4) carried = read_ipv4(packet, bytes, wire_length);
  if (bytes[0] >> 4 == 6) carried = read_ipv6(packet, bytes, wire_length);
  if (!carried) return std::nullopt;
  read_carried(packet, *carried);
  // Ethernet pads short frames: what is behind the packet's own length is none of it.
  packet.raw.assign(bytes.begin(),
                    bytes.begin() + std::min<std::ptrdiff_t>(std::ssize(bytes), packet.length));
  return packet;
}

bool is_link_talk(const Packet& packet) {
  if (packet.transport != Transport::Icmp6 || !packet.icmp_type) return false;
  const int type = *packet.icmp_type;
  return (type >= 130 && type <= 137) || type == 143;
}

std::optional<Packet> quoted_packet(const Packet& icmp) {
  if (!icmp.icmp_type) return std::nullopt;
  const int type = *icmp.icmp_type;
  const bool error = icmp.transport == Transport::Icmp
                         ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12
                         : icmp.transport == Transport::Icmp6 && type < 128;
  if (!error) return std::nullopt;
  const auto* begin = reinterpret_cast<const std::uint8_t*>(icmp.payload.data());
  return decode({begin, icmp.payload.size()});
}

}  // namespace loopscope::trace
