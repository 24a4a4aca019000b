#include "sim/lab/engine/shell_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/lab/engine/box.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/passing.hpp"
#include "sim/lab/shell_line.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/prepare.hpp"
#include "sim/tracer/filter.hpp"

namespace loopscope::lab {
namespace {

constexpr const char* shell_file = "/bin/bash";
constexpr const char* start_file = "/tmp/.shell";  // seen in the house
constexpr unsigned cpu_seconds = 600;              // a person works in it for longer than a program runs
constexpr int by_signal = 128;

void say(int link, char mark, const std::string& words) {
  const std::string line = mark + words + "\n";
  (void)write_fully(link, line.data(), line.size());
}

void write_start(const House& house, const std::string& commands) {
  const UniqueFd file(::openat(house.tmp(), start_file + sizeof "/tmp",
                               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  check("write the shell's start", file.get());
  if (::write(file.get(), commands.data(), commands.size()) != static_cast<ssize_t>(commands.size()))
    throw SystemError("write the shell's start", errno);
}

/// A terminal of the house; what types into it goes to the program.
std::array<UniqueFd, 3> take_terminal(int link) {
  const UniqueFd master(check("open /dev/ptmx", ::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)));
  int locked = 0;
  check("unlockpt", ::ioctl(master.get(), TIOCSPTLCK, &locked));
  UniqueFd slave(
      check("open the terminal", ::ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)));
  check("take the terminal", ::ioctl(slave.get(), TIOCSCTTY, 0));
  const char line[] = {shell_line::terminal, '\n'};
  if (!send_with_descriptors(link, line, sizeof line, {master.get()})) ::_exit(0);
  std::array<UniqueFd, 3> streams;
  for (UniqueFd& one : streams) one.reset(check("dup", ::fcntl(slave.get(), F_DUPFD_CLOEXEC, 20)));
  return streams;
}

struct Start {
  const House& house;
  const OpenShell& wanted;
  std::vector<UniqueFd> passed;
  std::vector<std::string> environment;
};

/// In the house's list of processes already.
[[noreturn]] void become_shell(Start& start) {
  const int link = start.passed.front().get();
  try {
    check("setns(CLONE_NEWNS)", ::setns(start.house.mounts(), CLONE_NEWNS));
    check("chdir", ::chdir(sandbox::working_folder));
    start.wanted.administrator ? sandbox::become_administrator() : sandbox::become_ordinary();
    ::setsid();
    const bool on_terminal = !start.wanted.terminal.empty();
    std::array<UniqueFd, 3> streams;
    if (on_terminal)
      streams = take_terminal(link);
    else
      for (std::size_t i = 0; i < 3; ++i) streams[i] = std::move(start.passed.at(i + 1));
    const int high = check("dup", ::fcntl(link, F_DUPFD_CLOEXEC, 30));
    for (UniqueFd& one : streams) one.reset(check("dup", ::fcntl(one.get(), F_DUPFD_CLOEXEC, 40)));
    for (int i = 0; i < 3; ++i) check("dup2", ::dup2(streams[static_cast<std::size_t>(i)].get(), i));
    const UniqueFd last_words(check("dup", ::fcntl(high, F_DUPFD_CLOEXEC, 50)));
    check("dup2", ::dup2(high, shell_line::descriptor));
    ::close_range(3, shell_line::descriptor - 1, 0);
    ::close_range(shell_line::descriptor + 1, static_cast<unsigned>(last_words.get()) - 1, 0);
    ::close_range(static_cast<unsigned>(last_words.get()) + 1, ~0U, 0);
    reset_signals();
    const std::vector<std::string> words =
        on_terminal ? std::vector<std::string>{"bash", "--noprofile", "--rcfile", start_file, "-i"}
                    : std::vector<std::string>{"bash", "--noprofile", "--norc", "-s"};
    auto arguments = pointers_to(words);
    auto environment = pointers_to(start.environment);
    tracer::install_filter(tracer::Confinement::Resident);
    limit_stranger(cpu_seconds);
    ::execve(shell_file, arguments.data(), environment.data());
    say(last_words.get(), shell_line::trouble,
        std::string("cannot start ") + shell_file + ": " + errno_words(errno));
  } catch (const SystemError& error) {
    say(link, shell_line::trouble, std::string("the shell cannot be started: ") + error.what());
  }
  ::_exit(127);
}

/// Outside the house: starts the shell, waits for its end and says so.
[[noreturn]] void keep_shell(Start& start) {
  ::prctl(PR_SET_NAME, "loopscope-shell");
  const int link = start.passed.front().get();
  if (::setns(start.house.processes(), CLONE_NEWPID) != 0) {
    say(link, shell_line::trouble, std::string("the shell cannot be started: setns: ") + errno_words(errno));
    ::_exit(1);
  }
  const pid_t shell = ::fork();
  if (shell == 0) become_shell(start);
  for (std::size_t i = 1; i < start.passed.size(); ++i) start.passed[i].reset();
  int status = 0;
  while (shell > 0 && ::waitpid(shell, &status, 0) < 0 && errno == EINTR) {
  }
  say(link, shell_line::ended,
      std::to_string(WIFSIGNALED(status) ? by_signal + WTERMSIG(status) : WEXITSTATUS(status)));
  ::_exit(0);
}

void keep_only(const Start& start) {
  std::vector<int> kept{start.house.processes(), start.house.mounts()};
  for (const UniqueFd& one : start.passed) kept.push_back(one.get());
  close_all_but(std::move(kept));
}

}  // namespace

void start_shell(const House& house, const OpenShell& wanted, std::vector<UniqueFd> passed,
                 std::vector<std::string> environment) {
  write_start(house, wanted.start);
  if (wanted.terminal.empty()) {
    environment.push_back(std::string("BASH_ENV=") + start_file);
  } else {
    for (std::string& one : environment) {
      if (one.rfind("TERM=", 0) == 0) one = "TERM=" + wanted.terminal;
    }
  }
  Start start{house, wanted, std::move(passed), std::move(environment)};
  // Twice: who keeps the shell is reaped by the world's first process, not by the engine.
  const pid_t between = check("fork", ::fork());
  if (between == 0) {
    keep_only(start);
    const pid_t keeper = ::fork();
    if (keeper == 0) keep_shell(start);
    ::_exit(keeper < 0 ? 1 : 0);
  }
  while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace loopscope::lab
