#include "sim/tracer/tracer.hpp"

#include <linux/ptrace.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "sim/base/system_error.hpp"

namespace loopscope::tracer {
namespace {

constexpr auto calm_checked_after = std::chrono::milliseconds(25);
constexpr int syscall_stop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD

/// ptrace(2) without glibc's header, which can't be had together with the kernel's.
long trace(long request, pid_t thread, std::uintptr_t address = 0, std::uintptr_t data = 0) {
  return ::syscall(SYS_ptrace, request, thread, address, data);
}

/// Errors mean that the thread has been killed meanwhile: its end is told by waitpid(2).
void resume(long how, pid_t thread, int signal = 0) {
  (void)trace(how, thread, 0, static_cast<std::uintptr_t>(signal));
}

/// The thread group of a thread, and the process that started it.
struct Family {
  pid_t process = 0;
  pid_t parent = 0;
};
Family family_of(pid_t thread) {
  Family family{thread, 0};
  std::ifstream file("/proc/" + std::to_string(thread) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Tgid:")) family.process = std::stoi(line.substr(5));
    if (line.starts_with("PPid:")) {
      family.parent = std::stoi(line.substr(5));
      break;
    }
  }
  return family;
}

bool is_group_stop(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

Nanoseconds clock_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
}

Tracer::Tracer(Listener& listener, Options options)
    : listener_(listener), options_(std::move(options)), descriptors_(options_.output_inode) {}

void Tracer::attach(pid_t child) {
  constexpr std::uintptr_t what = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
                                  PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                                  PTRACE_O_EXITKILL;
  check_long("ptrace(PTRACE_SEIZE)", trace(PTRACE_SEIZE, child, 0, what));
  threads_[child].process = child;
  living_.insert(child);
}

void Tracer::run() {
  while (!threads_.empty()) {
    listener_.about_to_wait();
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread > 0) {
      take(thread, status);
    } else if (errno == EINTR) {
      if (options_.woken && !options_.woken()) return;
      look_for_calm();
    } else {
      return;  // ECHILD: all gone
    }
  }
}

void Tracer::take(pid_t thread, int status) {
  if (WIFEXITED(status) || WIFSIGNALED(status)) return ended(thread, status);
  if (!WIFSTOPPED(status)) return;
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (event == PTRACE_EVENT_SECCOMP) return before_call(thread);
  if (signal == syscall_stop) return after_call(thread);
  if (event != 0) return take_event(thread, event, signal);
  resume(PTRACE_CONT, thread, signal);
}

void Tracer::take_event(pid_t thread, int event, int signal) {
  thread_of(thread);
  if (event == PTRACE_EVENT_STOP && is_group_stop(signal)) return resume(PTRACE_LISTEN, thread);
  if (event == PTRACE_EVENT_EXEC) became_another(thread);
  resume(PTRACE_CONT, thread);
}

/// A thread that starts is traced from its first instruction, and may stop before its parent has told of it.
Tracer::Thread& Tracer::thread_of(pid_t id) {
  const auto [place, is_new] = threads_.try_emplace(id);
  if (is_new) {
    const Family family = family_of(id);
    place->second.process = family.process;
    placement_.started(id);
    if (living_.insert(family.process).second) listener_.born(family.process, family.parent);
  }
  return place->second;
}

/// execve(2) by a thread that is not the first: it goes on under the number of the first, and the others end.
void Tracer::became_another(pid_t process) {
  unsigned long before = 0;
  (void)trace(PTRACE_GETEVENTMSG, process, 0, reinterpret_cast<std::uintptr_t>(&before));
  if (before != 0 && static_cast<pid_t>(before) != process) threads_.erase(static_cast<pid_t>(before));
  threads_[process].in_call = threads_[process].held = false;
  descriptors_.forget_all(process);
  listener_.became(process);
}

void Tracer::ended(pid_t id, int status) {
  const auto found = threads_.find(id);
  const bool whole = found == threads_.end() || found->second.process == id;
  if (found != threads_.end()) threads_.erase(found);
  placement_.ended(id);
  if (!whole) return;
  descriptors_.forget_all(id);
  if (living_.erase(id) > 0) listener_.ended(id, status);
}

/// Whether the call has to do with an Internet socket, or is a write to the program's output. Keeps what is
/// known of descriptors right.
bool Tracer::is_told(const Call& call) {
  using Kind = Descriptors::Kind;
  switch (call.what->shape) {
    case Shape::Socket:
      return call.arguments[0] == AF_INET || call.arguments[0] == AF_INET6;
    case Shape::Renumber:
      if (call.what->number == SYS_close_range) {
        descriptors_.forget_all(call.process);
      } else {
        descriptors_.forget(call.process, static_cast<int>(call.arguments[1]));
      }
      return false;
    case Shape::Close: {
      const bool internet = descriptors_.kind(call.process, call.fd()) == Kind::Internet;
      descriptors_.forget(call.process, call.fd());
      return internet;
    }
    case Shape::Write:
    case Shape::Writev: {
      const Kind kind = descriptors_.kind(call.process, call.fd());
      return kind == Kind::Internet || kind == Kind::Output;
    }
    default:
      return descriptors_.kind(call.process, call.fd()) == Kind::Internet;
  }
}

void Tracer::before_call(pid_t id) {
  ptrace_syscall_info info{};
  if (trace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, reinterpret_cast<std::uintptr_t>(&info)) < 0) return;
  Thread& thread = thread_of(id);
  Call call;
  call.what = find_call(static_cast<long>(info.seccomp.nr));
  call.process = thread.process;
  call.thread = id;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) call.arguments[i] = info.seccomp.args[i];
  if (call.what == nullptr || !is_told(call)) return resume(PTRACE_CONT, id);
  call.at = clock_now();
  thread.in_call = true;
  thread.call = call;
  if (placement_.call(id, call.at) && options_.alarm) options_.alarm(calm_checked_after);
  if (listener_.entered(call))
    thread.held = true;
  else
    resume(PTRACE_SYSCALL, id);
}

void Tracer::go(pid_t thread) {
  const auto found = threads_.find(thread);
  if (found == threads_.end() || !found->second.held) return;
  found->second.held = false;
  resume(PTRACE_SYSCALL, thread);
}

void Tracer::after_call(pid_t id) {
  Thread& thread = thread_of(id);
  ptrace_syscall_info info{};
  const bool known =
      trace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, reinterpret_cast<std::uintptr_t>(&info)) >= 0;
  if (known && info.op == PTRACE_SYSCALL_INFO_EXIT && thread.in_call) {
    thread.in_call = false;
    listener_.returned(thread.call, info.exit.rval, clock_now());
  }
  resume(PTRACE_CONT, id);
}

void Tracer::look_for_calm() {
  if (placement_.busy() && !placement_.calm(clock_now()) && options_.alarm)
    options_.alarm(calm_checked_after);
}

void Tracer::signal_all(int signal, pid_t spared) {
  for (const pid_t process : living_) {
    if (process != spared) (void)::kill(process, signal);
  }
}

void Tracer::kill_all() {
  for (const pid_t process : living_) (void)::kill(process, SIGKILL);
}

}  // namespace loopscope::tracer
