#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "sim/tracer/calls.hpp"
#include "sim/tracer/descriptors.hpp"
#include "sim/tracer/placement.hpp"

namespace loopscope::tracer {

/// Who is told what the traced processes do, on the tracer's own thread.
class Listener {
 public:
  virtual ~Listener() = default;
  /// A thread stands right before this call. True: it stays there until Tracer::go().
  virtual bool entered(const Call& call) = 0;
  /// `value`: what the call gave; from -4095 to -1 an errno. -512 to -516: a signal came, and the kernel
  /// makes it again or gives EINTR (ERESTARTSYS and its like; linux/errno.h).
  virtual void returned(const Call& call, std::int64_t value, Nanoseconds at) = 0;
  virtual void born(pid_t process, pid_t parent) = 0;
  virtual void became(pid_t process) = 0;  ///< another program, by execve(2)
  virtual void ended(pid_t process, int wait_status) = 0;
  /// The tracer waits for what comes next; it may be there already.
  virtual void about_to_wait() {}
};

/// Traces processes that have installed install_filter(), with all that they start and all their threads.
/// Linux only, ptrace(2). Its tracees die with the thread that traces them (PTRACE_O_EXITKILL).
/// Single-threaded: every member is called by the thread that made it, run() included.
class Tracer {
 public:
  struct Options {
    std::uint64_t output_inode = 0;  ///< of the pipe whose write(2) calls are told as well
    /// Wanted: a signal after this time (Wake::after()).
    std::function<void(Nanoseconds)> alarm;
    /// On each return from waiting by a signal (wake.hpp). False ends run().
    std::function<bool()> woken;
  };
  Tracer(Listener& listener, Options options);

  /// Begins to trace a child that has one thread. Throws SystemError.
  void attach(pid_t child);
  /// Until nobody is left to trace, or Options::woken says so.
  void run();
  /// A thread that was held before its call makes it.
  void go(pid_t thread);
  void kill_all();
  /// To every process but `spared`.
  void signal_all(int signal, pid_t spared);
  [[nodiscard]] std::size_t processes() const noexcept { return living_.size(); }

 private:
  struct Thread {
    pid_t process = 0;
    bool in_call = false;  ///< its return is awaited
    bool held = false;     ///< it stands before that call
    Call call;
  };
  void take(pid_t thread, int status);
  void take_event(pid_t thread, int event, int signal);
  void before_call(pid_t thread);
  void after_call(pid_t thread);
  void look_for_calm();
  [[nodiscard]] bool is_told(const Call& call);
  Thread& thread_of(pid_t thread);
  void became_another(pid_t thread);
  void ended(pid_t thread, int status);

  Listener& listener_;
  Options options_;
  Descriptors descriptors_;
  Placement placement_;
  std::unordered_map<pid_t, Thread> threads_;
  std::unordered_set<pid_t> living_;  ///< processes
};

/// CLOCK_MONOTONIC since boot.
[[nodiscard]] Nanoseconds clock_now();

}  // namespace loopscope::tracer
