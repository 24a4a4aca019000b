#pragma once

#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>

#include "sim/base/unique_fd.hpp"
#include "sim/lab/engine/actor.hpp"
#include "sim/lab/engine/host_part.hpp"
#include "sim/lab/engine/house.hpp"
#include "sim/lab/engine/machine_part.hpp"
#include "sim/lab/engine/packets.hpp"
#include "sim/lab/engine/patience.hpp"
#include "sim/lab/engine/program.hpp"
#include "sim/lab/engine/reporter.hpp"
#include "sim/lab/engine/sockets.hpp"
#include "sim/lab/engine/translate.hpp"
#include "sim/lab/protocol.hpp"
#include "sim/sandbox/network.hpp"

namespace loopscope::lab {

/// The process inside a world that carries out statements. One thread and one poll(2) loop: the program's
/// channel, the experiment's processes, the captures and the queue of held packets. Statements of the
/// experiment are taken one after the other; acts of the learner at once, each process doing one thing at a
/// time.
///
/// Threading: it must stay single-threaded, because it forks processes that do not exec.
class Engine {
 public:
  explicit Engine(UniqueFd channel);
  /// Until the program closes the channel. What goes wrong is told as RunEnded.
  void run();

 private:
  // ---- engine.cpp: the loop
  void live();
  bool set_up();
  void wait_for_something();
  bool read_input();
  bool read_requests();
  void take_up(Request request);
  using Returns = std::vector<std::pair<Actor*, Told>>;
  void absorb();
  void collect(Returns& back);
  void await_report();
  void look(bool asked);
  void ready_to_end(const std::string& reason);
  void update_patience();

  bool take_packets();
  void begin_stepping();
  void tell_losses();
  void hold_for_learner(bool on);
  void release(const Release& release);
  void release_due();
  [[nodiscard]] std::optional<Nanoseconds> next_due() const;

  // ---- hosts.cpp
  void make_hosts();
  void join(const std::vector<sandbox::Joined>& hosts);
  void watch_all();
  [[nodiscard]] HostPart* host_named(const std::string& name);  ///< "" is `here`; null where there is none
  [[nodiscard]] tl::expected<HostPart*, std::string> host(const std::string& name);
  /// Where packets can be held, in the order of their way: the wire, then each host's `lo`.
  [[nodiscard]] std::vector<Packets*> places();
  /// The one of the language's WHERE, which is ready to hold. Error: why it cannot be held there.
  [[nodiscard]] tl::expected<Packets*, std::string> place(const std::string& where);

  // ---- jobs.cpp: what is under way
  struct Job {
    Perform what;
    enum class Wait : std::uint8_t { None, Call, Returns, Time, Claim, Packets, Program } wait{};
    std::string process;     ///< whose call it waits for
    Nanoseconds deadline{};  ///< of the patience clock; of CLOCK_MONOTONIC for Wait::Time and Wait::Packets
    bool started = false;
  };
  void start_jobs();
  [[nodiscard]] bool may_start(const Job& job);
  void start(Job& job);
  void begin_waiting(Job& job, Job::Wait wait, Nanoseconds until);
  void finish(Job& job, const std::string& result, const std::string& trouble = {});
  void check_deadlines();
  void out_of_patience(Job& job);
  [[nodiscard]] std::optional<Nanoseconds> next_deadline() const;  ///< from now
  [[nodiscard]] Job* waiting_for(const std::string& process);

  // ---- calls.cpp: calls of processes
  [[nodiscard]] tl::expected<Actor*, std::string> actor(const std::string& name, bool make,
                                                        bool anew = false);
  tl::expected<void, std::string> make_actor(const std::string& name, bool as_root, const std::string& host);
  void start_call(Job& job, const experiment::CallStep& step);
  void start_returns(Job& job, const experiment::ReturnsStep& step);
  void entered(Actor& actor, const Report& report);
  void returned(Actor& actor, const Told& told);
  void refused(Actor& actor);
  [[nodiscard]] experiment::Result refined_state(const Actor& actor, const Told& told, int fd);
  bool poll_again(Job& job, Actor& actor, const Underway& call, const Told& told);
  void ended(Actor& actor, int status);
  [[nodiscard]] experiment::Result in_stated_words(experiment::Result result,
                                                   const std::optional<experiment::Stated>& stated,
                                                   const std::string& process) const;
  [[nodiscard]] Names names_for(const std::string& process);
  [[nodiscard]] tl::expected<std::uint16_t, std::string> port_of(const experiment::PortOf& of,
                                                                 const std::string& process) const;

  // ---- machine.cpp: without a world
  void open_machine();
  [[nodiscard]] std::string why_no_capture() const;
  void watch_machine();
  void infer_from(const Actor& process, const Underway& call, const Told& told);
  [[nodiscard]] bool is_ours(const SocketAddress& address) const;

  // ---- listener_filter.cpp
  void take_up_filter(const FilterListener& wanted);
  [[nodiscard]] tl::expected<void, std::string> filter(const FilterListener& wanted);
  // ---- run_programs.cpp: real programs
  [[nodiscard]] Program* program_of(const std::string& process);  ///< the last; null where none
  [[nodiscard]] tl::expected<void, std::string> may_run_programs(const std::string& process);
  void start_program(Job& job, const std::string& process, const std::vector<std::string>& words);
  void make_room_for(const std::string& process);
  void open_shell(const OpenShell& wanted);
  void try_program(Job& job);
  void try_start(Job& job, const experiment::StartStep& start, Program& program, bool late);
  [[nodiscard]] static std::string quoted_name_of(const Job& job);
  void absorb_programs();
  [[nodiscard]] bool awaits_program(const std::string& process) const;
  bool end_programs(Job& job, const std::string& name, bool by_signal_now);
  void hold_calls(bool on);
  void let_call_go(int thread);

  // ---- world_statements.cpp, claims.cpp
  void end_process(Job& job, const std::string& name, bool by_signal);
  void stop_process(Job& job, const experiment::KillStep& kill);
  [[nodiscard]] tl::expected<void, std::string> change_world(const experiment::Body& body,
                                                             bool outside = false);
  [[nodiscard]] tl::expected<void, std::string> packets_statement(const experiment::PacketsDecl& packets);
  [[nodiscard]] tl::expected<bool, std::string> holds(const experiment::Body& claim);
  void try_claim(Job& job);
  [[nodiscard]] bool may_await(const experiment::PacketsDecl& packets);
  void try_to_let_go(Job& job);
  [[nodiscard]] tl::expected<Pattern, std::string> pattern(
      const std::optional<experiment::AddressTerm>& term) const;
  struct Changes;  ///< one overload a world statement
  struct Claims;   ///< one a claim

  UniqueFd channel_;
  std::vector<UniqueFd> passed_;  ///< descriptors that came over it and belong to a request not taken up yet
  std::optional<House> house_;
  Setup setup_;
  Reporter reporter_;
  Lines input_;
  bool program_gone_ = false;
  bool progress_ = false;  ///< a job has finished: the next may be waiting
  hold::Numbers held_numbers_ = hold::make_numbers();
  std::unique_ptr<MachinePart> machine_;          ///< null in a private world
  std::vector<std::unique_ptr<HostPart>> hosts_;  ///< `here` first
  Packets& packets_;                              ///< of `here`
  std::optional<WirePart> wire_;                  ///< where there are further hosts
  UniqueFd bridge_;                               ///< or this, the namespace of a bridge that joins them
  Actors actors_;
  Programs programs_;
  bool holds_calls_ = false;    ///< each call of a program waits for the learner
  std::set<int> held_threads_;  ///< those that wait
  std::map<std::pair<const Program*, std::uint64_t>, std::uint64_t>
      program_calls_;       ///< its number -> the trace's
  std::deque<Job> script_;  ///< the experiment's own statements; the first may be under way
  std::list<Job> acts_;     ///< the learner's
  PatienceClock clock_;
  Milliseconds patience_{300};
  std::uint64_t next_call_ = 1;
  std::optional<UniqueFd> hub_;
};

/// WorldMain of this program's worlds.
void run_engine(UniqueFd channel);

}  // namespace loopscope::lab
