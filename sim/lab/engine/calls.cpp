#include <sys/wait.h>

#include "sim/experiment/parser.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/outcome.hpp"
#include "sim/lab/engine/trouble.hpp"

/// The calls that the experiment's processes make.
namespace loopscope::lab {
namespace {

using namespace experiment;

// A poll(2) waits by itself for the patience: only what is wrong takes longer.
constexpr auto poll_grace = std::chrono::seconds(2);
constexpr auto poll_while_held = std::chrono::milliseconds(1000);

std::string still_in(const Actor& actor, const Underway& call) {
  return actor.name() + " has not returned from " + to_string(call.step.call) + " yet: `" + actor.name() +
         ": returns` waits for it";
}

/// The address of a RESULT, if it has one.
AddressTerm* address_in(Result& result) {
  if (auto* address = std::get_if<AddressTerm>(&result)) return address;
  auto* received = std::get_if<Received>(&result);
  return received != nullptr && received->from ? &*received->from : nullptr;
}

bool is_datagram(const Report& report) { return report.socket_type == SOCK_DGRAM; }

}  // namespace

tl::expected<void, std::string> Engine::make_actor(const std::string& name, bool as_root,
                                                   const std::string& host_name) {
  const auto known = actors_.find(name);
  if (known != actors_.end() && known->second->alive())
    return trouble("there is a process " + name + " already");
  if (known == actors_.end() && actors_.size() >= max_processes) {
    return trouble("a world has at most " + std::to_string(max_processes) + " processes");
  }
  const auto part = host(host_name);
  if (!part) return trouble(part.error());
  const int network = (*part)->network.get();
  auto actor = std::make_unique<Actor>(name, (*part)->name, as_root, !setup_.here, network);
  reporter_.say_now(trace::ProcessStarted{name, (*part)->name, actor->pid(), as_root});
  if (known != actors_.end()) {
    // port(VARIABLE) still tells the ports of the sockets that the one before had.
    for (const auto& [variable, before] : known->second->variables)
      actor->variables[variable] = {-1, false, before.port};
  }
  actors_[name] = std::move(actor);
  return {};
}

tl::expected<Actor*, std::string> Engine::actor(const std::string& name, bool make, bool anew) {
  auto found = actors_.find(name);
  if (found == actors_.end()) {
    if (!make) return trouble("there is no process " + name + " yet");
    if (auto made = make_actor(name, false, ""); !made) return trouble(made.error());
    found = actors_.find(name);
  }
  if (!found->second->alive()) {
    if (!anew) return trouble(name + " has ended: `process " + name + "` starts it anew");
    if (auto made = make_actor(name, found->second->as_root(), found->second->host()); !made)
      return trouble(made.error());
    found = actors_.find(name);
  }
  return found->second.get();
}

Names Engine::names_for(const std::string& process) {
  Names names;
  names.descriptor = [this, process](const std::string& variable) -> tl::expected<int, std::string> {
    if (const auto fd = actors_.at(process)->descriptor(variable)) return *fd;
    return trouble(process + " has no socket named " + variable);
  };
  names.port = [this, process](const PortOf& of) { return port_of(of, process); };
  return names;
}

tl::expected<std::uint16_t, std::string> Engine::port_of(const PortOf& of, const std::string& process) const {
  const std::string& owner = of.process.empty() ? process : of.process;
  const Variable* variable = nullptr;
  for (const auto& [name, actor] : actors_) {
    // In a claim, where no process is named, the variable's name says enough if only one process has it.
    if (!owner.empty() && name != owner) continue;
    const auto found = actor->variables.find(of.variable);
    if (found == actor->variables.end()) continue;
    if (variable != nullptr) {
      return trouble("two processes have a socket " + of.variable + ": write port(PROCESS." + of.variable +
                     ")");
    }
    variable = &found->second;
  }
  const std::string shown = owner.empty() ? of.variable : owner + "." + of.variable;
  if (variable == nullptr) return trouble("there is no socket " + shown);
  if (variable->port == 0) return trouble(shown + " has no port yet");
  return variable->port;
}

/// What was measured, in the words of what was stated: `127.0.0.1:port(l)` where that is the port that l has.
/// Only the engine knows what the names stand for, and the file's reader compares the two.
Result Engine::in_stated_words(Result result, const std::optional<Stated>& stated,
                               const std::string& process) const {
  if (!stated) return result;
  Result words = stated->result;
  const AddressTerm* term = address_in(words);
  AddressTerm* measured = address_in(result);
  if (term == nullptr || measured == nullptr) return result;
  const auto* name = std::get_if<PortOf>(&term->port);
  if (name == nullptr) return result;
  const auto port = port_of(*name, process);
  if (port && measured->port == PortTerm{Port{*port}}) measured->port = *name;
  return result;
}

void Engine::start_call(Job& job, const CallStep& step) {
  // A process that has ended has no descriptors, so that only a new socket can begin something.
  const auto found = actor(step.process, true, std::holds_alternative<SocketCall>(step.call));
  if (!found) return finish(job, "", found.error());
  Actor& process = **found;
  if (!process.idle()) return finish(job, "", still_in(process, *process.underway()));
  auto prepared = prepare_call(step.call, names_for(step.process), patience_);
  if (!prepared) return finish(job, "", prepared.error());
  process.late_result.reset();
  job.process = step.process;
  if (const auto& asked = prepared->order.address; machine_ && asked.length > 0) {
    if (const auto address = SocketAddress::from(asked.storage)) machine_->outsiders.watch(address->port);
  }
  const bool polls = prepared->order.op == Op::Poll;
  begin_waiting(job, Job::Wait::Call, clock_.now() + patience_ + (polls ? poll_grace : Milliseconds(0)));
  Underway call{prepared->order, step, next_call_++, std::move(prepared->bytes), clock_.now(), false, false};
  reporter_.flush();
  process.obey(std::move(call));
}

void Engine::start_returns(Job& job, const ReturnsStep& step) {
  const auto found = actor(step.process, false);
  if (!found) return finish(job, "", found.error());
  Actor& process = **found;
  if (process.late_result) {
    const Result result = *process.late_result;
    process.late_result.reset();
    return finish(job, to_string(in_stated_words(result, step.stated, step.process)));
  }
  if (process.idle()) return finish(job, "", step.process + " has no call under way");
  job.process = step.process;
  begin_waiting(job, Job::Wait::Returns,
                clock_.now() + (step.within ? Nanoseconds(*step.within) : Nanoseconds(patience_)));
}

void Engine::entered(Actor& process, const Report& report) {
  Underway* call = process.underway();
  if (call == nullptr) return;
  call->entered = true;
  reporter_.say(
      Nanoseconds(report.at),
      trace::CallEntered{call->call, process.name(), process.pid(), kernel_name(call->order),
                         strace_arguments(call->step.call, call->order, call->bytes), call->order.fd,
                         descriptor_of(call->step.call).value_or(""), process.host()});
}

void Engine::returned(Actor& process, const Told& told) {
  if (process.underway() == nullptr) return;
  const Underway call = *process.underway();
  if (told.report.kind == Report::Kind::Refused) return refused(process);
  take_packets();  // what the call sent lies before its return
  infer_from(process, call, told);
  Result result = result_of(call.step.call, call.order, told.report, told.bytes);
  process.remember(call, told.report);
  if (std::holds_alternative<StateCall>(call.step.call)) result = refined_state(process, told, call.order.fd);
  reporter_.say(Nanoseconds(told.report.at),
                trace::CallReturned{call.call, process.name(), kernel_name(call.order), told.report.value,
                                    told.report.error, to_string(result),
                                    strace_details(call.step.call, call.order, told.report, told.bytes),
                                    process.host()});
  process.clear_underway();
  Job* job = waiting_for(process.name());
  if (job == nullptr) {
    process.late_result = std::move(result);
    look(false);
    return;
  }
  if (poll_again(*job, process, call, told)) return;
  const Stated* stated = stated_of(job->what.statement);
  finish(*job, to_string(in_stated_words(std::move(result), stated ? std::optional(*stated) : std::nullopt,
                                         process.name())));
}

/// The process did not make the call: on the machine itself it would have left the loopback.
void Engine::refused(Actor& process) {
  process.clear_underway();
  const std::string why =
      "this would open a port on every address of this machine, as the socket has no address of the "
      "loopback; "
      "it was not done. Bind it to 127.0.0.1 first";
  if (Job* job = waiting_for(process.name())) finish(*job, "", why);
}

/// A poll that ran out of time while a learner held a packet did not run out of patience: it is made again.
bool Engine::poll_again(Job& job, Actor& process, const Underway& call, const Told& told) {
  if (!setup_.stepping || call.order.op != Op::Poll || told.report.value != 0) return false;
  const Nanoseconds left = patience_ - (clock_.now() - call.since);
  if (!clock_.paused() && left < Milliseconds(5)) return false;
  Underway again = call;
  again.call = next_call_++;
  again.entered = again.reported_blocked = false;
  const auto wait = clock_.paused() ? Milliseconds(poll_while_held) : std::chrono::ceil<Milliseconds>(left);
  again.order.second = static_cast<int>(wait.count());
  job.deadline = clock_.now() + wait + poll_grace;
  process.obey(std::move(again));
  return true;
}

/// TCP_INFO calls a socket that is bound and nothing more closed, as one that is not bound. The socket table
/// tells them apart; and it has the words for UDP.
Result Engine::refined_state(const Actor& process, const Told& told, int fd) {
  if (told.report.value < 0 && !is_datagram(told.report)) return Errno{told.report.error};
  const auto state = socket_state_from_kernel(told.report.tcp_state).value_or(SocketState::Closed);
  if (!is_datagram(told.report) && state != SocketState::Closed) return state;
  for (const trace::SocketEntry& entry : host_named(process.host())->sockets->look(actors_)) {
    if (entry.pid == process.pid() && entry.fd == fd) return entry.state;
  }
  return is_datagram(told.report) ? SocketState::Unconnected : SocketState::Closed;
}

void Engine::ended(Actor& process, int status) {
  trace::ProcessEnded event{process.name(), process.last_pid(), std::nullopt, std::nullopt};
  if (WIFEXITED(status)) event.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) event.signal = WTERMSIG(status);
  reporter_.say_now(event);
  if (Job* job = waiting_for(process.name())) {
    finish(*job, "", process.name() + " ended before its call returned");
  }
}

void Engine::end_process(Job& job, const std::string& name, bool by_signal) {
  if (end_programs(job, name, by_signal)) return;
  const auto found = actor(name, false);
  if (!found) return finish(job, "", found.error());
  Actor& process = **found;
  if (!by_signal && !process.idle()) return finish(job, "", still_in(process, *process.underway()));
  if (!by_signal && process.stopped())
    return finish(job, "",
                  name + " is stopped (SIGSTOP) and cannot leave by itself: `kill " + name +
                      " SIGCONT` lets it go on, `kill " + name + "` ends it");
  ended(process, by_signal ? process.kill() : process.leave());
  finish(job, "");
}

/// SIGSTOP and SIGCONT: its kernel goes on for it, it does not.
void Engine::stop_process(Job& job, const KillStep& kill) {
  const bool stop = kill.signal == Signal::Stop;
  std::string on;
  for (const auto& program : programs_) {
    if (program->process() != kill.process || program->all_gone()) continue;
    program->order(stop ? TracerOrder::Stop : TracerOrder::Continue);
    on = program->host();
  }
  if (on.empty()) {
    const auto found = actor(kill.process, false);
    if (!found) return finish(job, "", found.error());
    if (!(*found)->alive()) return finish(job, "", kill.process + " has ended already");
    (*found)->let_run(!stop);
    on = (*found)->host();
  }
  reporter_.say_now(trace::WorldChanged{on, to_string(job.what.statement)});
  finish(job, "");
}

}  // namespace loopscope::lab
