#pragma once

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loopscope {

/// A port, 0 to 65535, in host byte order. 0 asks the kernel for any (ip(7)).
enum class Port : std::uint16_t {};
[[nodiscard]] constexpr std::uint16_t number(Port port) noexcept { return static_cast<std::uint16_t>(port); }
[[nodiscard]] std::string to_string(Port port);

/// An IPv4 or IPv6 address. Bytes are in network order; IPv4 uses the first four.
class IpAddress {
 public:
  /// 0.0.0.0
  IpAddress() = default;
  static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
  static IpAddress v4(const void* four_bytes);
  static IpAddress v6(const void* sixteen_bytes);
  static IpAddress any_v4() { return {}; }
  static IpAddress any_v6();
  static IpAddress loopback_v4() { return v4(127, 0, 0, 1); }
  static IpAddress loopback_v6();
  /// What inet_pton(3) takes: '127.0.0.1', '::1', '::ffff:127.0.0.1'. No brackets, no zone.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v6() const noexcept { return v6_; }
  [[nodiscard]] int family() const noexcept { return v6_ ? AF_INET6 : AF_INET; }
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint32_t v4_bits() const noexcept;  ///< host order; 0 for IPv6
  [[nodiscard]] bool is_any() const noexcept;            ///< 0.0.0.0 or ::
  [[nodiscard]] bool is_loopback() const noexcept;       ///< 127.0.0.0/8, ::1; not a mapped one
  [[nodiscard]] bool is_multicast() const noexcept;
  [[nodiscard]] bool is_v4_mapped() const noexcept;  ///< ::ffff:0:0/96 (RFC 4291, 2.5.5.2)
  /// The IPv4 address inside a mapped one; otherwise itself.
  [[nodiscard]] IpAddress unmapped() const;
  /// ::ffff:a.b.c.d of an IPv4 address; otherwise itself.
  [[nodiscard]] IpAddress mapped() const;
  /// Whether the first `length` bits are those of `prefix` (same family only).
  [[nodiscard]] bool within(const IpAddress& prefix, int length) const noexcept;

  auto operator<=>(const IpAddress&) const = default;

 private:
  bool v6_ = false;
  std::array<std::uint8_t, 16> bytes_{};
};
/// As inet_ntop(3) writes it; mapped ones as '::ffff:127.0.0.1'.
[[nodiscard]] std::string to_string(const IpAddress& address);

/// An address and a port: '127.0.0.1:62893', '[::1]:62893'.
struct SocketAddress {
  IpAddress ip;
  Port port{};

  static std::optional<SocketAddress> parse(std::string_view text);
  /// Nothing for a family other than AF_INET and AF_INET6. A zone (scope id) is dropped.
  static std::optional<SocketAddress> from(const sockaddr_storage& storage);
  /// Fills `storage` for the family of `ip` and returns the length that bind(2) wants.
  [[nodiscard]] socklen_t store(sockaddr_storage& storage) const;

  auto operator<=>(const SocketAddress&) const = default;
};
[[nodiscard]] std::string to_string(const SocketAddress& address);

}  // namespace loopscope
