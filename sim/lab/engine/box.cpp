#include "sim/lab/engine/box.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/lab/engine/box_mounts.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/prepare.hpp"
#include "sim/tracer/filter.hpp"

namespace loopscope::lab {
namespace {

constexpr int cannot_start = 127;  // as shells say it

/// Goes through the pipe in one piece.
struct Trouble {
  char step[120];
  int error;
};

[[noreturn]] void give_up(int pipe, const std::string& step, int error) {
  Trouble trouble{};
  step.copy(trouble.step, sizeof trouble.step - 1);
  trouble.error = error;
  (void)!::write(pipe, &trouble, sizeof trouble);
  ::_exit(cannot_start);
}

void limit(int resource, rlim_t value) {
  rlimit now{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return;
  if (now.rlim_max != RLIM_INFINITY && now.rlim_max < value) value = now.rlim_max;
  now.rlim_cur = now.rlim_max = value;
  check("setrlimit", ::setrlimit(static_cast<__rlimit_resource>(resource), &now));
}

/// Its standard streams are 0 to 2, and nothing else is open but `kept`, which closes at execve(2).
void take_streams(const std::array<int, 3>& streams, int& kept) {
  kept = check("fcntl(F_DUPFD_CLOEXEC)", ::fcntl(kept, F_DUPFD_CLOEXEC, 100));
  std::array<int, 3> high{};
  for (std::size_t i = 0; i < 3; ++i) high[i] = check("dup", ::fcntl(streams[i], F_DUPFD_CLOEXEC, 100));
  for (int i = 0; i < 3; ++i) check("dup2", ::dup2(high[static_cast<std::size_t>(i)], i));
  ::close_range(3, static_cast<unsigned>(kept) - 1, 0);
  ::close_range(static_cast<unsigned>(kept) + 1, ~0U, 0);
}

[[noreturn]] void become_program(const ProgramOrder& order, int trouble) {
  try {
    if (order.in_house()) check("setns(CLONE_NEWNS)", ::setns(order.house_mounts, CLONE_NEWNS));
    take_streams(order.streams, trouble);
    ::setsid();
    if (::chdir(order.folder.c_str()) != 0) (void)!::chdir(sandbox::working_folder);
    if (order.in_house() && order.as_root)
      sandbox::become_administrator();
    else if (order.in_world && !order.as_root)
      sandbox::become_ordinary();
    reset_signals();
    auto arguments = pointers_to(order.words);
    auto environment = pointers_to(order.environment);
    tracer::install_filter(order.stranger ? tracer::Confinement::Stranger : tracer::Confinement::None);
    if (order.stranger) limit_stranger();  // last: what allocates before might not get it
    ::execve(order.path.c_str(), arguments.data(), environment.data());
    give_up(trouble, "start " + order.path, errno);
  } catch (const SystemError& error) {
    give_up(trouble, error.call(), error.error_number());
  }
}

/// The first process of the program's own PID namespace: it starts the program, reaps whom others leave, and
/// ends when all have ended.
[[noreturn]] void be_first(const ProgramOrder& order, int trouble) {
  ::prctl(PR_SET_NAME, "loopscope-box");
  try {
    check("unshare(CLONE_NEWNS)", ::unshare(CLONE_NEWNS));
    prepare_mounts(order.stranger);
    const pid_t program = check("fork", ::fork());
    if (program == 0) become_program(order, trouble);
    for (const int fd : order.streams) ::close(fd);
    ::close(trouble);
    sandbox::become_ordinary();
  } catch (const SystemError& error) {
    give_up(trouble, error.call(), error.error_number());
  }
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
  ::_exit(0);
}

void wait_for_release(int pipe) {
  char byte = 0;
  if (::read(pipe, &byte, 1) != 1) ::_exit(0);  // who started us has gone
  ::close(pipe);
}

struct Pipe {
  UniqueFd out, in;
};
Pipe make_pipe() {
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

void limit_stranger(unsigned cpu_seconds) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_AS, ProgramLimits::memory_bytes);
  limit(RLIMIT_CPU, cpu_seconds);
  limit(RLIMIT_FSIZE, ProgramLimits::file_bytes);
  limit(RLIMIT_NOFILE, 1024);
  limit(RLIMIT_MSGQUEUE, 0);
  // The tracer counts the processes and says so; this holds even where it is slow. The lab's own count too.
  limit(RLIMIT_NPROC, ProgramLimits::processes + 80);
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void close_all_but(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  int next = STDERR_FILENO + 1;
  for (const int fd : kept) {
    if (fd > next) ::close_range(static_cast<unsigned>(next), static_cast<unsigned>(fd) - 1, 0);
    next = std::max(next, fd + 1);
  }
  ::close_range(static_cast<unsigned>(next), ~0U, 0);
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Boxed fork_boxed(const ProgramOrder& order) {
  Pipe release = make_pipe();
  Pipe trouble = make_pipe();
  // From here on children are born into a PID namespace of their own: they can't see or signal the lab.
  if (order.has_box()) check("unshare(CLONE_NEWPID)", ::unshare(CLONE_NEWPID));
  if (order.in_house()) check("setns(CLONE_NEWPID)", ::setns(order.house_processes, CLONE_NEWPID));
  const pid_t parent = ::getpid();
  Boxed boxed;
  boxed.root = check("fork", ::fork());
  if (boxed.root == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!order.in_world && ::getppid() != parent) ::_exit(0);
    release.in.reset();
    trouble.out.reset();
    wait_for_release(release.out.release());
    if (order.has_box()) be_first(order, trouble.in.release());
    become_program(order, trouble.in.release());
  }
  boxed.release = std::move(release.in);
  boxed.trouble = std::move(trouble.out);
  check("fcntl", ::fcntl(boxed.trouble.get(), F_SETFL, O_NONBLOCK));
  return boxed;
}

std::optional<std::string> trouble_of(const Boxed& boxed) {
  Trouble trouble{};
  if (::read(boxed.trouble.get(), &trouble, sizeof trouble) != static_cast<ssize_t>(sizeof trouble))
    return std::nullopt;
  return "cannot " + std::string(trouble.step) + ": " + errno_name(trouble.error) + " (" +
         errno_words(trouble.error) + ")";
}

}  // namespace loopscope::lab
