#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/experiment/call.hpp"
#include "sim/experiment/constants.hpp"
#include "sim/experiment/cursor.hpp"
#include "sim/experiment/options.hpp"
#include "sim/experiment/statement.hpp"

/// Readers of what stands inside a statement. All throw Fault.
namespace loopscope::experiment {

/// A name that a statement uses, with its place: whether it exists is known only once the whole file is read.
struct Mention {
  enum class Kind : std::uint8_t { Variable, Port, Process, Host, Where, Device };
  Kind kind{};
  std::string owner;  ///< the process of a variable, the host of a device; empty: the step's own, `here`
  std::string name;
  int column = 0;
};
using Mentions = std::vector<Mention>;

/// Where an ADDRESS stands decides what it may hold.
enum class AddressUse : std::uint8_t {
  Argument,  ///< no `*`; AF_UNSPEC is allowed
  Pattern,   ///< a RESULT or a claim: `*` is allowed, AF_UNSPEC is not
};
[[nodiscard]] AddressTerm parse_address(Cursor& cursor, AddressUse use, Mentions& mentions);
/// An address without a port, e.g. of a host: `192.0.2.7`, `2001:db8::7`.
[[nodiscard]] IpAddress parse_ip(std::string_view word, int column);

/// `A|B|C` of the table, or 0; `what` names them in the error: 'flags of send and recv'.
[[nodiscard]] int parse_constants(Cursor& cursor, std::span<const Constant> table, std::string_view what);
[[nodiscard]] std::vector<std::string_view> names_of(std::span<const Constant> table);

[[nodiscard]] const OptionInfo& parse_option_name(Cursor& cursor);
/// A value in the shape that setsockopt takes for the option.
[[nodiscard]] OptionValue parse_option_value(Cursor& cursor, const OptionInfo& option);
/// `{A, B}`.
[[nodiscard]] Timeval parse_pair(Cursor& cursor);

/// A name that the file gives (a process, a host, a variable); `what` names it in the error: 'a process'.
[[nodiscard]] std::string parse_new_name(Cursor& cursor, std::string_view what);

}  // namespace loopscope::experiment
