#include "sim/lab/engine/inhabitant.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <exception>
#include <string>

#include "sim/base/address.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/here_rules.hpp"
#include "sim/sandbox/identity.hpp"

namespace loopscope::lab {
namespace {

constexpr int control_above = 900;  // out of the way, so that an experiment's first socket is 3

std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

const sockaddr* as_sockaddr(const RawAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.storage);
}

/// An address that the kernel fills in.
struct Filled {
  explicit Filled(RawAddress& target) : raw(target) { raw.length = sizeof raw.storage; }
  [[nodiscard]] sockaddr* get() const { return reinterpret_cast<sockaddr*>(&raw.storage); }
  [[nodiscard]] socklen_t* length() const { return &raw.length; }
  RawAddress& raw;
};

/// What one call needs prepared before its clock starts: nothing is allocated between the two readings.
struct Buffers {
  std::string sent;      ///< the bytes, repeated
  std::string received;  ///< room for them
};

Buffers prepare(const Order& order, const std::string& bytes) {
  Buffers buffers;
  if (order.op == Op::Send || order.op == Op::Write) {
    buffers.sent.reserve(bytes.size() * order.count);
    for (std::uint64_t i = 0; i < order.count; ++i) buffers.sent += bytes;
  }
  if (order.op == Op::Recv || order.op == Op::Read) buffers.received.resize(order.count);
  return buffers;
}

/// socket(2), setsockopt(2) and the like: the calls on names and options.
long make_control_call(const Order& order, Report& report) {
  const int fd = order.fd;
  switch (order.op) {
    case Op::Socket:
      return ::socket(order.first, order.second, 0);
    case Op::Setsockopt:
      return ::setsockopt(fd, order.first, order.second, order.option.data(), order.option_length);
    case Op::Getsockopt:
      report.option_length = order.option_length;
      return ::getsockopt(fd, order.first, order.second, report.option.data(), &report.option_length);
    case Op::Bind:
      return ::bind(fd, as_sockaddr(order.address), order.address.length);
    case Op::Listen:
      return ::listen(fd, order.first);
    case Op::Connect:
      return ::connect(fd, as_sockaddr(order.address), order.address.length);
    case Op::Accept: {
      const Filled peer(report.address);
      return ::accept(fd, peer.get(), peer.length());
    }
    case Op::Getsockname: {
      const Filled own(report.address);
      return ::getsockname(fd, own.get(), own.length());
    }
    case Op::Getpeername: {
      const Filled peer(report.address);
      return ::getpeername(fd, peer.get(), peer.length());
    }
    case Op::Fcntl:
      return ::fcntl(fd, F_SETFL, order.first);
    case Op::Shutdown:
      return ::shutdown(fd, order.first);
    default:
      return ::close(fd);
  }
}

/// The calls that move data or tell about it.
long make_data_call(const Order& order, Buffers& buffers, Report& report) {
  const int fd = order.fd;
  switch (order.op) {
    case Op::Send:
      return ::sendto(fd, buffers.sent.data(), buffers.sent.size(), order.flags,
                      order.address.length > 0 ? as_sockaddr(order.address) : nullptr, order.address.length);
    case Op::Write:
      return ::write(fd, buffers.sent.data(), buffers.sent.size());
    case Op::Read:
      return ::read(fd, buffers.received.data(), buffers.received.size());
    case Op::Recv: {
      if (!order.with_sender)
        return ::recv(fd, buffers.received.data(), buffers.received.size(), order.flags);
      const Filled sender(report.address);
      return ::recvfrom(fd, buffers.received.data(), buffers.received.size(), order.flags, sender.get(),
                        sender.length());
    }
    case Op::Poll: {
      pollfd wait{fd, static_cast<short>(order.first), 0};
      const int ready = ::poll(&wait, 1, order.second);
      report.events = wait.revents;
      return ready;
    }
    default: {
      tcp_info info{};
      socklen_t length = sizeof info;
      const int result = ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
      report.tcp_state = info.tcpi_state;
      return result;
    }
  }
}

bool moves_data(Op op) {
  return op == Op::Send || op == Op::Write || op == Op::Read || op == Op::Recv || op == Op::Poll ||
         op == Op::TcpInfo;
}

/// What the engine wants to know about the socket afterwards. None of this changes it.
void look_at_socket(const Order& order, Report& report) {
  const bool made_one = order.op == Op::Socket || order.op == Op::Accept;
  const int fd = made_one ? static_cast<int>(report.value) : order.fd;
  if (fd < 0) return;
  struct stat status {};
  if (::fstat(fd, &status) == 0) report.inode = status.st_ino;
  const Filled own(report.own);
  if (::getsockname(fd, own.get(), own.length()) != 0) report.own.length = 0;
  socklen_t length = sizeof report.socket_type;
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &report.socket_type, &length) != 0) report.socket_type = 0;
}

/// Whether the call keeps to the loopback: listen and sendto give a socket without an address one on every
/// device. Looked at here, right before, because a bind may have failed.
bool stays_on_loopback(const Order& order) {
  if (order.op != Op::Listen && (order.op != Op::Send || order.address.length == 0)) return true;
  RawAddress raw{};
  const Filled own(raw);
  if (::getsockname(order.fd, own.get(), own.length()) != 0) return true;  // the call itself says why
  const auto address = SocketAddress::from(raw.storage);
  int type = 0;
  socklen_t length = sizeof type;
  if (!address || ::getsockopt(order.fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0) return true;
  if (order.op == Op::Send && type != SOCK_DGRAM) return true;
  return is_on_loopback(address->ip);
}

bool obey(int control, const Order& order, const std::string& bytes, bool loopback_only) {
  Buffers buffers = prepare(order, bytes);
  Report entered{};
  entered.kind = Report::Kind::Entered;
  entered.at = now();
  if (loopback_only && !stays_on_loopback(order)) {
    entered.kind = Report::Kind::Refused;
    return send_structure(control, entered, {});
  }
  if (!send_structure(control, entered, {})) return false;
  Report report{};
  report.kind = Report::Kind::Returned;
  report.value =
      moves_data(order.op) ? make_data_call(order, buffers, report) : make_control_call(order, report);
  report.error = report.value < 0 ? errno : 0;
  report.at = now();
  look_at_socket(order, report);
  const bool received = order.op == Op::Recv || order.op == Op::Read;
  // With MSG_TRUNC the value may be more than what is in the buffer (recv(2)).
  if (received && report.value > 0) {
    buffers.received.resize(
        std::min<std::size_t>(buffers.received.size(), static_cast<std::size_t>(report.value)));
  } else {
    buffers.received.clear();
  }
  return send_structure(control, report, buffers.received);
}

/// The number that the control end gets: the last one where the user may have only few descriptors.
int control_number() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > control_above) return control_above;
  return static_cast<int>(limit.rlim_cur) - 1;
}

/// Nothing of the engine's stays open: its sockets would keep the world alive, and would take the low
/// numbers.
int close_all_but(UniqueFd control) {
  const int kept = ::fcntl(control.get(), F_DUPFD_CLOEXEC, control_number());
  control.reset();
  if (kept < 0) ::_exit(1);
  ::close_range(3, static_cast<unsigned>(kept) - 1, 0);
  ::close_range(static_cast<unsigned>(kept) + 1, ~0U, 0);
  return kept;
}

}  // namespace

void inhabit(UniqueFd control_end, bool as_root, bool in_world) {
  const pid_t engine = ::getppid();
  const int control = close_all_but(std::move(control_end));
  ::signal(SIGPIPE, SIG_IGN);  // EPIPE is an answer, not an end
  ::prctl(PR_SET_NAME, "loopscope-actor");
  try {
    if (in_world && !as_root) sandbox::become_ordinary();
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // last: a change of user clears it
  if (::getppid() != engine) ::_exit(0);
  Order order;
  for (std::string bytes; receive_structure(control, order, bytes);) {
    if (order.op == Op::Leave) break;
    if (!obey(control, order, bytes, !in_world)) break;
  }
  ::_exit(0);
}

}  // namespace loopscope::lab
