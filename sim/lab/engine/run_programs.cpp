#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "sim/base/system_error.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/engine/shell_process.hpp"
#include "sim/lab/engine/trouble.hpp"
#include "sim/lab/shell_line.hpp"
#include "sim/sandbox/prepare.hpp"

/// `run` and `start`: real programs as processes of the experiment.
namespace loopscope::lab {
namespace {

using namespace experiment;

constexpr auto run_within = std::chrono::seconds(60);
constexpr auto listen_within = std::chrono::seconds(20);
constexpr int by_signal = 128;  // exit N of a program that a signal ended, as shells say it

std::string quoted_name(const std::vector<std::string>& words) {
  const auto slash = words.front().rfind('/');
  return slash == std::string::npos ? words.front() : words.front().substr(slash + 1);
}

/// Nothing of the user's own environment: it holds secrets, and an experiment shall be the same everywhere.
std::vector<std::string> environment_of(bool as_root) {
  const std::string folder = sandbox::working_folder;
  return {std::string("PATH=") + usual_search,
          "HOME=" + folder,
          "TMPDIR=" + folder,
          "PWD=" + folder,
          "LANG=C.UTF-8",
          "TERM=dumb",
          std::string("USER=") + (as_root ? "root" : "lab"),
          "PYTHONUNBUFFERED=1",
          "PYTHONDONTWRITEBYTECODE=1"};
}

std::string with_last_words(const std::string& sentence, const Program& program) {
  const std::string words = program.last_words();
  return words.empty() ? sentence : sentence + "; its last words: " + words;
}

std::string end_in_words(int status) {
  return WIFSIGNALED(status) ? "it was ended by signal " + std::to_string(WTERMSIG(status))
                             : "it ended with exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Program* Engine::program_of(const std::string& process) {
  for (auto one = programs_.rbegin(); one != programs_.rend(); ++one) {
    if ((*one)->process() == process) return one->get();
  }
  return nullptr;
}

tl::expected<void, std::string> Engine::may_run_programs(const std::string& process) {
  if (setup_.here)
    return trouble(
        "programs of an experiment run in a private world only; `loopscope watch --here` runs one of "
        "your own on this machine");
  if (!setup_.programs) return trouble("this experiment may not start programs: nobody has allowed it");
  if (programs_.size() + actors_.size() >= max_processes)
    return trouble("a world has at most " + std::to_string(max_processes) + " processes");
  const Program* before = program_of(process);
  if (before != nullptr && !before->ended() && before->trouble().empty())
    return trouble(process + " is running a program already: `kill " + process + "` ends it");
  const auto actor = actors_.find(process);
  if (actor != actors_.end() && actor->second->alive() && !actor->second->idle())
    return trouble(process + " has not returned from its call yet");
  return {};
}

/// Who looks again and again has its client started each time: the ones before are of no interest.
void Engine::make_room_for(const std::string& process) {
  std::erase_if(programs_, [&](const auto& one) {
    if (one->process() != process || !one->all_gone()) return false;
    std::erase_if(program_calls_, [&](const auto& call) { return call.first.first == one.get(); });
    return true;
  });
}

void Engine::open_shell(const OpenShell& wanted) {
  std::vector<UniqueFd> passed = std::exchange(passed_, {});
  const std::size_t needed = wanted.terminal.empty() ? 4 : 1;
  if (passed.size() != needed)
    throw SystemError("a shell's descriptors did not come with its request", EPROTO);
  const int link = passed.front().get();
  const auto refuse = [link](const std::string& why) {
    const std::string line = shell_line::trouble + why + "\n";
    (void)write_fully(link, line.data(), line.size());
  };
  const auto part = host(wanted.host);
  if (!part) return refuse(part.error());
  if (!house_) return refuse("this world has no house for a shell");
  try {
    const auto visit = (*part)->visit();
    start_shell(*house_, wanted, std::move(passed), environment_of(false));
  } catch (const SystemError& error) {
    reporter_.say_now(trace::WorldChanged{(*part)->name, std::string("no shell: ") + error.what()});
  }
}

void Engine::start_program(Job& job, const std::string& process, const std::vector<std::string>& words) {
  if (const auto may = may_run_programs(process); !may) return finish(job, "", may.error());
  const auto actor = actors_.find(process);
  const bool known = actor != actors_.end();
  const auto part = host(known ? actor->second->host() : "");
  if (!part) return finish(job, "", part.error());
  ProgramOrder order;
  auto path = find_program(words.front(), usual_search);
  if (!path) return finish(job, "", path.error());
  order.path = *path;
  order.words = words;
  order.as_root = known && actor->second->as_root();
  order.environment = environment_of(order.as_root);
  order.folder = sandbox::working_folder;
  order.in_world = order.stranger = true;
  if (house_ && !job.what.outside) {
    order.house_processes = house_->processes();
    order.house_mounts = house_->mounts();
  }
  if (house_) make_room_for(process);
  try {
    const auto visit = (*part)->visit();
    programs_.push_back(std::make_unique<Program>(process, (*part)->name, std::move(order), holds_calls_));
  } catch (const SystemError& error) {
    return finish(job, "", std::string("cannot ") + error.what());
  }
  job.process = process;
  const bool is_run = std::holds_alternative<RunStep>(job.what.statement.body);
  begin_waiting(job, Job::Wait::Program,
                clock_.now() + (is_run ? Nanoseconds(run_within) : Nanoseconds(listen_within)));
}

/// Looks whether what the job waits for has come.
void Engine::try_program(Job& job) {
  Program* program = program_of(job.process);
  if (program == nullptr) return finish(job, "", job.process + " runs no program");
  if (!program->trouble().empty())
    return finish(job, "", with_last_words(quoted_name_of(job) + ": " + program->trouble(), *program));
  const bool late = clock_.now() >= job.deadline;
  if (const auto* start = std::get_if<StartStep>(&job.what.statement.body))
    return try_start(job, *start, *program, late);
  if (std::holds_alternative<ExitStep>(job.what.statement.body)) {
    if (program->ended()) return finish(job, "");
    if (late) finish(job, "", job.process + " does not heed SIGTERM: `kill " + job.process + "` ends it");
    return;
  }
  if (const auto status = program->ended()) {
    if (WIFSIGNALED(*status) && WTERMSIG(*status) == SIGXCPU)
      return finish(job, "",
                    quoted_name_of(job) + " used more than " + std::to_string(ProgramLimits::cpu_seconds) +
                        " s of processor time, which is what a program may have here: it was ended");
    if (job.what.outside && !program->last_words().empty())
      reporter_.say_now(
          trace::WorldChanged{program->host(), job.process + " wrote: " + program->last_words()});
    const int code = WIFSIGNALED(*status) ? by_signal + WTERMSIG(*status) : WEXITSTATUS(*status);
    return finish(job, to_string(Result{ExitStatus{code}}));
  }
  if (!late) return;
  const std::string words = with_last_words(quoted_name_of(job) + " did not end within " +
                                                std::to_string(std::chrono::seconds(run_within).count()) +
                                                " s and was ended; `start` leaves a program running",
                                            *program);
  program->kill();
  finish(job, "", words);
}

std::string Engine::quoted_name_of(const Job& job) {
  if (const auto* run = std::get_if<RunStep>(&job.what.statement.body)) return quoted_name(run->words);
  if (const auto* start = std::get_if<StartStep>(&job.what.statement.body)) return quoted_name(start->words);
  return job.process;
}

void Engine::try_start(Job& job, const StartStep& start, Program& program, bool late) {
  if (!program.running()) return;
  const std::string done = to_string(Result{Ok{}});
  if (!start.until) return finish(job, done);
  const auto where = pattern(start.until);
  if (!where) return finish(job, "", where.error());
  HostPart* part = host_named(program.host());
  const auto entries = part->sockets->look(actors_);
  const bool listens = has_socket(entries, SocketState::Listen, *where, {}, "") ||
                       has_socket(entries, SocketState::Unconnected, *where, {}, "");
  if (listens) return finish(job, done);
  const std::string address = to_string(*start.until);
  if (program.all_gone())
    return finish(job, "",
                  with_last_words(quoted_name(start.words) + " ended before anything listened on " + address +
                                      ": " + end_in_words(program.ended().value_or(0)),
                                  program));
  if (late)
    finish(job, "",
           with_last_words("nothing listens on " + address + " " +
                               std::to_string(std::chrono::seconds(listen_within).count()) + " s after " +
                               quoted_name(start.words) + " was started",
                           program));
}

/// What programs did since the last look. Their calls' numbers become the trace's.
void Engine::absorb_programs() {
  for (const auto& program : programs_) {
    const bool was_well = program->trouble().empty();
    for (trace::Event& event : program->collect()) {
      if (auto* entered = std::get_if<trace::CallEntered>(&event.fact)) {
        if (holds_calls_) held_threads_.insert(entered->pid);
        entered->call = program_calls_[{program.get(), entered->call}] = next_call_++;
      } else if (auto* returned = std::get_if<trace::CallReturned>(&event.fact)) {
        const auto known = program_calls_.find({program.get(), returned->call});
        if (known == program_calls_.end()) continue;
        returned->call = known->second;
        program_calls_.erase(known);
      }
      reporter_.say(event.at, std::move(event.fact));
    }
    if (program->all_gone()) std::erase_if(held_threads_, [](int thread) { return ::kill(thread, 0) != 0; });
    // Where a step waits for it the step says so.
    if (was_well && !program->trouble().empty() && !awaits_program(program->process()))
      reporter_.say_now(trace::WorldChanged{program->host(), program->process() + ": " + program->trouble()});
  }
}

bool Engine::awaits_program(const std::string& process) const {
  const auto awaits = [&](const Job& job) {
    return job.wait == Job::Wait::Program && job.process == process;
  };
  return (!script_.empty() && awaits(script_.front())) || std::any_of(acts_.begin(), acts_.end(), awaits);
}

/// `kill` and `exit` of a process that runs programs. False where it runs none.
bool Engine::end_programs(Job& job, const std::string& name, bool by_signal_now) {
  if (program_of(name) == nullptr) return false;
  bool any = false;
  for (const auto& program : programs_) {
    if (program->process() != name || program->all_gone()) continue;
    any = true;
    if (by_signal_now)
      program->kill();
    else
      program->order(TracerOrder::Terminate);
  }
  if (!any) {
    const auto actor = actors_.find(name);
    if (actor != actors_.end() && actor->second->alive()) return false;
    finish(job, "", "the program of " + name + " has ended already");
  } else if (by_signal_now) {
    absorb_programs();
    finish(job, "");
  } else {
    job.process = name;
    begin_waiting(job, Job::Wait::Program, clock_.now() + patience_ + std::chrono::seconds(3));
  }
  return true;
}

void Engine::hold_calls(bool on) {
  holds_calls_ = on;
  held_threads_.clear();
  for (const auto& program : programs_) program->order(on ? TracerOrder::Hold : TracerOrder::Flow);
}

void Engine::let_call_go(int thread) {
  held_threads_.erase(thread);
  for (const auto& program : programs_) {
    if (program->pids().contains(thread)) return program->go(thread);
  }
  // A thread other than a process's first: whose it is, its tracer knows.
  for (const auto& program : programs_) program->go(thread);
}

}  // namespace loopscope::lab
