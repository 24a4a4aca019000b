#include "sim/experiment/parse_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace loopscope::experiment {
namespace {

constexpr std::string_view address_forms =
    "an address is like 127.0.0.1:62893, [::1]:62893 or 127.0.0.1:port(s)";
constexpr std::size_t longest_name = 64;

PortOf parse_port_of(Cursor& cursor, int port_column, Mentions& mentions) {
  PortOf port;
  const int column = cursor.column();
  port.variable = std::string(cursor.name());
  if (cursor.take('.')) {
    port.process = std::move(port.variable);
    port.variable = std::string(cursor.name());
  }
  if (port.variable.empty() || !cursor.take(')')) {
    Cursor::fail_at(port_column,
                    "a port taken from a socket is `port(VARIABLE)` or `port(PROCESS.VARIABLE)`");
  }
  mentions.push_back({Mention::Kind::Port, port.process, port.variable, column});
  return port;
}

Port parse_port_number(std::string_view digits, int column) {
  unsigned value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_number = error == std::errc{} && stop == digits.data() + digits.size();
  const bool only_digits =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (only_digits && (!is_number || value > 65535)) {
    Cursor::fail_at(column, fmt::format("{} is no port: ports go from 0 (any) to 65535", cite(digits)));
  }
  if (!only_digits) {
    Cursor::fail_at(column,
                    fmt::format("{} where a port belongs: a number from 0 to 65535, or `port(VARIABLE)`",
                                digits.empty() ? "nothing" : cite(digits)));
  }
  return Port{static_cast<std::uint16_t>(value)};
}

PortTerm parse_port(Cursor& cursor, AddressUse use, Mentions& mentions) {
  const int column = cursor.column();
  if (cursor.peek_at_once() == '*') {
    if (use == AddressUse::Argument)
      cursor.fail("`*` stands for any port in a RESULT or a claim only; to ask for any port write 0");
    cursor.take('*');
    return Any{};
  }
  const std::string_view word = cursor.until_any(",()");
  if (word == "port" && cursor.peek_at_once() == '(') {
    cursor.take('(');
    return parse_port_of(cursor, column, mentions);
  }
  return parse_port_number(word, column);
}

/// What stands before the port's colon: `127.0.0.1`, `[::1]`.
IpAddress parse_host_part(Cursor& cursor) {
  const int column = cursor.column();
  if (cursor.take('[')) {
    const std::string_view inside = cursor.until_any("],)");
    const auto ip = IpAddress::parse(inside);
    if (!ip || !ip->is_v6())
      Cursor::fail_at(column, fmt::format("{} is no IPv6 address; {}", cite(inside), address_forms));
    if (!cursor.take(']')) cursor.fail("the IPv6 address is not closed with `]`");
    return *ip;
  }
  Cursor ahead = cursor;
  const std::string whole(ahead.until_any(",()"));
  if (const auto bare = IpAddress::parse(whole); bare && bare->is_v6()) {
    Cursor::fail_at(column, "an IPv6 address with a port stands in brackets, as in [::1]:80");
  }
  const std::string_view part = cursor.until_any(":,()");
  const auto ip = IpAddress::parse(part);
  if (!ip) {
    const std::string_view hint =
        part == "localhost" ? "names are not looked up: write 127.0.0.1 or [::1]" : address_forms;
    Cursor::fail_at(column, fmt::format("{} is no address; {}", part.empty() ? "this" : cite(part), hint));
  }
  return *ip;
}

}  // namespace

AddressTerm parse_address(Cursor& cursor, AddressUse use, Mentions& mentions) {
  AddressTerm address;
  const int column = cursor.column();
  if (cursor.at_end()) cursor.fail(fmt::format("nothing where an address belongs; {}", address_forms));
  if (cursor.take_name("AF_UNSPEC")) {
    if (use == AddressUse::Pattern)
      Cursor::fail_at(column, "AF_UNSPEC is no address that a socket has; `*` stands for any");
    address.unspec = true;
    return address;
  }
  if (cursor.peek() == '*') {
    if (use == AddressUse::Argument)
      cursor.fail(
          "`*` stands for any address in a RESULT or a claim only; for all addresses of the host write "
          "0.0.0.0 or [::]");
    cursor.take('*');
    if (cursor.peek_at_once() != ':') return address;
  } else {
    address.ip = parse_host_part(cursor);
  }
  if (cursor.peek_at_once() != ':')
    Cursor::fail_at(column, fmt::format("the port is missing; {}", address_forms));
  cursor.take(':');
  address.port = parse_port(cursor, use, mentions);
  return address;
}

IpAddress parse_ip(std::string_view word, int column) {
  const auto ip = IpAddress::parse(word);
  if (!ip)
    Cursor::fail_at(
        column,
        fmt::format("{} is no IP address; it is like 192.0.2.7 or 2001:db8::7, without a port", cite(word)));
  return *ip;
}

std::vector<std::string_view> names_of(std::span<const Constant> table) {
  std::vector<std::string_view> names;
  for (const Constant& constant : table) names.push_back(constant.name);
  return names;
}

int parse_constants(Cursor& cursor, std::span<const Constant> table, std::string_view what) {
  if (cursor.take_name("0")) return 0;
  int mask = 0;
  do {
    const int column = cursor.column();
    const std::string next = cite_next(cursor);
    const std::string_view name = cursor.name();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Constant& known) { return known.name == name; });
    if (found == table.end()) {
      Cursor::fail_at(column, fmt::format("{} is none of the {}{}", name.empty() ? next : cite(name), what,
                                          did_you_mean(name, names_of(table))));
    }
    mask |= found->value;
  } while (cursor.take('|'));
  return mask;
}

const OptionInfo& parse_option_name(Cursor& cursor) {
  const int column = cursor.column();
  const std::string next = cite_next(cursor);
  const std::string_view name = cursor.name();
  if (const OptionInfo* option = find_option(name)) return *option;
  std::vector<std::string_view> names;
  for (const OptionInfo& option : options()) names.push_back(option.name);
  Cursor::fail_at(column, fmt::format("{} is no socket option of the language{}",
                                      name.empty() ? next : cite(name), did_you_mean(name, names)));
}

Timeval parse_pair(Cursor& cursor) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  Timeval pair;
  cursor.expect('{', "a value of two numbers, like {1, 0}");
  pair.seconds = cursor.integer("a number", low, high);
  cursor.expect(',', "a value of two numbers, like {1, 0}");
  pair.microseconds = cursor.integer("a number", low, high);
  cursor.expect('}', "a value of two numbers, like {1, 0}");
  return pair;
}

namespace {

constexpr auto int_low = std::numeric_limits<std::int32_t>::min();
constexpr auto int_high = std::numeric_limits<std::int32_t>::max();

Linger parse_linger(Cursor& cursor) {
  const int column = cursor.column();
  const Timeval pair = parse_pair(cursor);
  const auto fits = [](std::int64_t value) { return value >= int_low && value <= int_high; };
  if (!fits(pair.seconds) || !fits(pair.microseconds)) {
    Cursor::fail_at(column, fmt::format("the numbers of SO_LINGER go from {} to {}", int_low, int_high));
  }
  return Linger{static_cast<int>(pair.seconds), static_cast<int>(pair.microseconds)};
}

PortRange parse_port_range(Cursor& cursor) {
  const int column = cursor.column();
  const std::string_view written = cursor.until_any(",)");
  const std::size_t dash = written.find('-');
  if (dash == std::string_view::npos)
    Cursor::fail_at(column, "a range of ports is written 40000-40009 (0-0 for none)");
  return PortRange{parse_port_number(written.substr(0, dash), column),
                   parse_port_number(written.substr(dash + 1), column + static_cast<int>(dash) + 1)};
}

DeviceName parse_device_name(Cursor& cursor) {
  const int column = cursor.column();
  DeviceName device{cursor.string()};
  if (device.name.find('\0') != std::string::npos)
    Cursor::fail_at(column, "a device's name holds no NUL byte");
  return device;
}

}  // namespace

OptionValue parse_option_value(Cursor& cursor, const OptionInfo& option) {
  if (cursor.peek() == ')' || cursor.at_end())
    cursor.fail(fmt::format("the value of {} is missing", option.name));
  switch (option.shape) {
    case OptionShape::Linger:
      if (cursor.peek() != '{') cursor.fail("SO_LINGER takes {on, seconds}, as in {1, 0}");
      return parse_linger(cursor);
    case OptionShape::Timeval:
      if (cursor.peek() != '{')
        cursor.fail(fmt::format("{} takes {{seconds, microseconds}}, as in {{0, 150000}}", option.name));
      return parse_pair(cursor);
    case OptionShape::PortRange:
      return parse_port_range(cursor);
    case OptionShape::Device:
      if (cursor.peek() != '"')
        cursor.fail(fmt::format("{} takes a device's name in quotes, as in \"lo\"", option.name));
      return parse_device_name(cursor);
    case OptionShape::Number:
    case OptionShape::Error:
      break;
  }
  // Most options are an int, some an unsigned one (TCP_USER_TIMEOUT, tcp(7)).
  return cursor.integer(fmt::format("a value of {}", option.name), int_low,
                        std::numeric_limits<std::uint32_t>::max());
}

std::string parse_new_name(Cursor& cursor, std::string_view what) {
  const int column = cursor.column();
  const std::string next = cite_next(cursor);
  const std::string_view name = cursor.name();
  const bool starts_well = !name.empty() && name.front() != '-' && (name.front() < '0' || name.front() > '9');
  if (!starts_well)
    Cursor::fail_at(
        column, fmt::format("{} where the name of {} belongs: letters, digits, `_` and `-`, a letter first",
                            next, what));
  if (name.size() > longest_name)
    Cursor::fail_at(column, fmt::format("the name of {} is longer than {} characters", what, longest_name));
  return std::string(name);
}

}  // namespace loopscope::experiment
