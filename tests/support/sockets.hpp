#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "sim/base/address.hpp"
#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"

/// Real sockets in few words, for tests. Each throws SystemError where the kernel refuses.
namespace loopscope::tests {

inline SocketAddress at(std::string_view text) { return SocketAddress::parse(text).value(); }

inline UniqueFd socket_for(const SocketAddress& address, int type) {
  return UniqueFd(check("socket", ::socket(address.ip.family(), type | SOCK_CLOEXEC, 0)));
}

inline void bind_to(const UniqueFd& socket, const SocketAddress& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.store(storage);
  check("bind", ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size));
}

inline int connect_to(const UniqueFd& socket, const SocketAddress& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.store(storage);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size);
}

inline UniqueFd listener(const SocketAddress& address, int backlog = 16) {
  UniqueFd socket = socket_for(address, SOCK_STREAM);
  bind_to(socket, address);
  check("listen", ::listen(socket.get(), backlog));
  return socket;
}

/// A socket whose connect has begun and does not wait for its end.
inline UniqueFd connecting(const SocketAddress& address) {
  UniqueFd socket = socket_for(address, SOCK_STREAM | SOCK_NONBLOCK);
  connect_to(socket, address);
  return socket;
}

inline SocketAddress name_of(const UniqueFd& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  check("getsockname", ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size));
  return SocketAddress::from(storage).value();
}

inline UniqueFd accept_from(const UniqueFd& socket) {
  return UniqueFd(check("accept", ::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC)));
}

inline void send_text(const UniqueFd& socket, std::string_view text) {
  check_long("send", ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL));
}

/// Whether the descriptor becomes readable within the time.
inline bool readable(int fd, int milliseconds) {
  pollfd wanted{fd, POLLIN, 0};
  return ::poll(&wanted, 1, milliseconds) > 0;
}

}  // namespace loopscope::tests
