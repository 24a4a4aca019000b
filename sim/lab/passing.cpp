#include "sim/lab/passing.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace loopscope::lab {
namespace {

union Space {
  char bytes[CMSG_SPACE(most_passed * sizeof(int))];
  cmsghdr aligned;
};

}  // namespace

bool send_with_descriptors(int socket, const void* bytes, std::size_t size, const std::vector<int>& passed) {
  const auto* at = static_cast<const char*>(bytes);
  Space space{};
  bool sent_them = passed.empty();
  while (size > 0) {
    iovec part{const_cast<char*>(at), size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!sent_them) {
      message.msg_control = space.bytes;
      message.msg_controllen = CMSG_SPACE(passed.size() * sizeof(int));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(passed.size() * sizeof(int));
      std::memcpy(CMSG_DATA(header), passed.data(), passed.size() * sizeof(int));
    }
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      pollfd wait{socket, POLLOUT, 0};
      (void)::poll(&wait, 1, -1);
      continue;
    }
    if (sent <= 0) return false;
    sent_them = true;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

ssize_t receive_with_descriptors(int socket, void* bytes, std::size_t size, std::vector<UniqueFd>& passed) {
  iovec part{bytes, size};
  Space space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.bytes;
  message.msg_controllen = sizeof space.bytes;
  const ssize_t got = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
      passed.emplace_back(fd);
    }
  }
  return got;
}

}  // namespace loopscope::lab
