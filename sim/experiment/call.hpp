#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/experiment/terms.hpp"

/// The calls of the language, one struct each. `fd` is the name of a variable of the calling process.
namespace loopscope::experiment {

enum class Domain : std::uint8_t { Inet, Inet6 };
enum class SocketType : std::uint8_t { Stream, Datagram };

/// A socket option by its C name; the table in options.hpp gives level, number and the shape of its value.
struct OptionName {
  std::string name;  ///< "SO_REUSEADDR"
  bool operator==(const OptionName&) const = default;
};

// clang-format off
struct SocketCall      { Domain domain{}; SocketType type{}; bool nonblock = false; bool operator==(const SocketCall&) const = default; };
struct SetsockoptCall  { std::string fd; OptionName option; OptionValue value; bool operator==(const SetsockoptCall&) const = default; };
struct GetsockoptCall  { std::string fd; OptionName option; bool operator==(const GetsockoptCall&) const = default; };
struct BindCall        { std::string fd; AddressTerm address; bool operator==(const BindCall&) const = default; };
struct ListenCall      { std::string fd; std::int64_t backlog = 0; bool operator==(const ListenCall&) const = default; };
struct ConnectCall     { std::string fd; AddressTerm address; bool operator==(const ConnectCall&) const = default; };
struct AcceptCall      { std::string fd; bool operator==(const AcceptCall&) const = default; };
/// send and sendto (with `to`). `flags`: MSG_… of send(2).
struct SendCall        { std::string fd; Text bytes; std::optional<AddressTerm> to; int flags = 0; bool operator==(const SendCall&) const = default; };
/// recv, and recvfrom (`with_sender`). `count` absent: 65536. `flags`: MSG_… of recv(2), absent: none written.
struct RecvCall        { std::string fd; bool with_sender = false; std::optional<std::uint64_t> count; std::optional<int> flags; bool operator==(const RecvCall&) const = default; };
struct ReadCall        { std::string fd; std::optional<std::uint64_t> count; bool operator==(const ReadCall&) const = default; };
struct WriteCall       { std::string fd; Text bytes; bool operator==(const WriteCall&) const = default; };
struct ShutdownCall    { std::string fd; int how = 0; bool operator==(const ShutdownCall&) const = default; };  ///< SHUT_RD, SHUT_WR, SHUT_RDWR
struct CloseCall       { std::string fd; bool operator==(const CloseCall&) const = default; };
struct GetsocknameCall { std::string fd; bool operator==(const GetsocknameCall&) const = default; };
struct GetpeernameCall { std::string fd; bool operator==(const GetpeernameCall&) const = default; };
struct FcntlCall       { std::string fd; bool nonblock = false; bool operator==(const FcntlCall&) const = default; };  ///< F_SETFL, O_NONBLOCK or 0
struct PollCall        { std::string fd; Events events; bool operator==(const PollCall&) const = default; };
struct StateCall       { std::string fd; bool operator==(const StateCall&) const = default; };  ///< no system call: TCP_INFO's tcpi_state
// clang-format on

using Call = std::variant<SocketCall, SetsockoptCall, GetsockoptCall, BindCall, ListenCall, ConnectCall,
                          AcceptCall, SendCall, RecvCall, ReadCall, WriteCall, ShutdownCall, CloseCall,
                          GetsocknameCall, GetpeernameCall, FcntlCall, PollCall, StateCall>;

/// 'bind', 'recvfrom', 'state'.
[[nodiscard]] std::string name_of(const Call& call);
/// 'bind(r, 127.0.0.1:62893)'.
[[nodiscard]] std::string to_string(const Call& call);
/// The variable the call works on; nothing for socket.
[[nodiscard]] std::optional<std::string> descriptor_of(const Call& call);

}  // namespace loopscope::experiment
