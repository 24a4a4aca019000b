#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/base/time.hpp"

/// The system calls that a tracer stops at: those that work on sockets, and those that change what a
/// descriptor's number means.
namespace loopscope::tracer {

/// What a call takes and gives, as far as it matters for telling about it.
enum class Shape : std::uint8_t {
  Socket,
  Bind,
  Connect,
  Listen,
  Accept,
  Shutdown,
  Close,
  SendTo,
  RecvFrom,
  SendMsg,
  RecvMsg,
  SendMmsg,
  RecvMmsg,
  Read,
  Write,
  Readv,
  Writev,
  Sendfile,
  Setsockopt,
  Getsockopt,
  Name,      ///< getsockname(2), getpeername(2)
  Fcntl,     ///< only F_SETFL
  Ioctl,     ///< only FIONBIO
  Renumber,  ///< dup2(2), dup3(2), close_range(2): looked at, never told
};

struct SystemCall {
  long number;  ///< on the architecture that this was built for
  std::string_view name;
  Shape shape;
};

[[nodiscard]] std::span<const SystemCall> traced_calls();
/// Null for a call that is not traced.
[[nodiscard]] const SystemCall* find_call(long number);

/// A call that a traced thread is about to make, or is making.
struct Call {
  const SystemCall* what = nullptr;
  pid_t process = 0;  ///< the thread group
  pid_t thread = 0;
  std::array<std::uint64_t, 6> arguments{};
  Nanoseconds at{};  ///< CLOCK_MONOTONIC, read while the thread stood before the call
  [[nodiscard]] int fd() const noexcept { return static_cast<int>(arguments[0]); }
};

}  // namespace loopscope::tracer
