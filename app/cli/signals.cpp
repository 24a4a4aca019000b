#include "app/cli/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace loopscope::app::cli {

Signals::Signals(std::initializer_list<int> signals) {
  sigset_t mine;
  ::sigemptyset(&mine);
  for (const int signal : signals) ::sigaddset(&mine, signal);
  ::sigprocmask(SIG_BLOCK, &mine, &before_);
  fd_.reset(::signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK));
}

Signals::~Signals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

int Signals::take() const {
  signalfd_siginfo info{};
  return ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)
             ? static_cast<int>(info.ssi_signo)
             : 0;
}

}  // namespace loopscope::app::cli
