#include "sim/lab/engine/outcome.hpp"

#include <netinet/in.h>
#include <sys/time.h>

#include <cstring>

#include "sim/experiment/options.hpp"

namespace loopscope::lab {
namespace {

using namespace experiment;

template <typename Value>
Value taken_from(const Report& report) {
  Value value{};
  std::memcpy(&value, report.option.data(), sizeof value);
  return value;
}

Result option_result(const GetsockoptCall& call, const Report& report) {
  const OptionInfo* option = find_option(call.option.name);
  switch (option->shape) {
    case OptionShape::Linger: {
      const auto value = taken_from<linger>(report);
      return OptionValue{experiment::Linger{value.l_onoff, value.l_linger}};
    }
    case OptionShape::Timeval: {
      const auto value = taken_from<timeval>(report);
      return OptionValue{experiment::Timeval{value.tv_sec, value.tv_usec}};
    }
    case OptionShape::PortRange: {
      const auto value = taken_from<std::uint32_t>(report);
      return OptionValue{PortRange{Port{static_cast<std::uint16_t>(value & 0xffff)},
                                   Port{static_cast<std::uint16_t>(value >> 16)}}};
    }
    case OptionShape::Device: {
      const std::size_t size = std::min<std::size_t>(report.option_length, report.option.size());
      return OptionValue{
          DeviceName{std::string(report.option.data(), ::strnlen(report.option.data(), size))}};
    }
    case OptionShape::Error:
      if (const int error = taken_from<int>(report)) return Errno{error};
      return OptionValue{std::int64_t{0}};
    case OptionShape::Number:
      break;
  }
  // IP_TOS and IP_TTL may come back as one byte (ip(7)).
  if (report.option_length == 1) return OptionValue{std::int64_t{taken_from<unsigned char>(report)}};
  return OptionValue{std::int64_t{taken_from<int>(report)}};
}

std::optional<AddressTerm> term_of(const RawAddress& raw) {
  if (raw.length == 0) return std::nullopt;
  const auto address = SocketAddress::from(raw.storage);
  if (!address) return std::nullopt;
  return AddressTerm{false, address->ip, address->port};
}

/// The shortest way to say them: strings of one byte often are what a test of sizes sends.
Text text_of(const std::string& bytes) {
  const bool uniform = bytes.size() >= 128 && bytes.find_first_not_of(bytes[0]) == std::string::npos;
  return uniform ? Text{bytes.substr(0, 1), bytes.size()} : Text{bytes, 1};
}

Result address_result(const RawAddress& raw) {
  if (auto term = term_of(raw)) return *term;
  return Ok{};
}

struct Success {
  const Order& order;
  const Report& report;
  const std::string& bytes;

  Result operator()(const GetsockoptCall& call) const { return option_result(call, report); }
  Result operator()(const SendCall&) const { return OptionValue{report.value}; }
  Result operator()(const WriteCall&) const { return OptionValue{report.value}; }
  Result operator()(const RecvCall&) const {
    // A stream with MSG_TRUNC throws the bytes away and tells only how many there were (tcp(7)).
    if (report.socket_type == SOCK_STREAM && (order.flags & MSG_TRUNC) != 0) return OptionValue{report.value};
    return Received{text_of(bytes), order.with_sender ? term_of(report.address) : std::nullopt};
  }
  Result operator()(const ReadCall&) const { return Received{text_of(bytes), std::nullopt}; }
  Result operator()(const GetsocknameCall&) const { return address_result(report.address); }
  Result operator()(const GetpeernameCall&) const { return address_result(report.address); }
  Result operator()(const PollCall&) const { return Events{report.events}; }
  Result operator()(const StateCall&) const {
    return socket_state_from_kernel(report.tcp_state).value_or(SocketState::Closed);
  }
  template <typename Other>
  Result operator()(const Other&) const {
    return Ok{};
  }
};

}  // namespace

Result result_of(const Call& call, const Order& order, const Report& report, const std::string& bytes) {
  if (report.value < 0) return Errno{report.error};
  return std::visit(Success{order, report, bytes}, call);
}

}  // namespace loopscope::lab
