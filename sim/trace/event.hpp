#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/trace/packet.hpp"
#include "sim/trace/socket_entry.hpp"

/// What happens in a lab, as a list of timed facts. A trace knows nothing of the language or of lessons:
/// results and calls are texts in the language's own notation. FORMAT.md describes the file.
namespace loopscope::trace {

using CallId = std::uint64_t;  ///< pairs CallEntered with CallReturned; counts from 1
using HeldId = std::uint64_t;  ///< a packet held in the kernel's path; counts from 1

// clang-format off
/// First event of each trace.
struct RunStarted     { std::string program_version; std::string kernel; std::string experiment; /**< its text */ std::string file; std::int64_t unix_nanoseconds = 0; bool operator==(const RunStarted&) const = default; };
struct RunEnded       { std::string reason; /**< "finished", "stopped", or what went wrong */ bool operator==(const RunEnded&) const = default; };
/// `outside`: a program of this machine that the experiment did not start (`run --here`), under its own name; `user`: whose, where known.
struct ProcessStarted { std::string process; std::string host; int pid = 0; bool root = false; bool outside = false; std::string user{}; bool operator==(const ProcessStarted&) const = default; };
struct ProcessEnded   { std::string process; int pid = 0; std::optional<int> exit_status; std::optional<int> signal; bool operator==(const ProcessEnded&) const = default; };
/// A statement is taken up. `statement` is its index in the experiment, or nothing where the learner acted by hand.
struct StepStarted    { std::uint64_t step = 0; std::optional<std::uint64_t> statement; int line = 0; std::string process; std::string text; bool operator==(const StepStarted&) const = default; };
/// `result` in the language's notation; "" for statements without one. `trouble`: why it could not be done, else empty.
struct StepFinished   { std::uint64_t step = 0; std::string result; std::string trouble; bool operator==(const StepFinished&) const = default; };
/// `arguments` as strace(1) writes them, with the real descriptor: '3, {sa_family=AF_INET, sin_port=htons(62893), …}, 16'.
struct CallEntered    { CallId call = 0; std::string process; int pid = 0; std::string name; std::string arguments; int fd = -1; std::string variable; std::string host; bool operator==(const CallEntered&) const = default; };
/// `value` is what the call returned (a new descriptor, a count, 0), -1 with `error`. `result` is in the language's notation.
struct CallReturned   { CallId call = 0; std::string process; std::string name; std::int64_t value = 0; int error = 0; std::string result; std::string details; /**< what strace(1) adds, e.g. the bytes received */ std::string host; bool operator==(const CallReturned&) const = default; };
/// A packet as the capture saw it on `device` of `host`; `at` is the kernel's stamp. On `lo` each is seen once; one between
/// hosts at both, first as it leaves. `derived`: nobody saw it; a socket's state or a call's result shows that it has passed by
/// `at`, and what these do not tell (sequence numbers, `raw`) is empty.
struct PacketSeen     { std::string host; std::string device; Packet packet; std::optional<HeldId> held; /**< it had been held under this id */ bool leaves = false; /**< on its way out of the host */ bool derived = false; bool operator==(const PacketSeen&) const = default; };
enum class Hook : std::uint8_t { Output, Input };
/// A packet is stopped in the kernel's path until a PacketLetGo names it. `host` is `wire` for one on its way between hosts.
struct PacketHeld     { HeldId id = 0; std::string host; Hook hook{}; Packet packet; bool operator==(const PacketHeld&) const = default; };
enum class Verdict : std::uint8_t { Passed, Dropped };
struct PacketLetGo    { HeldId id = 0; Verdict verdict{}; bool by_timer = false; /**< after a delay */ bool operator==(const PacketLetGo&) const = default; };
/// The kernel sent a held (or lost) packet again. `of` is the held packet it repeats. It is not held a second time.
struct Retransmission { HeldId of = 0; std::string host; Packet packet; bool operator==(const Retransmission&) const = default; };
/// The whole socket table of a host at this moment.
struct SocketTable    { std::string host; std::vector<SocketEntry> sockets; bool operator==(const SocketTable&) const = default; };
enum class Judgement : std::uint8_t { Accepted, Dropped, Rejected };
/// What a chain of a host's firewall did with a packet. Chains without rules say nothing. `rule`: the one that decided, as it
/// was written; empty where none matched, so that the packet goes on. `packet`: its headers, of TCP without options and data.
struct FirewallJudged { std::string host; Hook hook{}; Judgement judgement{}; std::string rule; Packet packet; bool operator==(const FirewallJudged&) const = default; };
/// World statements that took effect: 'sysctl net.ipv4…= 1', 'packets hold'.
struct WorldChanged   { std::string host; std::string what; bool operator==(const WorldChanged&) const = default; };
// clang-format on

using Fact = std::variant<RunStarted, RunEnded, ProcessStarted, ProcessEnded, StepStarted, StepFinished,
                          CallEntered, CallReturned, PacketSeen, PacketHeld, PacketLetGo, Retransmission,
                          SocketTable, WorldChanged, FirewallJudged>;

struct Event {
  Nanoseconds at{};  ///< CLOCK_MONOTONIC since RunStarted
  Fact fact;
  bool operator==(const Event&) const = default;
};

}  // namespace loopscope::trace
