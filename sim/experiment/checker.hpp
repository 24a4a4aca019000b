#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/experiment/parse_line.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::experiment {

/// Follows a file from line to line and knows which names there are at each: hosts, devices, processes, their
/// variables. Faults are collected, not thrown: one line may have several.
class Checker {
 public:
  /// Takes the line up; completes it where it needs what came before (`port(VAR)` of a claim, the RESULT of
  /// `returns`).
  void take(ParsedLine& line);
  /// A line that could not be read still makes its names known.
  void take_broken(const BrokenLine& line);
  /// What can be told only at the end of the file (whether there is a network between hosts).
  void finish();

  struct Finding {
    int line = 0;
    Fault fault;
  };
  [[nodiscard]] std::vector<Finding>& findings() { return findings_; }

 private:
  enum class Last : std::uint8_t { Nothing, Unknown, OneCall, Program };
  struct Process {
    int first_line = 0;  ///< 0: only a broken line names it
    bool declared = false;
    int ended_line = 0;                            ///< 0: it lives
    std::set<std::string, std::less<>> variables;  ///< that it has now
    std::set<std::string, std::less<>>
        past_variables;  ///< that it has or ever had: their ports are still known
    std::set<std::string, std::less<>> open;
    std::size_t sockets = 0;
    Last last = Last::Nothing;
    std::optional<Call> last_call;
  };
  using Kind = Mention::Kind;

  void complain(int column, std::string message);
  void check_mention(Mention& mention, const std::string& process);
  void check_variable(const Mention& mention, Process& process, const std::string& name);
  void check_port(Mention& mention, const std::string& process);
  void check_host(const Mention& mention);
  void check_where(const Mention& mention);
  void check_device(const Mention& mention);
  void check_process(const Mention& mention);
  /// The only process that has or had such a variable; complains where there is none, or more.
  std::string owner_of(const Mention& mention);
  Process& step_of(const std::string& name, int column);
  void make_known(const std::string& name, int column);

  void take_body(Title& title);
  void take_body(HostDecl& host);
  void take_body(ProcessDecl& process);
  void take_body(DeviceDecl& device);
  void take_body(CallStep& step);
  void take_body(ReturnsStep& step);
  void take_body(RunStep& step);
  void take_body(StartStep& step);
  void take_body(KillStep& step) {
    if (step.signal == Signal::Kill) end_process(step.process);
  }
  void take_body(ExitStep& step) { end_process(step.process); }
  void take_body(SocketClaim& claim);
  void take_body(PacketsClaim& claim);
  template <class Other>
  void take_body(Other&) {}

  void resolve(AddressTerm& address);
  void end_process(const std::string& name);
  void count_socket(Process& process, const CallStep& step);

  std::map<std::string, Process, std::less<>> processes_;
  std::map<std::string, int, std::less<>> hosts_{{std::string(here), 0}};  ///< to the line that declares it
  std::map<std::pair<std::string, std::string>, int> devices_;             ///< {host, device} to its line
  int title_line_ = 0;
  std::size_t sockets_ = 0;
  bool too_many_sockets_ = false;
  std::vector<Finding> need_network_;  ///< faults unless the file declares a further host

  int line_ = 0;
  int column_ = 0;
  int result_column_ = 0;
  std::vector<Finding> findings_;
};

}  // namespace loopscope::experiment
