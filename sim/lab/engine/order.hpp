#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

/// What the engine and the processes of an experiment say to one another over their socket pair: plain
/// structures, each followed by its bytes. Both ends are the same program, forked, so that the layout is the
/// same.
namespace loopscope::lab {

enum class Op : std::uint8_t {
  Socket,
  Setsockopt,
  Getsockopt,
  Bind,
  Listen,
  Connect,
  Accept,
  Send,
  Recv,
  Read,
  Write,
  Shutdown,
  Close,
  Getsockname,
  Getpeername,
  Fcntl,
  Poll,
  TcpInfo,
  Leave,
};

struct RawAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;  ///< 0: none
};

inline constexpr std::size_t max_option_bytes = 64;
/// What one call may send or ask for: no experiment needs more, and a stranger's file may not fill the
/// memory.
inline constexpr std::uint64_t max_transfer_bytes = 64 << 20;

/// One system call to make. Which members count depends on `op`; all are as the call takes them.
struct Order {
  Op op{};
  int fd = -1;
  int first =
      0;  ///< socket: domain; sockopt: level; listen: backlog; shutdown: how; fcntl: flags; poll: events
  int second = 0;  ///< socket: type; sockopt: option; poll: milliseconds
  int flags = 0;   ///< MSG_…
  RawAddress address;
  std::array<char, max_option_bytes> option{};
  socklen_t option_length = 0;
  bool with_sender = false;     ///< recvfrom(2) with an address
  std::uint64_t count = 0;      ///< recv, read: size of the buffer; send, write: how often the bytes repeat
  std::uint64_t following = 0;  ///< bytes that follow this structure: what one repetition sends
};

struct Report {
  enum class Kind : std::uint8_t {
    Entered,
    Returned,
    Refused,  ///< the call was not made: it would have left the loopback (`--here`)
  } kind{};
  std::int64_t at = 0;  ///< CLOCK_MONOTONIC nanoseconds, read right before the call or right after it
  std::int64_t value = 0;
  int error = 0;
  RawAddress address;       ///< accept, recvfrom, getsockname, getpeername
  RawAddress own;           ///< the socket's own address after a call that may have given it one
  std::uint64_t inode = 0;  ///< of a new descriptor, or of the one worked on
  std::array<char, max_option_bytes> option{};
  socklen_t option_length = 0;
  short events = 0;             ///< poll
  int tcp_state = 0;            ///< TcpInfo: tcpi_state
  int socket_type = 0;          ///< SOCK_STREAM or SOCK_DGRAM; 0 where it is no socket
  std::uint64_t following = 0;  ///< bytes received, which follow this structure
};

/// Writes a structure and its bytes; false where the other end is gone.
template <typename Structure>
bool send_structure(int fd, Structure structure, const std::string& bytes);
/// Reads one; false where the other end is gone. Blocks.
template <typename Structure>
bool receive_structure(int fd, Structure& structure, std::string& bytes);

/// Both for whole buffers; false at the other end's end.
bool write_fully(int fd, const void* data, std::size_t size);
bool read_fully(int fd, void* data, std::size_t size);

template <typename Structure>
bool send_structure(int fd, Structure structure, const std::string& bytes) {
  structure.following = bytes.size();
  return write_fully(fd, &structure, sizeof structure) && write_fully(fd, bytes.data(), bytes.size());
}

template <typename Structure>
bool receive_structure(int fd, Structure& structure, std::string& bytes) {
  if (!read_fully(fd, &structure, sizeof structure) || structure.following > max_transfer_bytes) return false;
  bytes.resize(structure.following);
  return read_fully(fd, bytes.data(), bytes.size());
}

}  // namespace loopscope::lab
