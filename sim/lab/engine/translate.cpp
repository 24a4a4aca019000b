#include "sim/lab/engine/translate.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>

#include <cstring>
#include <limits>

#include "sim/experiment/options.hpp"
#include "sim/lab/engine/trouble.hpp"

namespace loopscope::lab {
namespace {

using namespace experiment;  // the language's words, all through
using Answer = tl::expected<Prepared, std::string>;

constexpr std::uint64_t default_count = 65536;

std::string too_much(std::uint64_t asked) {
  return std::to_string(asked) + " bytes in one call are too many: at most " +
         std::to_string(max_transfer_bytes) + " (64 MiB)";
}

template <typename Value>
void put_option(Order& order, const Value& value) {
  static_assert(sizeof value <= max_option_bytes);
  std::memcpy(order.option.data(), &value, sizeof value);
  order.option_length = sizeof value;
}

struct OptionBytes {
  Order& order;
  void operator()(std::int64_t value) const { put_option(order, static_cast<int>(value)); }
  void operator()(const experiment::Linger& value) const {
    put_option(order, linger{value.on, value.seconds});
  }
  void operator()(const experiment::Timeval& value) const {
    put_option(order, timeval{value.seconds, value.microseconds});
  }
  void operator()(
      const PortRange& value) const {  // ip(7), IP_LOCAL_PORT_RANGE: the upper bound in the upper half
    put_option(order, (std::uint32_t{number(value.high)} << 16) | number(value.low));
  }
  void operator()(const DeviceName& value) const {
    order.option_length =
        static_cast<socklen_t>(value.name.copy(order.option.data(), order.option.size() - 1));
  }
};

/// How many bytes getsockopt(2) offers for the value.
socklen_t size_of(OptionShape shape) {
  switch (shape) {
    case OptionShape::Linger:
      return sizeof(linger);
    case OptionShape::Timeval:
      return sizeof(timeval);
    case OptionShape::Device:
      return 16;  // IFNAMSIZ
    default:
      return sizeof(int);
  }
}

/// `{1, 0}` reads as a linger where the option is not known yet: here it is.
OptionValue shaped(const OptionValue& value, OptionShape shape) {
  if (const auto* pair = std::get_if<experiment::Linger>(&value);
      pair != nullptr && shape == OptionShape::Timeval) {
    return experiment::Timeval{pair->on, pair->seconds};
  }
  if (const auto* pair = std::get_if<experiment::Timeval>(&value);
      pair != nullptr && shape == OptionShape::Linger) {
    return experiment::Linger{static_cast<int>(pair->seconds), static_cast<int>(pair->microseconds)};
  }
  return value;
}

class Translator {
 public:
  Translator(const Names& names, std::chrono::milliseconds patience) : names_(names), patience_(patience) {}

  Answer operator()(const SocketCall& call) const {
    Prepared made{};
    made.order.op = Op::Socket;
    made.order.first = call.domain == Domain::Inet6 ? AF_INET6 : AF_INET;
    made.order.second =
        (call.type == SocketType::Datagram ? SOCK_DGRAM : SOCK_STREAM) | (call.nonblock ? SOCK_NONBLOCK : 0);
    return made;
  }
  Answer operator()(const SetsockoptCall& call) const {
    const OptionInfo* option = find_option(call.option.name);
    if (option == nullptr) return trouble("there is no option " + call.option.name);
    return on(call.fd, Op::Setsockopt, [&](Order& order) {
      order.first = option->level;
      order.second = option->number;
      std::visit(OptionBytes{order}, shaped(call.value, option->shape));
    });
  }
  Answer operator()(const GetsockoptCall& call) const {
    const OptionInfo* option = find_option(call.option.name);
    if (option == nullptr) return trouble("there is no option " + call.option.name);
    return on(call.fd, Op::Getsockopt, [&](Order& order) {
      order.first = option->level;
      order.second = option->number;
      order.option_length = size_of(option->shape);
    });
  }
  Answer operator()(const BindCall& call) const { return to_address(call.fd, Op::Bind, call.address); }
  Answer operator()(const ConnectCall& call) const { return to_address(call.fd, Op::Connect, call.address); }
  Answer operator()(const ListenCall& call) const {
    return on(call.fd, Op::Listen, [&](Order& order) { order.first = static_cast<int>(call.backlog); });
  }
  Answer operator()(const AcceptCall& call) const { return on(call.fd, Op::Accept, {}); }
  Answer operator()(const SendCall& call) const {
    auto made = call.to ? to_address(call.fd, Op::Send, *call.to) : on(call.fd, Op::Send, {});
    if (made) made->order.flags = call.flags;
    return with_bytes(std::move(made), call.bytes);
  }
  Answer operator()(const WriteCall& call) const {
    return with_bytes(on(call.fd, Op::Write, {}), call.bytes);
  }
  Answer operator()(const RecvCall& call) const {
    auto made = receiving(call.fd, Op::Recv, call.count);
    if (made) {
      made->order.flags = call.flags.value_or(0);
      made->order.with_sender = call.with_sender;
    }
    return made;
  }
  Answer operator()(const ReadCall& call) const { return receiving(call.fd, Op::Read, call.count); }
  Answer operator()(const ShutdownCall& call) const {
    return on(call.fd, Op::Shutdown, [&](Order& order) { order.first = call.how; });
  }
  Answer operator()(const CloseCall& call) const { return on(call.fd, Op::Close, {}); }
  Answer operator()(const GetsocknameCall& call) const { return on(call.fd, Op::Getsockname, {}); }
  Answer operator()(const GetpeernameCall& call) const { return on(call.fd, Op::Getpeername, {}); }
  Answer operator()(const FcntlCall& call) const {
    return on(call.fd, Op::Fcntl, [&](Order& order) { order.first = call.nonblock ? O_NONBLOCK : 0; });
  }
  Answer operator()(const PollCall& call) const {
    return on(call.fd, Op::Poll, [&](Order& order) {
      order.first = call.events.mask;
      order.second = static_cast<int>(patience_.count());
    });
  }
  Answer operator()(const StateCall& call) const { return on(call.fd, Op::TcpInfo, {}); }

 private:
  Answer on(const std::string& variable, Op op, const std::function<void(Order&)>& fill) const {
    const auto fd = names_.descriptor(variable);
    if (!fd) return trouble(fd.error());
    Prepared made{};
    made.order.op = op;
    made.order.fd = *fd;
    if (fill) fill(made.order);
    return made;
  }
  Answer to_address(const std::string& variable, Op op, const AddressTerm& term) const {
    const auto address = resolve(term, names_);
    if (!address) return trouble(address.error());
    return on(variable, op, [&](Order& order) { order.address = *address; });
  }
  static Answer with_bytes(Answer made, const Text& text) {
    if (!made) return made;
    if (!text.bytes.empty() && text.times > max_transfer_bytes / text.bytes.size()) {
      const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / text.bytes.size();
      return trouble(too_much(text.times > most ? most : text.times * text.bytes.size()));
    }
    made->bytes = text.bytes;
    made->order.count = text.bytes.empty() ? 0 : text.times;
    return made;
  }
  Answer receiving(const std::string& variable, Op op, std::optional<std::uint64_t> count) const {
    const std::uint64_t size = count.value_or(default_count);
    if (size > max_transfer_bytes) return trouble(too_much(size));
    return on(variable, op, [&](Order& order) { order.count = size; });
  }

  const Names& names_;
  std::chrono::milliseconds patience_;
};

}  // namespace

tl::expected<RawAddress, std::string> resolve(const AddressTerm& term, const Names& names) {
  RawAddress raw;
  if (term.unspec) {  // connect(2): dissolves the association
    raw.storage.ss_family = AF_UNSPEC;
    raw.length = sizeof(sockaddr_in);
    return raw;
  }
  const auto* ip = std::get_if<IpAddress>(&term.ip);
  if (ip == nullptr)
    return trouble("a call needs an address: `*` stands for any only in a result or a claim");
  Port port{};
  if (const auto* given = std::get_if<Port>(&term.port)) {
    port = *given;
  } else if (const auto* of = std::get_if<PortOf>(&term.port)) {
    const auto found = names.port(*of);
    if (!found) return trouble(found.error());
    port = Port{*found};
  } else {
    return trouble("a call needs a port: `*` stands for any only in a result or a claim");
  }
  raw.length = SocketAddress{*ip, port}.store(raw.storage);
  return raw;
}

tl::expected<Prepared, std::string> prepare_call(const Call& call, const Names& names,
                                                 std::chrono::milliseconds patience) {
  return std::visit(Translator{names, patience}, call);
}

}  // namespace loopscope::lab
