#include "sim/sandbox/launcher.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/sandbox/remedy.hpp"
#include "sim/sandbox/wire.hpp"
#include "sim/sandbox/world.hpp"

namespace loopscope::sandbox {
namespace {

constexpr int patience_ms = 20'000;  // a world takes 2 ms; a machine that swaps may take its time

/// Standard input and output are the program's own; standard error stays, for a sanitizer's last words.
void keep_only(int control) {
  const int null = ::open("/dev/null", O_RDWR);
  if (null >= 0) {
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
  }
  if (control > 3) ::close_range(3, static_cast<unsigned>(control) - 1, 0);
  ::close_range(static_cast<unsigned>(control) + 1, ~0U, 0);
}

/// Passes on what the world's processes say until it is made or has failed.
Message supervise(int status, pid_t keeper) {
  Message ready{Word::Ready, static_cast<int>(keeper), {}};
  for (;;) {
    const auto received = receive_message(status, patience_ms);
    if (!received) return failed("start of the world's first process", ESRCH);
    switch (received->message.word) {
      case Word::PleaseMap:
        send_message(status, {Word::Mapped, map_ids_of(keeper), {}});
        break;
      case Word::FirstPid:
        ready.number = received->message.number;
        break;
      case Word::Ready:
        return ready;
      default:
        return received->message;
    }
  }
}

Message make(Ground ground, UniqueFd channel, const WorldMain& world_main) {
  Pair status;
  try {
    status = make_pair_of(SOCK_SEQPACKET);
  } catch (const SystemError& error) {
    return failed("socketpair", error.error_number());
  }
  const pid_t launcher = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return failed("fork", errno);
  if (child == 0) {
    status.ours.reset();
    const Birth birth{launcher, std::move(status.theirs), std::move(channel), &world_main};
    if (ground == Ground::ThisMachine) live_here(birth);
    keep_world(birth);
  }
  status.theirs.reset();
  Message answer = supervise(status.ours.get(), child);
  if (answer.word != Word::Ready) ::kill(child, SIGKILL);
  return answer;
}

[[noreturn]] void serve(int control, const WorldMain& world_main) {
  // A child's end needs no waiting for: with SIGCHLD ignored the kernel reaps (sigaction(2), SA_NOCLDWAIT).
  ::signal(SIGCHLD, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  ::setsid();  // Ctrl-C is the program's business; we end when it does
  ::prctl(PR_SET_NAME, "loopscope-make");
  ::prctl(PR_SET_DUMPABLE, 1);  // or its children's uid_map could not be written (proc(5))
  for (;;) {
    auto request = receive_message(control);
    if (!request) ::_exit(0);
    const Ground ground = request->message.word == Word::MakeHere ? Ground::ThisMachine : Ground::Private;
    send_message(control, make(ground, std::move(request->passed), world_main));
  }
}

}  // namespace

std::string to_string(const Refusal& refusal) {
  if (refusal.error_number == 0) return refusal.step + (refusal.remedy.empty() ? "" : ". " + refusal.remedy);
  std::string text = "a private world cannot be made here: ";
  text +=
      refusal.step + ": " + errno_name(refusal.error_number) + " (" + errno_words(refusal.error_number) + ")";
  if (!refusal.remedy.empty()) text += ". " + refusal.remedy;
  return text;
}

Launcher::Launcher(WorldMain world_main) {
  Pair control = make_pair_of(SOCK_SEQPACKET);
  const pid_t program = ::getpid();
  pid_ = check("fork", ::fork());
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != program) ::_exit(0);  // it died before we asked to be told
    const int fd = control.theirs.release();
    keep_only(fd);
    serve(fd, world_main);
  }
  control_ = std::move(control.ours);
}

Launcher::~Launcher() { end(); }

void Launcher::end() noexcept {
  if (pid_ <= 0) return;
  control_.reset();
  ::kill(pid_, SIGKILL);  // its worlds follow by PR_SET_PDEATHSIG
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Launcher::Launcher(Launcher&& other) noexcept
    : control_(std::move(other.control_)), pid_(std::exchange(other.pid_, -1)) {}

Launcher& Launcher::operator=(Launcher&& other) noexcept {
  if (this != &other) {
    end();
    control_ = std::move(other.control_);
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

tl::expected<Launcher::World, Refusal> Launcher::make_world(Ground ground) {
  Pair channel;
  try {
    channel = make_pair_of(SOCK_STREAM);
  } catch (const SystemError& error) {
    return tl::unexpected(
        Refusal{error.call(), error.error_number(), remedy_for(error.call(), error.error_number())});
  }
  const Word word = ground == Ground::ThisMachine ? Word::MakeHere : Word::MakePrivate;
  if (!send_message(control_.get(), {word, 0, {}}, channel.theirs.get())) {
    return tl::unexpected(Refusal{"ask the launcher", ESRCH, "It has ended: start the program again."});
  }
  channel.theirs.reset();
  const auto answer = receive_message(control_.get(), patience_ms + 5'000);
  if (!answer)
    return tl::unexpected(Refusal{"wait for the launcher", ESRCH, "It has ended: start the program again."});
  const Message& message = answer->message;
  if (message.word == Word::Failed) {
    return tl::unexpected(Refusal{message.text, message.number, remedy_for(message.text, message.number)});
  }
  return World{std::move(channel.ours), message.number};
}

}  // namespace loopscope::sandbox
