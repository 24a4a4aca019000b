#include "sim/tracer/structures.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <algorithm>

#include "sim/tracer/bytes.hpp"
#include "sim/tracer/names.hpp"

namespace loopscope::tracer {
namespace {

constexpr std::uint64_t most_vectors = 16;  // more are an ellipsis

std::string pointer(std::uint64_t address) { return address == 0 ? "NULL" : fmt::format("{:#x}", address); }

}  // namespace

std::optional<SocketAddress> socket_address(const Memory& memory, std::uint64_t address,
                                            std::uint64_t length) {
  if (address == 0 || length < sizeof(sa_family_t)) return std::nullopt;
  sockaddr_storage storage{};
  const std::string bytes = memory.bytes(address, std::min<std::uint64_t>(length, sizeof storage));
  std::memcpy(&storage, bytes.data(), bytes.size());
  return SocketAddress::from(storage);
}

std::string address_text(const Memory& memory, std::uint64_t address, std::uint64_t length) {
  if (address == 0) return "NULL";
  if (const auto known = socket_address(memory, address, length)) {
    const unsigned port = number(known->port);
    if (!known->ip.is_v6()) {
      return fmt::format(R"({{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr("{}")}})", port,
                         to_string(known->ip));
    }
    return fmt::format(
        R"({{sa_family=AF_INET6, sin6_port=htons({}), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "{}", &sin6_addr), sin6_scope_id=0}})",
        port, to_string(known->ip));
  }
  const auto family = length >= sizeof(sa_family_t) ? memory.value<sa_family_t>(address) : std::nullopt;
  if (!family) return pointer(address);
  return fmt::format("{{sa_family={}, ...}}", domain_name(*family));
}

std::string gathered(const Memory& memory, std::uint64_t vector, std::uint64_t count, std::size_t most) {
  std::string bytes;
  for (std::uint64_t i = 0; i < count && bytes.size() < most; ++i) {
    const auto part = memory.value<iovec>(vector + i * sizeof(iovec));
    if (!part) break;
    bytes += memory.bytes(reinterpret_cast<std::uint64_t>(part->iov_base),
                          std::min<std::size_t>(part->iov_len, most - bytes.size()));
  }
  return bytes;
}

std::string vector_text(const Memory& memory, std::uint64_t vector, std::uint64_t count,
                        std::uint64_t received) {
  std::string text = "[";
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto part = i < most_vectors ? memory.value<iovec>(vector + i * sizeof(iovec)) : std::nullopt;
    if (i > 0) text += ", ";
    if (!part) return text + "...]";
    const std::uint64_t filled = std::min<std::uint64_t>(part->iov_len, received);
    received -= filled;
    const std::string start = memory.bytes(reinterpret_cast<std::uint64_t>(part->iov_base),
                                           std::min<std::uint64_t>(filled, shown_bytes));
    text += fmt::format("{{iov_base={}, iov_len={}}}", quoted_start(start, filled), part->iov_len);
  }
  return text + "]";
}

std::string message_text(const Memory& memory, std::uint64_t address, std::uint64_t received) {
  const auto header = memory.value<msghdr>(address);
  if (!header) return pointer(address);
  const auto name = reinterpret_cast<std::uint64_t>(header->msg_name);
  return fmt::format(
      "{{msg_name={}, msg_namelen={}, msg_iov={}, msg_iovlen={}, msg_controllen={}, msg_flags={}}}",
      address_text(memory, name, header->msg_namelen), header->msg_namelen,
      vector_text(memory, reinterpret_cast<std::uint64_t>(header->msg_iov), header->msg_iovlen, received),
      header->msg_iovlen, header->msg_controllen, message_flags(header->msg_flags));
}

std::string option_text(const Memory& memory, int level, int option, std::uint64_t address,
                        std::uint64_t length) {
  if (address == 0) return "NULL";
  if (level == SOL_SOCKET && option == SO_LINGER) {
    if (const auto value = memory.value<linger>(address))
      return fmt::format("{{l_onoff={}, l_linger={}}}", value->l_onoff, value->l_linger);
  }
  if (level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO)) {
    if (const auto value = memory.value<timeval>(address))
      return fmt::format("{{tv_sec={}, tv_usec={}}}", value->tv_sec, value->tv_usec);
  }
  const bool is_name = level == SOL_SOCKET && option == SO_BINDTODEVICE;
  if (length == sizeof(int) && !is_name) {
    if (const auto value = memory.value<int>(address)) return fmt::format("[{}]", *value);
  }
  std::string bytes = memory.bytes(address, std::min<std::uint64_t>(length, shown_bytes));
  if (is_name) bytes = bytes.substr(0, bytes.find('\0'));
  return quoted_start(bytes, is_name ? bytes.size() : length);
}

}  // namespace loopscope::tracer
