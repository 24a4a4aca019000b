#include <fmt/format.h>

#include <algorithm>

#include "sim/base/errno_name.hpp"
#include "sim/experiment/constants.hpp"
#include "sim/experiment/print.hpp"
#include "sim/experiment/utf8.hpp"

namespace loopscope::experiment {
namespace {

// Shorter strings are shown as they are; longer ones as a repetition where they are one.
constexpr std::size_t shortened_from_bytes = 128;

std::string quote(std::string_view bytes) {
  std::string text = "\"";
  for (std::size_t offset = 0; offset < bytes.size();) {
    const std::size_t length = utf8_length(bytes, offset);
    const char byte = bytes[offset];
    const std::size_t taken = length == 0 ? 1 : length;
    if (byte == '\r')
      text += "\\r";
    else if (byte == '\n')
      text += "\\n";
    else if (byte == '\t')
      text += "\\t";
    else if (byte == '"' || byte == '\\')
      (text += '\\') += byte;
    else if (length == 0 || is_control(bytes, offset, length)) {
      for (std::size_t index = 0; index < taken; ++index) {
        text += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[offset + index]));
      }
    } else {
      text += bytes.substr(offset, length);
    }
    offset += taken;
  }
  return text + '"';
}

/// The length of the shortest unit whose repetition is `bytes` (Knuth, Morris, Pratt's failure function).
std::size_t period_of(std::string_view bytes) {
  std::vector<std::size_t> border(bytes.size(), 0);
  for (std::size_t index = 1; index < bytes.size(); ++index) {
    std::size_t length = border[index - 1];
    while (length > 0 && bytes[index] != bytes[length]) length = border[length - 1];
    if (bytes[index] == bytes[length]) ++length;
    border[index] = length;
  }
  const std::size_t period = bytes.size() - border.back();
  return bytes.size() % period == 0 ? period : bytes.size();
}

Text shortened(const Text& text) {
  if (text.bytes.size() < shortened_from_bytes) return text;
  const std::size_t period = period_of(text.bytes);
  return Text{text.bytes.substr(0, period), text.times * (text.bytes.size() / period)};
}

std::string print_port(const PortTerm& term) {
  if (const auto* port = std::get_if<Port>(&term)) return to_string(*port);
  const auto* of = std::get_if<PortOf>(&term);
  if (of == nullptr) return "*";
  return of->process.empty() ? "port(" + of->variable + ")"
                             : "port(" + of->process + "." + of->variable + ")";
}

std::string print_received(const Text& bytes, const std::optional<AddressTerm>& from) {
  return to_string(bytes) + (from ? " from " + to_string(*from) : "");
}

struct ValuePrinter {
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(const Linger& value) const {
    return fmt::format("{{{}, {}}}", value.on, value.seconds);
  }
  std::string operator()(const Timeval& value) const {
    return fmt::format("{{{}, {}}}", value.seconds, value.microseconds);
  }
  std::string operator()(const PortRange& value) const {
    return to_string(value.low) + "-" + to_string(value.high);
  }
  std::string operator()(const DeviceName& value) const { return quote(value.name); }
};

struct ResultPrinter {
  bool shorten;
  std::string operator()(const Ok&) const { return "ok"; }
  std::string operator()(const Errno& error) const { return errno_name(error.number); }
  std::string operator()(const Received& received) const {
    return print_received(shorten ? shortened(received.bytes) : received.bytes, received.from);
  }
  std::string operator()(const AddressTerm& address) const { return to_string(address); }
  std::string operator()(const OptionValue& value) const { return print_option_value(value); }
  std::string operator()(const SocketState& state) const { return std::string(loopscope::to_string(state)); }
  std::string operator()(const Events& events) const { return join_constants(events.mask, poll_events()); }
  std::string operator()(const Blocks&) const { return "blocks"; }
  std::string operator()(const ExitStatus& exit) const { return "exit " + std::to_string(exit.status); }
  std::string operator()(const Claimed& claim) const { return claim.holds ? "holds" : "fails"; }
  std::string operator()(const NotModelled&) const { return "not modelled"; }
};

}  // namespace

std::string Text::expanded() const {
  if (bytes.size() == 1) return std::string(times, bytes.front());  // most are a byte, many times
  std::string all;
  all.reserve(bytes.size() * times);
  for (std::uint64_t index = 0; index < times; ++index) all += bytes;
  return all;
}

std::string to_string(const Text& text) {
  return text.times == 1 ? quote(text.bytes) : quote(text.bytes) + " * " + std::to_string(text.times);
}

std::string to_string(const AddressTerm& address) {
  if (address.unspec) return "AF_UNSPEC";
  const auto* ip = std::get_if<IpAddress>(&address.ip);
  if (ip == nullptr) return std::holds_alternative<Any>(address.port) ? "*" : "*:" + print_port(address.port);
  const std::string host = loopscope::to_string(*ip);
  return (ip->is_v6() ? "[" + host + "]" : host) + ":" + print_port(address.port);
}

std::string to_string(const Result& result) { return std::visit(ResultPrinter{true}, result); }
std::string print_result(const Result& result) { return std::visit(ResultPrinter{false}, result); }
std::string print_option_value(const OptionValue& value) { return std::visit(ValuePrinter{}, value); }

std::string print_duration(std::chrono::microseconds time) {
  const auto count = time.count();
  if (count % 1'000'000 == 0) return std::to_string(count / 1'000'000) + "s";
  if (count % 1000 == 0) return std::to_string(count / 1000) + "ms";
  return std::to_string(count) + "us";
}

std::string print_word(std::string_view word) {
  const bool reserved = word.empty() || word == "=" || word == "?=" || word == "until";
  const bool special = word.find_first_of(" \t\"'\\#") != std::string_view::npos;
  std::size_t offset = 0;
  for (std::size_t length = 1; offset < word.size() && length != 0; offset += length) {
    length = utf8_length(word, offset);
    if (length == 0 || is_control(word, offset, length)) return quote(word);
  }
  return reserved || special ? quote(word) : std::string(word);
}

}  // namespace loopscope::experiment
