#include <fmt/format.h>

#include "sim/experiment/constants.hpp"
#include "sim/experiment/print.hpp"

namespace loopscope::experiment {
namespace {

std::string message_flags_of(int flags) { return join_constants(flags, message_flags()); }

struct ArgumentPrinter {
  std::string operator()(const SocketCall& call) const {
    return fmt::format("{}, {}{}", call.domain == Domain::Inet ? "AF_INET" : "AF_INET6",
                       call.type == SocketType::Stream ? "SOCK_STREAM" : "SOCK_DGRAM",
                       call.nonblock ? "|SOCK_NONBLOCK" : "");
  }
  std::string operator()(const SetsockoptCall& call) const {
    return fmt::format("{}, {}, {}", call.fd, call.option.name, print_option_value(call.value));
  }
  std::string operator()(const GetsockoptCall& call) const { return call.fd + ", " + call.option.name; }
  std::string operator()(const BindCall& call) const { return call.fd + ", " + to_string(call.address); }
  std::string operator()(const ListenCall& call) const {
    return fmt::format("{}, {}", call.fd, call.backlog);
  }
  std::string operator()(const ConnectCall& call) const { return call.fd + ", " + to_string(call.address); }
  std::string operator()(const SendCall& call) const {
    std::string text = call.fd + ", " + to_string(call.bytes);
    if (call.to) text += ", " + to_string(*call.to);
    if (call.flags != 0) text += ", " + message_flags_of(call.flags);
    return text;
  }
  std::string operator()(const RecvCall& call) const {
    std::string text = call.fd;
    if (call.count) text += fmt::format(", {}", *call.count);
    if (call.flags) text += ", " + message_flags_of(*call.flags);
    return text;
  }
  std::string operator()(const ReadCall& call) const {
    return call.count ? fmt::format("{}, {}", call.fd, *call.count) : call.fd;
  }
  std::string operator()(const WriteCall& call) const { return call.fd + ", " + to_string(call.bytes); }
  std::string operator()(const ShutdownCall& call) const {
    for (const Constant& how : shutdown_hows()) {
      if (how.value == call.how) return fmt::format("{}, {}", call.fd, how.name);
    }
    return fmt::format("{}, {}", call.fd, call.how);
  }
  std::string operator()(const FcntlCall& call) const {
    return call.fd + (call.nonblock ? ", F_SETFL, O_NONBLOCK" : ", F_SETFL, 0");
  }
  std::string operator()(const PollCall& call) const {
    return call.fd + ", " + join_constants(call.events.mask, poll_events());
  }
  /// The calls that take nothing but their descriptor.
  template <class Other>
  std::string operator()(const Other& call) const {
    return call.fd;
  }
};

struct Namer {
  std::string operator()(const SocketCall&) const { return "socket"; }
  std::string operator()(const SetsockoptCall&) const { return "setsockopt"; }
  std::string operator()(const GetsockoptCall&) const { return "getsockopt"; }
  std::string operator()(const BindCall&) const { return "bind"; }
  std::string operator()(const ListenCall&) const { return "listen"; }
  std::string operator()(const ConnectCall&) const { return "connect"; }
  std::string operator()(const AcceptCall&) const { return "accept"; }
  std::string operator()(const SendCall& call) const { return call.to ? "sendto" : "send"; }
  std::string operator()(const RecvCall& call) const { return call.with_sender ? "recvfrom" : "recv"; }
  std::string operator()(const ReadCall&) const { return "read"; }
  std::string operator()(const WriteCall&) const { return "write"; }
  std::string operator()(const ShutdownCall&) const { return "shutdown"; }
  std::string operator()(const CloseCall&) const { return "close"; }
  std::string operator()(const GetsocknameCall&) const { return "getsockname"; }
  std::string operator()(const GetpeernameCall&) const { return "getpeername"; }
  std::string operator()(const FcntlCall&) const { return "fcntl"; }
  std::string operator()(const PollCall&) const { return "poll"; }
  std::string operator()(const StateCall&) const { return "state"; }
};

struct Descriptor {
  std::optional<std::string> operator()(const SocketCall&) const { return std::nullopt; }
  template <class Other>
  std::optional<std::string> operator()(const Other& call) const {
    return call.fd;
  }
};

}  // namespace

std::string name_of(const Call& call) { return std::visit(Namer{}, call); }
std::string to_string(const Call& call) {
  return name_of(call) + "(" + std::visit(ArgumentPrinter{}, call) + ")";
}
std::optional<std::string> descriptor_of(const Call& call) { return std::visit(Descriptor{}, call); }

}  // namespace loopscope::experiment
