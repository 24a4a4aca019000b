#include "sim/lab/watch_wire.hpp"

#include <sys/socket.h>

#include <cstring>

#include "sim/lab/engine/order.hpp"
#include "sim/lab/engine/watcher.hpp"
#include "sim/lab/passing.hpp"

namespace loopscope::lab {
namespace {

constexpr std::uint64_t most_bytes = 16 << 20;  // execve(2) takes less

/// Sizes of what follows, in the order of WatchRequest, each string ended by a NUL.
struct Head {
  std::uint64_t words = 0, environment = 0, bytes = 0;
  bool here = false, json = false;
};

union Passed {
  char space[CMSG_SPACE(4 * sizeof(int))];
  cmsghdr aligned;
};

bool send_streams(int channel, const WatchRequest& request) {
  std::vector<int> fds;
  for (const UniqueFd& one : request.streams) fds.push_back(one.get());
  return send_with_descriptors(channel, &watch_mark, 1, fds);
}

bool receive_streams(int channel, WatchRequest& request) {
  char mark = 0;
  iovec part{&mark, 1};
  Passed passed{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = passed.space;
  message.msg_controllen = sizeof passed.space;
  if (::recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1 || mark != watch_mark) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(4 * sizeof(int)))
    return false;
  std::array<int, 4> fds{};
  std::memcpy(fds.data(), CMSG_DATA(header), sizeof fds);
  for (std::size_t i = 0; i < 4; ++i) request.streams[i].reset(fds[i]);
  return true;
}

}  // namespace

bool send_watch(int channel, const WatchRequest& request) {
  std::string bytes;
  const auto add = [&](const std::string& text) { bytes += text + '\0'; };
  for (const std::string& word : request.words) add(word);
  for (const std::string& one : request.environment) add(one);
  add(request.path);
  add(request.folder);
  const Head head{request.words.size(), request.environment.size(), bytes.size(), request.here, request.json};
  return send_streams(channel, request) && write_fully(channel, &head, sizeof head) &&
         write_fully(channel, bytes.data(), bytes.size());
}

std::optional<WatchRequest> receive_watch(int channel) {
  WatchRequest request;
  Head head;
  if (!receive_streams(channel, request) || !read_fully(channel, &head, sizeof head) ||
      head.bytes > most_bytes)
    return std::nullopt;
  std::string bytes(head.bytes, '\0');
  if (!read_fully(channel, bytes.data(), bytes.size())) return std::nullopt;
  std::size_t at = 0;
  const auto next = [&] {
    std::string text = bytes.substr(at, bytes.find('\0', at) - at);
    at += text.size() + 1;
    return text;
  };
  for (std::uint64_t i = 0; i < head.words; ++i) request.words.push_back(next());
  for (std::uint64_t i = 0; i < head.environment; ++i) request.environment.push_back(next());
  request.path = next();
  request.folder = next();
  request.here = head.here;
  request.json = head.json;
  return request;
}

}  // namespace loopscope::lab
