#include <algorithm>

#include "sim/experiment/statement.hpp"

namespace loopscope::experiment {
namespace {

template <class T>
const T* value_as(const Result& result) {
  const auto* value = std::get_if<OptionValue>(&result);
  return value != nullptr ? std::get_if<T>(value) : nullptr;
}

/// Compares without unfolding: either may stand for a hundred megabytes.
bool same_bytes(const Text& one, const Text& other) {
  const std::uint64_t size = one.bytes.size() * one.times;
  if (size != other.bytes.size() * other.times) return false;
  if (size == 0 || (one.times == 1 && other.times == 1)) return size == 0 || one.bytes == other.bytes;
  // Two periodic strings are equal once they agree over the sum of their periods (Fine and Wilf).
  const std::uint64_t enough = std::min<std::uint64_t>(size, one.bytes.size() + other.bytes.size());
  for (std::uint64_t index = 0; index < enough; ++index) {
    if (one.bytes[index % one.bytes.size()] != other.bytes[index % other.bytes.size()]) return false;
  }
  return true;
}

bool agree(const AddressTerm& one, const AddressTerm& other) {
  if (one.unspec || other.unspec) return one.unspec == other.unspec;
  const bool any_ip = std::holds_alternative<Any>(one.ip) || std::holds_alternative<Any>(other.ip);
  const bool any_port = std::holds_alternative<Any>(one.port) || std::holds_alternative<Any>(other.port);
  return (any_ip || one.ip == other.ip) && (any_port || one.port == other.port);
}

bool agree(const Received& one, const Received& other) {
  return same_bytes(one.bytes, other.bytes) && (!one.from || !other.from || agree(*one.from, *other.from));
}

/// `{1, 0}` without its option reads as a linger; `"lo"` as bytes; `0` as a number. Here they meet what the
/// option gives.
bool agree_across_kinds(const Result& one, const Result& other) {
  if (const auto* events = std::get_if<Events>(&one)) {
    const auto* value = value_as<std::int64_t>(other);
    return value != nullptr && *value == events->mask;
  }
  if (const auto* device = value_as<DeviceName>(one)) {
    const auto* received = std::get_if<Received>(&other);
    return received != nullptr && !received->from && same_bytes(received->bytes, Text{device->name, 1});
  }
  if (const auto* linger = value_as<Linger>(one)) {
    const auto* time = value_as<Timeval>(other);
    return time != nullptr && time->seconds == linger->on && time->microseconds == linger->seconds;
  }
  return false;
}

}  // namespace

AddressTerm with_ports(AddressTerm address, const PortLookup& lookup) {
  if (const auto* of = std::get_if<PortOf>(&address.port)) {
    if (const auto port = lookup(*of)) address.port = *port;
  }
  return address;
}

Result with_ports(const Result& result, const PortLookup& lookup) {
  if (const auto* address = std::get_if<AddressTerm>(&result)) return with_ports(*address, lookup);
  const auto* received = std::get_if<Received>(&result);
  if (received == nullptr || !received->from) return result;
  return Received{received->bytes, with_ports(*received->from, lookup)};
}

bool is_known(const Result& result) { return !std::holds_alternative<NotModelled>(result); }

bool is_success(const Result& result) {
  if (const auto* exit = std::get_if<ExitStatus>(&result)) return exit->status == 0;
  if (const auto* claim = std::get_if<Claimed>(&result)) return claim->holds;
  return !std::holds_alternative<Errno>(result) && !std::holds_alternative<Blocks>(result) &&
         is_known(result);
}

bool agree(const Result& one, const Result& other) {
  if (!is_known(one) || !is_known(other)) return false;
  if (std::holds_alternative<Ok>(one)) return is_success(other);
  if (std::holds_alternative<Ok>(other)) return is_success(one);
  if (const auto* a = std::get_if<AddressTerm>(&one), *b = std::get_if<AddressTerm>(&other); a && b) {
    return agree(*a, *b);
  }
  if (const auto* a = std::get_if<Received>(&one), *b = std::get_if<Received>(&other); a && b)
    return agree(*a, *b);
  return one == other || agree_across_kinds(one, other) || agree_across_kinds(other, one);
}

bool agree(const Statement& statement, const Result& stated, const Result& found) {
  const auto* step = std::get_if<CallStep>(&statement.body);
  const auto* call = step != nullptr ? std::get_if<GetsockoptCall>(&step->call) : nullptr;
  const bool gives_errno =
      call != nullptr && call->option.name == "SO_ERROR" && std::holds_alternative<Errno>(found);
  if (gives_errno && std::holds_alternative<Ok>(stated)) return true;
  return agree(stated, found);
}

}  // namespace loopscope::experiment
