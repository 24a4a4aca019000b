#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/base/socket_state.hpp"

/// The nouns of the experiment language: what stands inside the parentheses and after the equals sign.
/// All are plain values that compare and copy. The contract is sim/experiment/LANGUAGE.md.
namespace loopscope::experiment {

/// Where a thing stands in its file; both count from 1, columns in bytes. {0, 0}: made by the program.
struct Place {
  int line = 0;
  int column = 0;
};

/// `port(VAR)` or `port(PROCESS.VAR)`: the port that socket had when last it was bound or connected.
struct PortOf {
  std::string process;  ///< empty: the process of the step itself
  std::string variable;
  bool operator==(const PortOf&) const = default;
};
/// `*`: any (only in a RESULT or a claim).
struct Any {
  bool operator==(const Any&) const = default;
};
using PortTerm = std::variant<Port, PortOf, Any>;

/// An ADDRESS: `127.0.0.1:62893`, `[::1]:port(s)`, `*`, `*:80`, `AF_UNSPEC`.
struct AddressTerm {
  bool unspec = false;  ///< AF_UNSPEC; then ip and port mean nothing
  std::variant<IpAddress, Any> ip = Any{};
  PortTerm port = Any{};
  bool operator==(const AddressTerm&) const = default;
};

/// A C string, `"abc"` or `"x" * 1000`. `bytes` is the decoded content of one repetition.
struct Text {
  std::string bytes;
  std::uint64_t times = 1;
  [[nodiscard]] std::string expanded() const;
  bool operator==(const Text&) const = default;
};

// ---- option values: what setsockopt takes and getsockopt gives
// -----------------------------------------------
struct Linger {  ///< `{1, 0}`: on, seconds
  int on = 0;
  int seconds = 0;
  bool operator==(const Linger&) const = default;
};
struct Timeval {  ///< `{0, 150000}`: seconds, microseconds
  std::int64_t seconds = 0;
  std::int64_t microseconds = 0;
  bool operator==(const Timeval&) const = default;
};
struct PortRange {  ///< `40000-40009`
  Port low{};
  Port high{};
  bool operator==(const PortRange&) const = default;
};
struct DeviceName {  ///< `"lo"`
  std::string name;
  bool operator==(const DeviceName&) const = default;
};
using OptionValue = std::variant<std::int64_t, Linger, Timeval, PortRange, DeviceName>;

/// Events of poll(2), a set of POLLIN | POLLPRI | POLLOUT | POLLERR | POLLHUP | POLLNVAL | POLLRDHUP. 0:
/// none.
struct Events {
  short mask = 0;
  bool operator==(const Events&) const = default;
};

// ---- RESULT
// ---------------------------------------------------------------------------------------------------
struct Ok {  ///< agrees with any success
  bool operator==(const Ok&) const = default;
};
struct Errno {
  int number = 0;
  bool operator==(const Errno&) const = default;
};
struct Received {  ///< bytes received, and from whom where recvfrom says so
  Text bytes;
  std::optional<AddressTerm> from;
  bool operator==(const Received&) const = default;
};
struct Blocks {
  bool operator==(const Blocks&) const = default;
};
struct ExitStatus {  ///< `exit N` of a real program
  int status = 0;
  bool operator==(const ExitStatus&) const = default;
};
struct Claimed {  ///< result of a claim: `holds` or `fails`
  bool holds = false;
  bool operator==(const Claimed&) const = default;
};
struct NotModelled {  ///< the model's honest answer, with the reason for `because`
  std::string reason;
  bool operator==(const NotModelled&) const = default;
};
/// Every RESULT: stated by a file, measured by the kernel engine, or predicted by the model.
/// Numbers, option values and descriptors' success: a `send` gives int64 (inside OptionValue), SO_ERROR gives
/// Errno or 0.
using Result = std::variant<Ok, Errno, Received, AddressTerm, OptionValue, SocketState, Events, Blocks,
                            ExitStatus, Claimed, NotModelled>;

/// As the language writes it: `ok`, `EADDRINUSE`, `"hi" from 127.0.0.1:4000`, `{1, 0}`, `POLLIN|POLLHUP`,
/// `not modelled`…
[[nodiscard]] std::string to_string(const Result& result);
[[nodiscard]] std::string to_string(const AddressTerm& address);
[[nodiscard]] std::string to_string(const Text& text);  ///< quoted and escaped
/// Whether what was found agrees with what was stated: equal, or `ok` with any success, `*` with any port or
/// address, `0` with no events. NotModelled agrees with nothing and differs from nothing: ask is_known first.
/// Symmetric.
[[nodiscard]] bool agree(const Result& one, const Result& other);
/// The port that `port(…)` stands for; nothing where that socket never had one. An empty process is the
/// step's own.
using PortLookup = std::function<std::optional<Port>(const PortOf&)>;
/// With each `port(…)` replaced by the number it stands for; agree() takes one that is left for a port of its
/// own.
[[nodiscard]] AddressTerm with_ports(AddressTerm address, const PortLookup& lookup);
[[nodiscard]] Result with_ports(const Result& result, const PortLookup& lookup);
[[nodiscard]] bool is_known(const Result& result);  ///< not NotModelled
[[nodiscard]] bool is_success(
    const Result& result);  ///< neither Errno nor Blocks, NotModelled, Claimed{false}

}  // namespace loopscope::experiment
