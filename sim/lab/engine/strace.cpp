#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "sim/experiment/constants.hpp"
#include "sim/experiment/options.hpp"
#include "sim/lab/engine/outcome.hpp"

/// The notation of strace(1), for calls that were made with these values.
namespace loopscope::lab {
namespace {

using namespace experiment;

constexpr std::size_t shown_bytes = 64;

std::string quoted(const std::string& bytes) {
  if (bytes.size() <= shown_bytes) return to_string(Text{bytes, 1});
  return to_string(Text{bytes.substr(0, shown_bytes), 1}) + "...";
}

std::string quoted_repeated(const std::string& bytes, std::uint64_t times) {
  std::string start;
  for (std::uint64_t i = 0; i < times && start.size() <= shown_bytes && !bytes.empty(); ++i) start += bytes;
  return quoted(start);
}

std::string structure(const RawAddress& raw) {
  if (raw.length == 0) return "NULL";
  if (raw.storage.ss_family == AF_UNSPEC)
    return R"({sa_family=AF_UNSPEC, sa_data="\0\0\0\0\0\0\0\0\0\0\0\0\0\0"})";
  const auto address = SocketAddress::from(raw.storage);
  if (!address) return fmt::format("{{sa_family={}}}", raw.storage.ss_family);
  const unsigned port = number(address->port);
  const std::string ip = to_string(address->ip);
  if (!address->ip.is_v6()) {
    return fmt::format(R"({{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr("{}")}})", port, ip);
  }
  return fmt::format(
      R"({{sa_family=AF_INET6, sin6_port=htons({}), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "{}", &sin6_addr), sin6_scope_id=0}})",
      port, ip);
}

std::string address_arguments(const RawAddress& raw) {
  return raw.length == 0 ? "NULL, 0" : fmt::format("{}, {}", structure(raw), raw.length);
}

std::string level_name(int level) {
  switch (level) {
    case SOL_SOCKET:
      return "SOL_SOCKET";
    case IPPROTO_TCP:
      return "SOL_TCP";
    case IPPROTO_IPV6:
      return "SOL_IPV6";
    default:
      return "SOL_IP";
  }
}

std::string option_value(const OptionValue& value) {
  if (const auto* one = std::get_if<std::int64_t>(&value)) return fmt::format("[{}]", *one);
  if (const auto* linger = std::get_if<experiment::Linger>(&value)) {
    return fmt::format("{{l_onoff={}, l_linger={}}}", linger->on, linger->seconds);
  }
  if (const auto* time = std::get_if<experiment::Timeval>(&value)) {
    return fmt::format("{{tv_sec={}, tv_usec={}}}", time->seconds, time->microseconds);
  }
  if (const auto* range = std::get_if<PortRange>(&value)) {
    return fmt::format("[{}]", (std::uint32_t{number(range->high)} << 16) | number(range->low));
  }
  return to_string(Text{std::get<DeviceName>(value).name, 1});
}

std::string flags_of(int flags) { return join_constants(flags, message_flags()); }

struct Arguments {
  const Order& order;
  const std::string& bytes;

  [[nodiscard]] std::string fd() const { return std::to_string(order.fd); }
  std::string operator()(const SocketCall& call) const {
    return fmt::format("{}, {}{}, IPPROTO_IP", call.domain == Domain::Inet6 ? "AF_INET6" : "AF_INET",
                       call.type == SocketType::Datagram ? "SOCK_DGRAM" : "SOCK_STREAM",
                       call.nonblock ? "|SOCK_NONBLOCK" : "");
  }
  std::string operator()(const SetsockoptCall& call) const {
    return fmt::format("{}, {}, {}, {}, {}", fd(), level_name(order.first), call.option.name,
                       option_value(call.value), order.option_length);
  }
  std::string operator()(const GetsockoptCall& call) const {
    return fmt::format("{}, {}, {}, value, [{}]", fd(), level_name(order.first), call.option.name,
                       order.option_length);
  }
  std::string operator()(const BindCall&) const { return fd() + ", " + address_arguments(order.address); }
  std::string operator()(const ConnectCall&) const { return fd() + ", " + address_arguments(order.address); }
  std::string operator()(const ListenCall&) const { return fmt::format("{}, {}", fd(), order.first); }
  std::string operator()(const AcceptCall&) const {
    return fmt::format("{}, addr, [{}]", fd(), sizeof(sockaddr_storage));
  }
  std::string operator()(const SendCall&) const {
    return fmt::format("{}, {}, {}, {}, {}", fd(), quoted_repeated(bytes, order.count),
                       bytes.size() * order.count, flags_of(order.flags), address_arguments(order.address));
  }
  std::string operator()(const WriteCall&) const {
    return fmt::format("{}, {}, {}", fd(), quoted_repeated(bytes, order.count), bytes.size() * order.count);
  }
  std::string operator()(const RecvCall& call) const {
    return fmt::format("{}, buf, {}, {}, {}", fd(), order.count, flags_of(order.flags),
                       call.with_sender ? fmt::format("addr, [{}]", sizeof(sockaddr_storage)) : "NULL, NULL");
  }
  std::string operator()(const ReadCall&) const { return fmt::format("{}, buf, {}", fd(), order.count); }
  std::string operator()(const ShutdownCall& call) const {
    for (const Constant& how : shutdown_hows()) {
      if (how.value == call.how) return fmt::format("{}, {}", fd(), how.name);
    }
    return fmt::format("{}, {}", fd(), call.how);
  }
  std::string operator()(const CloseCall&) const { return fd(); }
  std::string operator()(const GetsocknameCall&) const {
    return fmt::format("{}, addr, [{}]", fd(), sizeof(sockaddr_storage));
  }
  std::string operator()(const GetpeernameCall&) const {
    return fmt::format("{}, addr, [{}]", fd(), sizeof(sockaddr_storage));
  }
  std::string operator()(const FcntlCall& call) const {
    return fmt::format("{}, F_SETFL, {}", fd(), call.nonblock ? "O_NONBLOCK" : "0");
  }
  std::string operator()(const PollCall& call) const {
    return fmt::format("[{{fd={}, events={}}}], 1, {}", fd(), to_string(Result{call.events}), order.second);
  }
  std::string operator()(const StateCall&) const {
    return fd() + ", SOL_TCP, TCP_INFO, info, [" + std::to_string(sizeof(tcp_info)) + "]";
  }
};

std::string tcp_state_name(int state) {
  const auto known = socket_state_from_kernel(state);
  return known ? std::string(loopscope::to_string(*known)) : std::to_string(state);
}

}  // namespace

std::string kernel_name(const Order& order) {
  switch (order.op) {  // clang-format off
    case Op::Socket: return "socket";
    case Op::Setsockopt: return "setsockopt";
    case Op::Getsockopt: case Op::TcpInfo: return "getsockopt";
    case Op::Bind: return "bind";
    case Op::Listen: return "listen";
    case Op::Connect: return "connect";
    case Op::Accept: return "accept";
    case Op::Send: return "sendto";
    case Op::Recv: return "recvfrom";
    case Op::Read: return "read";
    case Op::Write: return "write";
    case Op::Shutdown: return "shutdown";
    case Op::Close: return "close";
    case Op::Getsockname: return "getsockname";
    case Op::Getpeername: return "getpeername";
    case Op::Fcntl: return "fcntl";
    case Op::Poll: return "poll";
    case Op::Leave: return "exit_group";
  }  // clang-format on
  return "?";
}

std::string strace_arguments(const Call& call, const Order& order, const std::string& bytes) {
  return std::visit(Arguments{order, bytes}, call);
}

std::string strace_details(const Call& call, const Order& order, const Report& report,
                           const std::string& bytes) {
  if (report.value < 0) return {};
  switch (order.op) {
    case Op::Accept:
    case Op::Getsockname:
    case Op::Getpeername:
      return structure(report.address);
    case Op::Getsockopt: {
      const Result result = result_of(call, order, report, bytes);
      const auto* value = std::get_if<OptionValue>(&result);
      return value != nullptr ? option_value(*value) : "[" + to_string(result) + "]";
    }
    case Op::TcpInfo:
      return "{tcpi_state=" + tcp_state_name(report.tcp_state) + ", ...}";
    case Op::Read:
    case Op::Recv: {
      const std::string sender = report.address.length > 0 ? " from " + structure(report.address) : "";
      return quoted(bytes) + sender;
    }
    case Op::Poll:
      if (report.value == 0) return "Timeout";
      return fmt::format("[{{fd={}, revents={}}}]", order.fd, to_string(Result{Events{report.events}}));
    default:
      return {};
  }
}

}  // namespace loopscope::lab
