#include "sim/sandbox/world.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>

#include "sim/base/system_error.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/prepare.hpp"
#include "sim/sandbox/wire.hpp"

namespace loopscope::sandbox {
namespace {

constexpr int namespaces =
    CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;

[[noreturn]] void give_up(const Birth& birth, const std::string& step, int error_number) {
  send_message(birth.status.get(), failed(step, error_number));
  ::_exit(1);
}

void die_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
}

void run_world_main(const Birth& birth) {
  try {
    (*birth.world_main)(UniqueFd(birth.channel.get()));
  } catch (const std::exception&) {
    ::_exit(3);  // the program sees the channel's end
  }
  ::_exit(0);
}

/// Waits for the main process's end or the channel's, and reaps whoever ends meanwhile. Leaving ends the
/// whole world (pid_namespaces(7)).
[[noreturn]] void be_first(pid_t main_process, int channel) {
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  for (;;) {
    for (;;) {
      const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
      if (ended <= 0) break;
      if (ended == main_process) ::_exit(0);
    }
    // SIGCHLD is let in only while we sleep, so that none is missed (ppoll(2)).
    sigset_t open;
    ::sigemptyset(&open);
    pollfd wait{channel, 0, 0};
    const int ready = ::ppoll(&wait, 1, nullptr, &open);
    if (ready > 0 && (wait.revents & (POLLHUP | POLLERR)) != 0) ::_exit(0);
  }
}

[[noreturn]] void first_process(const Birth& birth, int keeper_alive) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  pollfd keeper{keeper_alive, POLLIN,
                0};  // getppid() is 0 in here: a pipe says whether the keeper still lives
  if (::poll(&keeper, 1, 0) != 0) ::_exit(0);
  ::prctl(PR_SET_NAME, "loopscope-init");
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  try {
    prepare_world();
  } catch (const SystemError& error) {
    give_up(birth, error.call(), error.error_number());
  }
  struct sigaction wake {};
  wake.sa_handler = [](int) {};
  ::sigaction(SIGCHLD, &wake, nullptr);
  sigset_t blocked, before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  const pid_t main_process = ::fork();
  if (main_process < 0) give_up(birth, "fork", errno);
  if (main_process == 0) {
    ::signal(SIGCHLD, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::prctl(PR_SET_NAME, "loopscope-lab");
    ::close(birth.status.get());
    ::close(keeper_alive);
    run_world_main(birth);
  }
  send_message(birth.status.get(), {Word::Ready, 0, {}});
  ::close(birth.status.get());
  be_first(main_process, birth.channel.get());
}

void map_ids(const Birth& birth, uid_t user, gid_t group) {
  if (user == 0) {
    send_message(birth.status.get(), {Word::PleaseMap, 0, {}});
    const auto answer = receive_message(birth.status.get());
    if (!answer) ::_exit(1);
    if (answer->message.number == 0) return;
    // A root that may not map others (a container's): then as for anybody else.
  }
  map_self(user, group);
}

}  // namespace

void keep_world(const Birth& birth) {
  die_with_parent(birth.parent);
  ::signal(SIGCHLD, SIG_DFL);
  ::prctl(PR_SET_NAME, "loopscope-keep");
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(namespaces) < 0)
    give_up(birth, "unshare(CLONE_NEWUSER|CLONE_NEWNET|CLONE_NEWNS|CLONE_NEWPID)", errno);
  ::prctl(PR_SET_DUMPABLE, 1);
  try {
    map_ids(birth, user, group);
  } catch (const SystemError& error) {
    give_up(birth, error.call(), error.error_number());
  }
  die_with_parent(birth.parent);  // a change of credentials may have cleared it
  int alive[2];
  if (::pipe2(alive, O_CLOEXEC) < 0) give_up(birth, "pipe2", errno);
  const pid_t first = ::fork();
  if (first < 0) give_up(birth, "fork of the world's pid 1", errno);
  if (first == 0) {
    ::close(alive[1]);
    first_process(birth, alive[0]);
  }
  send_message(birth.status.get(), {Word::FirstPid, static_cast<int>(first), {}});
  ::close(birth.status.get());
  ::close(birth.channel.get());
  while (::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::_exit(0);
}

void live_here(const Birth& birth) {
  die_with_parent(birth.parent);
  ::signal(SIGCHLD, SIG_DFL);
  ::prctl(PR_SET_NAME, "loopscope-here");
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  send_message(birth.status.get(), {Word::Ready, 0, {}});
  ::close(birth.status.get());
  run_world_main(birth);
  ::_exit(0);
}

}  // namespace loopscope::sandbox
