#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "sim/base/unique_fd.hpp"

/// What the program, the launcher and the processes of a world that is being made say to one another, over
/// SOCK_SEQPACKET.
namespace loopscope::sandbox {

enum class Word : char {
  MakePrivate = 'p',  ///< program to launcher; carries the world's end of the channel
  MakeHere = 'h',
  PleaseMap = 'm',  ///< keeper to launcher: write my uid_map
  Mapped = 'M',     ///< and back; `number` is an errno or 0
  FirstPid = '1',   ///< keeper to launcher: `number` is pid 1, seen from outside
  Ready = 'r',      ///< world to launcher, launcher to program (then `number` is the pid)
  Failed = 'f',     ///< anyone: `text` is the step, `number` the errno
};

struct Message {
  Word word{};
  int number = 0;
  char text[88] = {};
};

struct Received {
  Message message;
  UniqueFd passed;  ///< a descriptor that came with it
};

/// A connected SOCK_SEQPACKET pair. Throws SystemError.
struct Pair {
  UniqueFd ours, theirs;
};
[[nodiscard]] Pair make_pair_of(int type);

/// False where the other end is gone.
bool send_message(int fd, const Message& message, int passed_fd = -1) noexcept;
/// Nothing where the other end is gone, or said nothing within `timeout_ms` (-1: no limit).
[[nodiscard]] std::optional<Received> receive_message(int fd, int timeout_ms = -1) noexcept;
[[nodiscard]] Message failed(const std::string& step, int error_number) noexcept;

}  // namespace loopscope::sandbox
