#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/experiment/call.hpp"
#include "sim/experiment/terms.hpp"

/// The statements of the language as values: one struct for each kind of line.
namespace loopscope::experiment {

inline constexpr std::string_view here = "here";  ///< the host that there always is

// clang-format off
// ---- what the learner sees
struct Title     { std::string words; bool operator==(const Title&) const = default; };
struct Chapter   { std::string words; bool operator==(const Chapter&) const = default; };
struct Narration { std::string words; bool operator==(const Narration&) const = default; };
// ---- the world (host "" reads as `here`; it is kept as written so that printing gives it back)
struct HostDecl     { std::string name; std::vector<IpAddress> addresses; bool operator==(const HostDecl&) const = default; };
struct ProcessDecl  { std::string name; std::string host; bool as_root = false; bool operator==(const ProcessDecl&) const = default; };
struct DeviceDecl   { std::string host; std::string name; bool operator==(const DeviceDecl&) const = default; };
struct AddressDecl  { std::string host; std::string device; IpAddress ip; int prefix_length = 32; bool operator==(const AddressDecl&) const = default; };
struct SysctlDecl   { std::string host; std::string name; std::string value; bool operator==(const SysctlDecl&) const = default; };
/// `rule_column`: where RULE begins in its line; it does not count.
struct FirewallDecl { std::string host; bool clear = false; std::string chain; std::string rule; int rule_column = 0; bool operator==(const FirewallDecl& other) const { return host == other.host && clear == other.clear && chain == other.chain && rule == other.rule; } };
struct FileDecl     { std::string name; std::vector<std::string> lines; bool operator==(const FileDecl&) const = default; };
struct PatienceDecl { std::chrono::microseconds time{}; bool operator==(const PatienceDecl&) const = default; };
enum class PacketsAction : std::uint8_t { Hold, Pass, Drop, Flow };
/// `where`: a host, "wire", or "" for `here`. `count`: nothing for `all`; meaningful for Pass and Drop.
struct PacketsDecl  { std::string where; PacketsAction action{}; std::optional<std::uint64_t> count = 1; bool operator==(const PacketsDecl&) const = default; };
// ---- steps
/// `= RESULT`, or `?= RESULT` which the learner predicts first.
struct Stated       { Result result; bool asked = false; bool operator==(const Stated&) const = default; };
/// What `kill` sends: SIGKILL ends the process, SIGSTOP freezes it where it is, SIGCONT lets it go on.
enum class Signal : std::uint8_t { Kill, Stop, Continue };
struct CallStep     { std::string process; std::string variable; Call call; std::optional<Stated> stated; bool operator==(const CallStep&) const = default; };
/// `PROCESS: returns [within 8s] = RESULT`
struct ReturnsStep  { std::string process; std::optional<std::chrono::microseconds> within; std::optional<Stated> stated; bool operator==(const ReturnsStep&) const = default; };
struct KillStep     { std::string process; Signal signal = Signal::Kill; bool operator==(const KillStep&) const = default; };
struct ExitStep     { std::string process; bool operator==(const ExitStep&) const = default; };
struct WaitStep     { std::chrono::microseconds time{}; bool operator==(const WaitStep&) const = default; };
/// `PROCESS: run PROGRAM ARGUMENTS…` and `PROCESS: start PROGRAM ARGUMENTS… [until ADDRESS]`; `words[0]` is the program.
struct RunStep      { std::string process; std::vector<std::string> words; std::optional<Stated> stated; bool operator==(const RunStep&) const = default; };
struct StartStep    { std::string process; std::vector<std::string> words; std::optional<AddressTerm> until; bool operator==(const StartStep&) const = default; };
// ---- claims
struct SocketClaim  { bool none = false; std::string host; SocketState state{}; AddressTerm local; std::optional<AddressTerm> peer; std::string by; bool operator==(const SocketClaim&) const = default; };
enum class PacketKind : std::uint8_t { Syn, SynAck, Rst, Fin, Any };
struct PacketsClaim { std::string host; std::uint64_t count = 0; PacketKind kind{}; std::optional<AddressTerm> from; std::optional<AddressTerm> to; bool operator==(const PacketsClaim&) const = default; };
struct HeldClaim    { std::string where; std::uint64_t count = 0; std::optional<PacketKind> kind; bool operator==(const HeldClaim&) const = default; };
// clang-format on

using Body =
    std::variant<Title, Chapter, Narration, HostDecl, ProcessDecl, DeviceDecl, AddressDecl, SysctlDecl,
                 FirewallDecl, FileDecl, PatienceDecl, PacketsDecl, CallStep, ReturnsStep, KillStep, ExitStep,
                 WaitStep, RunStep, StartStep, SocketClaim, PacketsClaim, HeldClaim>;

struct Statement {
  Place place;
  Body body;
  std::string comment;  ///< what followed `#` on its line, without the `#`; kept for printing
  /// Values only: the place and the comment do not count.
  bool operator==(const Statement& other) const { return body == other.body; }
};

/// A comment or blank line of its own, kept so that printing a file keeps it: before statement number
/// `before`.
struct Aside {
  std::size_t before = 0;
  std::string text;  ///< empty: a blank line; otherwise with its `#`
};

struct Experiment {
  std::string file;  ///< as the user named it; "-" for standard input
  std::vector<Statement> statements;
  std::vector<Aside> asides;

  [[nodiscard]] std::string title() const;  ///< empty where none is stated
  bool operator==(const Experiment& other) const { return statements == other.statements; }
};

/// Whether engines take the statement as a step with a result: calls, returns, run, and claims (as the JSON
/// lists them).
[[nodiscard]] bool has_result(const Statement& statement);
[[nodiscard]] const Stated* stated_of(const Statement& statement);  ///< null where none
[[nodiscard]] std::string process_of(const Statement& statement);   ///< "" where no process takes it
/// agree(), knowing the statement: a stated `ok` of getsockopt(fd, SO_ERROR) agrees with the errno name that
/// it gives, too.
[[nodiscard]] bool agree(const Statement& statement, const Result& stated, const Result& found);
/// The line as the canonical printer writes it, without its comment (a `file` block gives several lines).
[[nodiscard]] std::string to_string(const Statement& statement);
/// The statement without process and result, as the JSON's `call`: `bind(r, 127.0.0.1:62893)`, `returns`,
/// `expect …`, `kill server`.
[[nodiscard]] std::string call_text(const Statement& statement);

}  // namespace loopscope::experiment
