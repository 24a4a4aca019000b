#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/lab/refused_rule.hpp"
#include "sim/trace/event.hpp"

/// What the program and the engine inside a world say to one another over the world's channel: one JSON
/// object a line. The program sends requests; the engine answers with one Hello and then with lines of a
/// trace (sim/trace/json.hpp).
namespace loopscope::lab {

/// A further host, with the addresses that the experiment gives it (none: the next of the common network).
struct HostToMake {
  std::string name;
  std::vector<std::string> addresses;
};
/// The first request.
struct Setup {
  bool stepping = false;
  bool here = false;        ///< no world of its own: nothing of the machine may be changed
  std::int64_t origin = 0;  ///< CLOCK_MONOTONIC nanoseconds: the trace's time 0
  /// Chains and rules that nftables is asked about before anything is run.
  std::vector<std::pair<std::string, std::string>> rules;
  std::vector<HostToMake> hosts;
  /// The names of the experiment's own, where nobody else may be called so.
  std::vector<std::string> processes;
  bool programs = false;  ///< `run` and `start` are allowed
  bool house = false;     ///< programs live together, and a shell with them
  bool bridge = false;    ///< see Lab::Options
};
struct Perform {
  std::uint64_t step = 0;
  std::optional<std::uint64_t> index;  ///< nothing: the learner's own act
  experiment::Statement statement;
  std::string problem;   ///< why the statement is none of the language; empty in what is sent
  bool outside = false;  ///< of the house, where there is one
};
struct HoldPackets {
  bool on = false;
};
struct Release {
  trace::HeldId id = 0;
  trace::Verdict verdict{};
  std::optional<Milliseconds> after;  ///< later, not now
};
/// IP_MINTTL on a listener of the experiment's own: see Lab::block_listener.
struct FilterListener {
  std::uint64_t step = 0;
  std::string process, variable;
  bool on = false;
};
struct Look {};
/// Whether the calls of real programs wait for a learner.
struct HoldCalls {
  bool on = false;
};
struct LetCallGo {
  int thread = 0;  ///< CallEntered::pid
};
/// A shell in the house; with the line come its link and, without a terminal, its three streams
/// (passing.hpp).
struct OpenShell {
  std::string host, start, terminal;  ///< as ShellWish has them
  bool administrator = false;
};
using Request =
    std::variant<Setup, Perform, HoldPackets, Release, FilterListener, Look, HoldCalls, LetCallGo, OpenShell>;

/// What the engine found where it woke up.
struct Hello {
  bool can_hold = false;
  std::string why_no_hold;
  std::string why_no_capture;   ///< empty: it captures
  std::string why_no_firewall;  ///< empty: it has one, or (where it is not stepped) nobody has asked
  bool shows_bound = false;     ///< TCP_BOUND_INACTIVE
  bool second_user = false;     ///< an ordinary process is another user than root's
  bool ipv6 = false;
  std::vector<RuleRefused> rule_problems;
};

[[nodiscard]] std::string to_line(const Request& request);
[[nodiscard]] tl::expected<Request, std::string> request_from(std::string_view line);
[[nodiscard]] std::string to_line(const Hello& hello);
[[nodiscard]] tl::expected<Hello, std::string> hello_from(std::string_view line);

/// Bytes in, lines out.
class Lines {
 public:
  void add(std::string_view bytes) { buffer_ += bytes; }
  [[nodiscard]] std::optional<std::string> next();
  [[nodiscard]] std::size_t unfinished() const noexcept { return buffer_.size() - used_; }

 private:
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace loopscope::lab
