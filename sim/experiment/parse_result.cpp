#include "sim/experiment/parse_result.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <limits>

#include "sim/base/errno_name.hpp"

namespace loopscope::experiment {
namespace {

constexpr int last_errno = 133;  // EHWPOISON, include/uapi/asm-generic/errno.h
constexpr auto int64_low = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_high = std::numeric_limits<std::int64_t>::max();

const std::vector<std::string>& errno_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int number = 1; number <= last_errno; ++number) {
      if (std::string name = errno_name(number); errno_number(name)) all.push_back(std::move(name));
    }
    return all;
  }();
  return names;
}

[[noreturn]] void unknown_result(std::string_view word, int column) {
  std::vector<std::string_view> words{"ok", "blocks", "exit"};
  for (int index = 0; index <= static_cast<int>(SocketState::Unconnected); ++index) {
    words.push_back(to_string(static_cast<SocketState>(index)));
  }
  for (const Constant& event : poll_events()) words.push_back(event.name);
  words.insert(words.end(), errno_names().begin(), errno_names().end());
  Cursor::fail_at(column,
                  fmt::format("{} is no RESULT (ok, an errno name, a string, an address, a number, a value, "
                              "a state, events or blocks){}",
                              cite(word), did_you_mean(word, words)));
}

Result parse_pair_result(Cursor& cursor) {
  const Timeval pair = parse_pair(cursor);
  const auto fits = [](std::int64_t value) { return value == static_cast<std::int32_t>(value); };
  if (!fits(pair.seconds) || !fits(pair.microseconds)) return OptionValue{pair};
  return OptionValue{Linger{static_cast<int>(pair.seconds), static_cast<int>(pair.microseconds)}};
}

Result parse_received(Cursor& cursor, Mentions& mentions) {
  Received received{cursor.text(), std::nullopt};
  if (cursor.take_name("from")) received.from = parse_address(cursor, AddressUse::Pattern, mentions);
  return received;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result parse_numeric(Cursor& cursor, Mentions& mentions) {
  const std::string_view word = cursor.peek_word();
  if (word.find_first_of(".:") != std::string_view::npos)
    return parse_address(cursor, AddressUse::Pattern, mentions);
  const std::size_t dash = word.find('-');
  if (dash != std::string_view::npos && is_digits(word.substr(0, dash)) && is_digits(word.substr(dash + 1))) {
    return parse_option_value(cursor, *find_option("IP_LOCAL_PORT_RANGE"));
  }
  return OptionValue{cursor.integer("a number", int64_low, int64_high)};
}

Result parse_named(Cursor& cursor) {
  const int column = cursor.column();
  const std::string_view word = cursor.peek_name();
  if (word.starts_with("POLL")) {
    return Events{static_cast<short>(parse_constants(cursor, poll_events(), "events of poll"))};
  }
  cursor.name();
  if (word == "ok") return Ok{};
  if (word == "blocks") return Blocks{};
  if (word == "holds" || word == "fails") return Claimed{word == "holds"};
  if (word == "exit") return ExitStatus{static_cast<int>(cursor.integer("an exit status", 0, 255))};
  if (word == "not" && cursor.take_name("modelled")) return NotModelled{};
  if (const auto state = parse_socket_state(word)) return *state;
  if (const auto number = errno_number(word)) return Errno{*number};
  unknown_result(word, column);
}

// ---- which RESULT belongs to which call
// ------------------------------------------------------------------------

using Fitted = tl::expected<Result, std::string>;

template <class T>
const T* value_in(const Result& result) {
  const auto* value = std::get_if<OptionValue>(&result);
  return value != nullptr ? std::get_if<T>(value) : nullptr;
}

Fitted unfit(std::string_view call, std::string_view gives, const Result& result) {
  return tl::unexpected(fmt::format("{} gives {}, never {}", call, gives, cite(to_string(result))));
}

Fitted fit_option(const OptionInfo& option, const Result& result) {
  const auto* number = value_in<std::int64_t>(result);
  const auto* pair = value_in<Linger>(result);
  switch (option.shape) {
    case OptionShape::Error:
      if (number != nullptr && *number == 0) return result;
      return unfit("getsockopt of SO_ERROR", "0 or an errno name", result);
    case OptionShape::Number:
      if (number != nullptr) return result;
      return unfit(fmt::format("getsockopt of {}", option.name), "a number", result);
    case OptionShape::Linger:
      if (pair != nullptr) return result;
      return unfit("getsockopt of SO_LINGER", "{on, seconds}", result);
    case OptionShape::Timeval:
      if (pair != nullptr) return Result{OptionValue{Timeval{pair->on, pair->seconds}}};
      if (value_in<Timeval>(result) != nullptr) return result;
      return unfit(fmt::format("getsockopt of {}", option.name), "{seconds, microseconds}", result);
    case OptionShape::PortRange:
      if (value_in<PortRange>(result) != nullptr) return result;
      return unfit("getsockopt of IP_LOCAL_PORT_RANGE", "a range like 40000-40009", result);
    case OptionShape::Device:
      break;
  }
  const auto* name = std::get_if<Received>(&result);
  if (name != nullptr && !name->from && name->bytes.times == 1)
    return Result{OptionValue{DeviceName{name->bytes.bytes}}};
  return unfit("getsockopt of SO_BINDTODEVICE", "a device's name in quotes", result);
}

/// The RESULTs of each call besides ok, blocks and errno names.
struct Fitter {
  const Result& result;

  Fitted operator()(const SocketCall&) const { return descriptor("socket"); }
  Fitted operator()(const AcceptCall&) const { return descriptor("accept"); }
  Fitted operator()(const GetsockoptCall& call) const {
    return fit_option(*find_option(call.option.name), result);
  }
  Fitted operator()(const SendCall& call) const { return count(call.to ? "sendto" : "send"); }
  Fitted operator()(const WriteCall&) const { return count("write"); }
  Fitted operator()(const RecvCall& call) const {
    // A stream with MSG_TRUNC throws the bytes away and tells only how many there were (tcp(7)).
    const auto* number = value_in<std::int64_t>(result);
    if ((call.flags.value_or(0) & MSG_TRUNC) != 0 && number != nullptr && *number >= 0) return result;
    return received(call.with_sender ? "recvfrom" : "recv", call.with_sender);
  }
  Fitted operator()(const ReadCall&) const { return received("read", false); }
  Fitted operator()(const GetsocknameCall&) const { return address("getsockname"); }
  Fitted operator()(const GetpeernameCall&) const { return address("getpeername"); }
  Fitted operator()(const PollCall&) const {
    if (std::holds_alternative<Events>(result)) return result;
    if (const auto* number = value_in<std::int64_t>(result); number != nullptr && *number == 0)
      return Result{Events{0}};
    return unfit("poll", "events like POLLIN|POLLHUP, or 0", result);
  }
  Fitted operator()(const StateCall&) const {
    if (std::holds_alternative<SocketState>(result)) return result;
    return unfit("state", "a state like ESTABLISHED", result);
  }
  /// bind, listen, connect, shutdown, close, setsockopt, fcntl: 0 of the system call is `ok`.
  template <class Other>
  Fitted operator()(const Other& call) const {
    if (const auto* number = value_in<std::int64_t>(result); number != nullptr && *number == 0)
      return Result{Ok{}};
    return unfit(name_of(Call{call}), "`ok`, an errno name or `blocks`", result);
  }

 private:
  Fitted descriptor(std::string_view call) const {
    return unfit(call, "`ok` (which descriptor is left to the kernel), an errno name or `blocks`", result);
  }
  Fitted count(std::string_view call) const {
    if (const auto* number = value_in<std::int64_t>(result); number != nullptr && *number >= 0) return result;
    return unfit(call, "`ok`, the number of bytes it took, an errno name or `blocks`", result);
  }
  Fitted received(std::string_view call, bool with_sender) const {
    const auto* bytes = std::get_if<Received>(&result);
    if (bytes == nullptr) return unfit(call, "the bytes received, as in \"hi\"", result);
    if (bytes->from && !with_sender)
      return tl::unexpected(fmt::format("{} does not tell the sender; recvfrom does", call));
    return result;
  }
  Fitted address(std::string_view call) const {
    if (std::holds_alternative<AddressTerm>(result)) return result;
    return unfit(call, "an address like 127.0.0.1:62893 or 127.0.0.1:*", result);
  }
};

bool fits_every_call(const Result& result) {
  return std::holds_alternative<Ok>(result) || std::holds_alternative<Errno>(result) ||
         std::holds_alternative<Blocks>(result);
}

}  // namespace

Result parse_result_term(Cursor& cursor, Mentions& mentions) {
  const char first = cursor.peek();
  if (first == '\0') cursor.fail("the RESULT is missing: `ok`, an errno name, a string, an address, …");
  if (first == '"') return parse_received(cursor, mentions);
  if (first == '{') return parse_pair_result(cursor);
  if (first == '[' || first == '*') return parse_address(cursor, AddressUse::Pattern, mentions);
  if ((first >= '0' && first <= '9') || first == '-') return parse_numeric(cursor, mentions);
  if (cursor.peek_name().empty()) unknown_result(cursor.peek_word(), cursor.column());
  return parse_named(cursor);
}

tl::expected<Result, std::string> fit_result(const Call& call, const Result& result) {
  if (fits_every_call(result)) return result;
  return std::visit(Fitter{result}, call);
}

tl::expected<Result, std::string> fit_run_result(const Result& result) {
  if (fits_every_call(result) || std::holds_alternative<ExitStatus>(result)) return result;
  return unfit("run", "`exit N`, or `ok` for exit 0", result);
}

}  // namespace loopscope::experiment
