#include "sim/lab/engine/house.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/box_mounts.hpp"
#include "sim/sandbox/identity.hpp"

namespace loopscope::lab {
namespace {

/// What the first process says when it is ready, or cannot be.
struct Ready {
  int error = 0;  ///< 0: it is
  char step[60] = {};
};

/// Reaps whoever is left to it, for ever: the world's end is its end (pid_namespaces(7)).
[[noreturn]] void be_first(int pipe) {
  ::prctl(PR_SET_NAME, "loopscope-house");
  Ready ready;
  try {
    // The engine's sockets and captures would live on in here.
    if (pipe > 3) ::close_range(3, static_cast<unsigned>(pipe) - 1, 0);
    ::close_range(static_cast<unsigned>(pipe) + 1, ~0U, 0);
    check("unshare(CLONE_NEWNS)", ::unshare(CLONE_NEWNS));
    prepare_mounts(true, true);
    furnish_house();
    sandbox::become_ordinary();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of credentials clears it
  } catch (const SystemError& error) {
    ready.error = error.error_number();
    error.call().copy(ready.step, sizeof ready.step - 1);
  }
  (void)!::write(pipe, &ready, sizeof ready);
  ::close(pipe);
  if (ready.error != 0) ::_exit(1);
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child, nullptr);
  for (;;) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    (void)::sigwaitinfo(&child, nullptr);
  }
}

}  // namespace

House::House() {
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  // As fork(2), but the child is the first of a PID namespace; the engine's own later children stay where it
  // is.
  first_ =
      static_cast<pid_t>(check_long("clone(CLONE_NEWPID)", ::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD,
                                                                     nullptr, nullptr, nullptr, nullptr)));
  if (first_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    be_first(in.get());
  }
  in.reset();
  Ready ready;
  if (::read(out.get(), &ready, sizeof ready) != static_cast<ssize_t>(sizeof ready))
    throw SystemError("start the house", ESRCH);
  if (ready.error != 0) throw SystemError(ready.step, ready.error);
  const std::string process = "/proc/" + std::to_string(first_);
  const auto open = [&](const std::string& path, int flags) {
    return UniqueFd(check(("open " + path).c_str(), ::open((process + path).c_str(), flags | O_CLOEXEC)));
  };
  processes_ = open("/ns/pid", O_RDONLY);
  mounts_ = open("/ns/mnt", O_RDONLY);
  tmp_ = open("/root/tmp", O_PATH | O_DIRECTORY);
  folder_.reset(
      check("open the working folder", ::openat(tmp_.get(), "lab", O_PATH | O_DIRECTORY | O_CLOEXEC)));
}

House::~House() {
  ::kill(first_, SIGKILL);
  while (::waitpid(first_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace loopscope::lab
