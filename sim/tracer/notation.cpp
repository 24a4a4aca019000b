#include "sim/tracer/notation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "sim/base/errno_name.hpp"
#include "sim/tracer/bytes.hpp"
#include "sim/tracer/names.hpp"
#include "sim/tracer/structures.hpp"

namespace loopscope::tracer {
namespace {

constexpr std::size_t most_in_result = 1024;  // of more only their count is told

/// The arguments of one call, in order.
class Writer {
 public:
  Writer(const Call& call, const Memory& memory) : call_(call), memory_(memory) {}

  std::vector<Argument> write() {
    if (call_.what->shape != Shape::Socket) number(0);
    switch (call_.what->shape) {
      case Shape::Socket:
        known(domain_name(as_int(0)));
        known(socket_type_name(as_int(1)));
        known(protocol_name(as_int(2)));
        break;
      case Shape::Bind:
      case Shape::Connect:
        known(address_text(memory_, at(1), at(2)));
        number(2);
        break;
      case Shape::Listen:
        number(1);
        break;
      case Shape::Accept:
        filled_address(1, 2);
        if (call_.what->name == "accept4") known(accept_flags(as_int(3)));
        break;
      case Shape::Name:
        filled_address(1, 2);
        break;
      case Shape::Shutdown:
        known(how_name(as_int(1)));
        break;
      case Shape::Fcntl:
        known("F_SETFL");
        known(file_flags(as_int(2)));
        break;
      case Shape::Ioctl:
        known("FIONBIO");
        known(option_text(memory_, 0, 0, at(2), sizeof(int)));
        break;
      case Shape::Setsockopt:
      case Shape::Getsockopt:
        option();
        break;
      case Shape::Close:
      case Shape::Renumber:
        break;
      default:
        data();
    }
    return std::move(arguments_);
  }

 private:
  [[nodiscard]] std::uint64_t at(std::size_t index) const { return call_.arguments[index]; }
  [[nodiscard]] int as_int(std::size_t index) const { return static_cast<int>(at(index)); }
  void known(std::string text) { arguments_.push_back({std::move(text), false}); }
  void awaited(std::string name) { arguments_.push_back({std::move(name), true}); }
  void number(std::size_t index) { known(std::to_string(as_int(index))); }
  void size(std::size_t index) { known(std::to_string(at(index))); }
  void flags(std::size_t index) { known(message_flags(as_int(index))); }

  void filled_address(std::size_t address, std::size_t length) {
    if (at(address) == 0) {
      known("NULL");
      known("NULL");
      return;
    }
    awaited("addr");
    const auto room = memory_.value<socklen_t>(at(length));
    known(room ? fmt::format("[{}]", *room) : "NULL");
  }

  void option() {
    known(level_name(as_int(1)));
    known(option_name(as_int(1), as_int(2)));
    if (call_.what->shape == Shape::Setsockopt) {
      known(option_text(memory_, as_int(1), as_int(2), at(3), static_cast<std::uint32_t>(at(4))));
      number(4);
      return;
    }
    awaited("value");
    const auto room = memory_.value<socklen_t>(at(4));
    known(room ? fmt::format("[{}]", *room) : "NULL");
  }

  void sent(std::size_t address, std::size_t length) {
    known(quoted_start(memory_.bytes(at(address), std::min<std::uint64_t>(at(length), shown_bytes)),
                       at(length)));
    size(length);
  }

  void data() {
    switch (call_.what->shape) {
      case Shape::SendTo:
        sent(1, 2);
        flags(3);
        known(address_text(memory_, at(4), at(5)));
        number(5);
        break;
      case Shape::RecvFrom:
        awaited("buf");
        size(2);
        flags(3);
        filled_address(4, 5);
        break;
      case Shape::Write:
        sent(1, 2);
        break;
      case Shape::Read:
        awaited("buf");
        size(2);
        break;
      case Shape::Writev:
        known(vector_text(memory_, at(1), at(2), ~std::uint64_t{0}));
        size(2);
        break;
      case Shape::Readv:
        awaited("iov");
        size(2);
        break;
      case Shape::Sendfile:
        number(1);
        known(at(2) == 0 ? "NULL" : "offset");
        size(3);
        break;
      case Shape::SendMsg:
        known(message_text(memory_, at(1), ~std::uint64_t{0}));
        flags(2);
        break;
      case Shape::RecvMsg:
        awaited("msg");
        flags(2);
        break;
      default:  // sendmmsg, recvmmsg
        known(fmt::format("{:#x}", at(1)));
        number(2);
        flags(3);
    }
  }

  const Call& call_;
  const Memory& memory_;
  std::vector<Argument> arguments_;
};

std::string received_bytes(const Call& call, std::int64_t value, const Memory& memory, std::size_t most) {
  const auto size = std::min<std::size_t>(static_cast<std::size_t>(value), most);
  switch (call.what->shape) {
    case Shape::Readv:
      return gathered(memory, call.arguments[1], call.arguments[2], size);
    case Shape::RecvMsg: {
      const auto header = memory.value<msghdr>(call.arguments[1]);
      return header ? gathered(memory, reinterpret_cast<std::uint64_t>(header->msg_iov), header->msg_iovlen,
                               size)
                    : "";
    }
    default:
      // With MSG_TRUNC the value may be more than there was room for (recv(2)).
      return memory.bytes(call.arguments[1], std::min<std::uint64_t>(size, call.arguments[2]));
  }
}

std::optional<SocketAddress> filled_address(const Call& call, std::size_t address, const Memory& memory) {
  const auto length = memory.value<socklen_t>(call.arguments[address + 1]);
  if (!length) return std::nullopt;
  return socket_address(memory, call.arguments[address], *length);
}

std::string filled_address_text(const Call& call, std::size_t address, const Memory& memory) {
  const auto length = memory.value<socklen_t>(call.arguments[address + 1]);
  return address_text(memory, call.arguments[address], length.value_or(0));
}

constexpr std::int64_t first_restart = -516, last_restart = -512;  // linux/errno.h

}  // namespace

std::vector<Argument> arguments_of(const Call& call, const Memory& memory) {
  return Writer(call, memory).write();
}

std::string joined(const std::vector<Argument>& arguments) {
  std::string text;
  for (const Argument& argument : arguments) text += (text.empty() ? "" : ", ") + argument.text;
  return text;
}

std::vector<std::string> filled_in(const Call& call, std::int64_t value, const Memory& memory) {
  if (value < 0) return {};
  switch (call.what->shape) {
    case Shape::Accept:
    case Shape::Name:
      if (call.arguments[1] == 0) return {};
      return {filled_address_text(call, 1, memory)};
    case Shape::Getsockopt: {
      const auto length = memory.value<socklen_t>(call.arguments[4]);
      return {option_text(memory, static_cast<int>(call.arguments[1]), static_cast<int>(call.arguments[2]),
                          call.arguments[3], length.value_or(0))};
    }
    case Shape::RecvFrom:
    case Shape::Read: {
      std::vector<std::string> texts{
          quoted_start(received_bytes(call, value, memory, shown_bytes), static_cast<std::size_t>(value))};
      if (call.what->shape == Shape::RecvFrom && call.arguments[4] != 0)
        texts.push_back(filled_address_text(call, 4, memory));
      return texts;
    }
    case Shape::Readv:
      return {vector_text(memory, call.arguments[1], call.arguments[2], static_cast<std::uint64_t>(value))};
    case Shape::RecvMsg:
      return {message_text(memory, call.arguments[1], static_cast<std::uint64_t>(value))};
    default:
      return {};
  }
}

bool was_interrupted(std::int64_t value) { return value >= first_restart && value <= last_restart; }

int error_of(std::int64_t value) {
  if (was_interrupted(value)) return EINTR;
  return value < 0 ? static_cast<int>(-value) : 0;
}

std::string value_text(std::int64_t value) {
  if (was_interrupted(value)) return "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
  if (value >= 0) return std::to_string(value);
  const int error = static_cast<int>(-value);
  return fmt::format("-1 {} ({})", errno_name(error), errno_words(error));
}

std::string result_text(const Call& call, std::int64_t value, const Memory& memory) {
  if (value < 0) return errno_name(error_of(value));
  switch (call.what->shape) {
    case Shape::RecvFrom:
    case Shape::Read:
    case Shape::Readv:
    case Shape::RecvMsg: {
      if (static_cast<std::size_t>(value) > most_in_result) return std::to_string(value);
      std::string text = quoted(received_bytes(call, value, memory, most_in_result));
      if (call.what->shape == Shape::RecvFrom && call.arguments[4] != 0) {
        if (const auto sender = filled_address(call, 4, memory)) text += " from " + to_string(*sender);
      }
      return text;
    }
    case Shape::Name: {
      const auto address = filled_address(call, 1, memory);
      return address ? to_string(*address) : "ok";
    }
    case Shape::SendTo:
    case Shape::SendMsg:
    case Shape::SendMmsg:
    case Shape::RecvMmsg:
    case Shape::Write:
    case Shape::Writev:
    case Shape::Sendfile:
      return std::to_string(value);
    case Shape::Getsockopt: {
      const auto length = memory.value<socklen_t>(call.arguments[4]);
      const auto number = memory.value<int>(call.arguments[3]);
      if (!number || length.value_or(0) != sizeof(int)) return "ok";
      const bool is_error = call.arguments[1] == SOL_SOCKET && call.arguments[2] == SO_ERROR && *number != 0;
      return is_error ? errno_name(*number) : std::to_string(*number);
    }
    default:
      return "ok";
  }
}

}  // namespace loopscope::tracer
