#include "sim/tracer/calls.hpp"

#include <sys/syscall.h>

#include <algorithm>

namespace loopscope::tracer {
namespace {

// Some of them exist only on some architectures.
constexpr SystemCall calls[] = {
    {SYS_socket, "socket", Shape::Socket},
    {SYS_bind, "bind", Shape::Bind},
    {SYS_connect, "connect", Shape::Connect},
    {SYS_listen, "listen", Shape::Listen},
    {SYS_accept, "accept", Shape::Accept},
    {SYS_accept4, "accept4", Shape::Accept},
    {SYS_shutdown, "shutdown", Shape::Shutdown},
    {SYS_close, "close", Shape::Close},
    {SYS_sendto, "sendto", Shape::SendTo},
    {SYS_recvfrom, "recvfrom", Shape::RecvFrom},
    {SYS_sendmsg, "sendmsg", Shape::SendMsg},
    {SYS_recvmsg, "recvmsg", Shape::RecvMsg},
    {SYS_sendmmsg, "sendmmsg", Shape::SendMmsg},
    {SYS_recvmmsg, "recvmmsg", Shape::RecvMmsg},
    {SYS_read, "read", Shape::Read},
    {SYS_write, "write", Shape::Write},
    {SYS_readv, "readv", Shape::Readv},
    {SYS_writev, "writev", Shape::Writev},
    {SYS_sendfile, "sendfile", Shape::Sendfile},
    {SYS_setsockopt, "setsockopt", Shape::Setsockopt},
    {SYS_getsockopt, "getsockopt", Shape::Getsockopt},
    {SYS_getsockname, "getsockname", Shape::Name},
    {SYS_getpeername, "getpeername", Shape::Name},
    {SYS_fcntl, "fcntl", Shape::Fcntl},
    {SYS_ioctl, "ioctl", Shape::Ioctl},
#ifdef SYS_dup2
    {SYS_dup2, "dup2", Shape::Renumber},
#endif
    {SYS_dup3, "dup3", Shape::Renumber},
    {SYS_close_range, "close_range", Shape::Renumber},
};

constexpr std::size_t highest = 512;

constexpr auto indexed() {
  std::array<const SystemCall*, highest> table{};
  for (const SystemCall& call : calls) table[static_cast<std::size_t>(call.number)] = &call;
  return table;
}

}  // namespace

std::span<const SystemCall> traced_calls() { return calls; }

const SystemCall* find_call(long number) {
  static constexpr auto table = indexed();
  return number >= 0 && static_cast<std::size_t>(number) < highest ? table[static_cast<std::size_t>(number)]
                                                                   : nullptr;
}

}  // namespace loopscope::tracer
