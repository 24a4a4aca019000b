#include "sim/base/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace loopscope {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<Port> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > 65535)
    return std::nullopt;
  return Port{static_cast<std::uint16_t>(value)};
}

}  // namespace

std::string to_string(Port port) { return std::to_string(number(port)); }

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  const std::array<std::uint8_t, 4> bytes{a, b, c, d};
  return v4(bytes.data());
}

IpAddress IpAddress::v4(const void* four_bytes) {
  IpAddress address;
  std::memcpy(address.bytes_.data(), four_bytes, 4);
  return address;
}

IpAddress IpAddress::v6(const void* sixteen_bytes) {
  IpAddress address;
  address.v6_ = true;
  std::memcpy(address.bytes_.data(), sixteen_bytes, 16);
  return address;
}

IpAddress IpAddress::any_v6() { return v6(&in6addr_any); }
IpAddress IpAddress::loopback_v6() { return v6(&in6addr_loopback); }

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return v4(bytes.data());
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return v6(bytes.data());
  return std::nullopt;
}

std::uint32_t IpAddress::v4_bits() const noexcept {
  if (v6_) return 0;
  return std::uint32_t{bytes_[0]} << 24 | std::uint32_t{bytes_[1]} << 16 | std::uint32_t{bytes_[2]} << 8 |
         bytes_[3];
}

bool IpAddress::is_any() const noexcept {
  return std::all_of(bytes_.begin(), bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const noexcept { return v6_ ? *this == loopback_v6() : bytes_[0] == 127; }
bool IpAddress::is_multicast() const noexcept { return v6_ ? bytes_[0] == 0xff : (bytes_[0] & 0xf0) == 0xe0; }

bool IpAddress::is_v4_mapped() const noexcept {
  return v6_ && std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes_.begin());
}

IpAddress IpAddress::unmapped() const { return is_v4_mapped() ? v4(bytes_.data() + 12) : *this; }

IpAddress IpAddress::mapped() const {
  if (v6_) return *this;
  IpAddress address;
  address.v6_ = true;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes_.begin());
  std::copy_n(bytes_.begin(), 4, address.bytes_.begin() + 12);
  return address;
}

bool IpAddress::within(const IpAddress& prefix, int length) const noexcept {
  if (v6_ != prefix.v6_) return false;
  for (int bit = 0; bit < length; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((bytes_[byte] & mask) != (prefix.bytes_[byte] & mask)) return false;
  }
  return true;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.is_v4_mapped()) return "::ffff:" + to_string(address.unmapped());
  ::inet_ntop(address.family(), address.bytes().data(), text.data(), text.size());
  return text.data();
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto ip = IpAddress::parse(host);
  const auto port = parse_port(text.substr(colon + 1));
  if (!ip || !port || ip->is_v6() != bracketed) return std::nullopt;
  return SocketAddress{*ip, *port};
}

std::optional<SocketAddress> SocketAddress::from(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    return SocketAddress{IpAddress::v4(&in.sin_addr), Port{ntohs(in.sin_port)}};
  }
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    return SocketAddress{IpAddress::v6(&in.sin6_addr), Port{ntohs(in.sin6_port)}};
  }
  return std::nullopt;
}

socklen_t SocketAddress::store(sockaddr_storage& storage) const {
  storage = {};
  if (ip.is_v6()) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(number(port));
    std::memcpy(&in.sin6_addr, ip.bytes().data(), 16);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
  }
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(number(port));
  std::memcpy(&in.sin_addr, ip.bytes().data(), 4);
  std::memcpy(&storage, &in, sizeof in);
  return sizeof in;
}

std::string to_string(const SocketAddress& address) {
  const std::string ip = to_string(address.ip);
  return (address.ip.is_v6() ? "[" + ip + "]" : ip) + ":" + to_string(address.port);
}

}  // namespace loopscope
