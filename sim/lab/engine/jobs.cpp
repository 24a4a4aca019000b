#include <algorithm>

#include "sim/lab/engine/engine.hpp"

/// Which statement is taken when, and what becomes of the time it may take.
namespace loopscope::lab {
namespace {

using namespace experiment;

constexpr auto claim_again_after = std::chrono::milliseconds(5);
constexpr auto claim_while_held = std::chrono::milliseconds(50);
constexpr auto look_again_after = std::chrono::milliseconds(2);

/// The process whose own doing the statement is: kill works on it from outside.
std::string busy_process(const Statement& statement) {
  if (std::holds_alternative<KillStep>(statement.body)) return {};
  return process_of(statement);
}

bool is_claim(const Body& body) {
  return std::holds_alternative<SocketClaim>(body) || std::holds_alternative<PacketsClaim>(body) ||
         std::holds_alternative<HeldClaim>(body);
}

/// What a program listens on is told by no event.
bool listener_is_awaited(const Statement& statement) {
  const auto* start = std::get_if<StartStep>(&statement.body);
  return start != nullptr && start->until;
}

}  // namespace

void Engine::start_jobs() {
  // The experiment's: the next once the one before has finished.
  while (!script_.empty() && !script_.front().started && may_start(script_.front())) {
    Job& job = script_.front();
    start(job);
    if (job.wait != Job::Wait::None) break;
    script_.pop_front();
  }
  // The learner's: any whose process is free. Those on one process keep their order.
  std::vector<std::string> taken;
  for (auto act = acts_.begin(); act != acts_.end();) {
    const std::string process = busy_process(act->what.statement);
    const bool overtakes = !process.empty() && std::find(taken.begin(), taken.end(), process) != taken.end();
    if (!act->started && !overtakes && may_start(*act)) {
      start(*act);
      if (act->wait == Job::Wait::None) {
        act = acts_.erase(act);
        continue;
      }
    }
    taken.push_back(process);
    ++act;
  }
}

/// Not while its process is in a call that may still return in time: then it waits its turn.
bool Engine::may_start(const Job& job) {
  const std::string process = busy_process(job.what.statement);
  if (process.empty()) return true;
  const auto found = actors_.find(process);
  if (found == actors_.end() || found->second->idle()) return true;
  return found->second->underway()->reported_blocked && waiting_for(process) == nullptr;
}

void Engine::start(Job& job) {
  job.started = true;
  const Statement& statement = job.what.statement;
  reporter_.say_now(trace::StepStarted{job.what.step, job.what.index, statement.place.line,
                                       process_of(statement), to_string(statement)});
  if (!job.what.problem.empty()) return finish(job, "", job.what.problem);
  if (machine_) {
    if (const std::string why = machine_->guard.refusal(statement); !why.empty()) return finish(job, "", why);
  }
  if (const auto* call = std::get_if<CallStep>(&statement.body)) return start_call(job, *call);
  if (const auto* returns = std::get_if<ReturnsStep>(&statement.body)) return start_returns(job, *returns);
  if (const auto* kill = std::get_if<KillStep>(&statement.body))
    return kill->signal == Signal::Kill ? end_process(job, kill->process, true) : stop_process(job, *kill);
  if (const auto* exit = std::get_if<ExitStep>(&statement.body))
    return end_process(job, exit->process, false);
  if (const auto* wait = std::get_if<WaitStep>(&statement.body)) {
    return begin_waiting(job, Job::Wait::Time, monotonic_now() + wait->time);
  }
  if (const auto* run = std::get_if<RunStep>(&statement.body))
    return start_program(job, run->process, run->words);
  if (const auto* program = std::get_if<StartStep>(&statement.body))
    return start_program(job, program->process, program->words);
  if (is_claim(statement.body)) {
    begin_waiting(job, Job::Wait::Claim, clock_.now() + patience_);
    return try_claim(job);
  }
  if (const auto* packets = std::get_if<PacketsDecl>(&statement.body); packets && may_await(*packets)) {
    begin_waiting(job, Job::Wait::Packets, monotonic_now() + patience_);
    return try_to_let_go(job);
  }
  const auto done = change_world(statement.body, job.what.outside);
  finish(job, "", done ? "" : done.error());
}

void Engine::begin_waiting(Job& job, Job::Wait wait, Nanoseconds until) {
  job.wait = wait;
  job.deadline = until;
}

void Engine::finish(Job& job, const std::string& result, const std::string& trouble) {
  job.wait = Job::Wait::None;
  progress_ = true;
  take_packets();
  look(false);
  reporter_.say_now(trace::StepFinished{job.what.step, result, trouble});
}

Engine::Job* Engine::waiting_for(const std::string& process) {
  const auto waits = [&](const Job& job) {
    return (job.wait == Job::Wait::Call || job.wait == Job::Wait::Returns) && job.process == process;
  };
  if (!script_.empty() && waits(script_.front())) return &script_.front();
  const auto act = std::find_if(acts_.begin(), acts_.end(), waits);
  return act == acts_.end() ? nullptr : &*act;
}

std::optional<Nanoseconds> Engine::next_deadline() const {
  std::optional<Nanoseconds> next;
  const auto consider = [&](Nanoseconds left) { next = next ? std::min(*next, left) : left; };
  const auto consider_job = [&](const Job& job) {
    if (job.wait == Job::Wait::Time || job.wait == Job::Wait::Packets)
      return consider(job.deadline - monotonic_now());
    if (job.wait == Job::Wait::None || (clock_.paused() && job.wait != Job::Wait::Claim)) return;
    if (job.wait == Job::Wait::Claim && clock_.paused()) return consider(claim_while_held);
    const Nanoseconds left = job.deadline - clock_.now();
    const bool looks_again = job.wait == Job::Wait::Claim ||
                             (job.wait == Job::Wait::Program && listener_is_awaited(job.what.statement));
    consider(looks_again ? std::min<Nanoseconds>(left, claim_again_after) : left);
  };
  if (!script_.empty()) consider_job(script_.front());
  for (const Job& act : acts_) consider_job(act);
  if (const auto due = next_due()) consider(*due - monotonic_now());
  if (machine_) consider(machine_->next_look - monotonic_now());
  return next;
}

void Engine::check_deadlines() {
  const auto check_job = [&](Job& job) {
    if (job.wait == Job::Wait::Claim) return try_claim(job);
    if (job.wait == Job::Wait::Packets) return try_to_let_go(job);
    if (job.wait == Job::Wait::Program) return try_program(job);
    if (job.wait == Job::Wait::Time && monotonic_now() >= job.deadline) return finish(job, "");
    if (job.wait != Job::Wait::None && job.wait != Job::Wait::Time && clock_.now() >= job.deadline) {
      out_of_patience(job);
    }
  };
  if (!script_.empty() && script_.front().started) {
    check_job(script_.front());
    if (script_.front().wait == Job::Wait::None) script_.pop_front();
  }
  for (auto act = acts_.begin(); act != acts_.end();) {
    if (act->started) check_job(*act);
    act = act->started && act->wait == Job::Wait::None ? acts_.erase(act) : std::next(act);
  }
}

/// The call has not come back. It blocks where the kernel has put the process to sleep; otherwise the machine
/// is only slow, and it gets a little longer.
void Engine::out_of_patience(Job& job) {
  const auto found = actors_.find(job.process);
  if (found == actors_.end() || !found->second->alive()) return finish(job, "", job.process + " has ended");
  Actor& process = *found->second;
  if (process.stopped() && process.underway() != nullptr) {
    process.underway()->reported_blocked = true;
    return finish(job, to_string(Result{Blocks{}}));
  }
  if (process.underway() == nullptr || !process.underway()->entered || !process.asleep()) {
    job.deadline = clock_.now() + look_again_after;
    return;
  }
  // What it did before it fell asleep, a port it got by connect for one.
  if (const auto seen = peek(process.pid(), process.underway()->order.fd);
      seen && number(seen->own.port) != 0 && process.underway()->order.op == Op::Connect) {
    process.remember_port(process.underway()->order.fd, number(seen->own.port));
  }
  process.underway()->reported_blocked = true;
  finish(job, to_string(Result{Blocks{}}));
}

}  // namespace loopscope::lab
