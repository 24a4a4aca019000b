#include "sim/sandbox/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "sim/base/system_error.hpp"

namespace loopscope::sandbox {

Pair make_pair_of(int type) {
  int ends[2];
  check("socketpair", ::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

bool send_message(int fd, const Message& message, int passed_fd) noexcept {
  Message copy = message;
  iovec part{&copy, sizeof copy};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (passed_fd >= 0) {  // SCM_RIGHTS, unix(7)
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &passed_fd, sizeof(int));
  }
  ssize_t sent;
  do sent = ::sendmsg(fd, &header, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof copy);
}

std::optional<Received> receive_message(int fd, int timeout_ms) noexcept {
  pollfd wait{fd, POLLIN, 0};
  int ready;
  do ready = ::poll(&wait, 1, timeout_ms);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0) return std::nullopt;

  Received received;
  iovec part{&received.message, sizeof received.message};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t got;
  do got = ::recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (const cmsghdr* rights = got > 0 ? CMSG_FIRSTHDR(&header) : nullptr) {
    if (rights->cmsg_type == SCM_RIGHTS) {
      int passed = -1;
      std::memcpy(&passed, CMSG_DATA(rights), sizeof passed);
      received.passed.reset(passed);
    }
  }
  if (got != static_cast<ssize_t>(sizeof received.message)) return std::nullopt;
  received.message.text[sizeof received.message.text - 1] = '\0';
  return received;
}

Message failed(const std::string& step, int error_number) noexcept {
  Message message{Word::Failed, error_number, {}};
  step.copy(message.text, sizeof message.text - 1);
  return message;
}

}  // namespace loopscope::sandbox
