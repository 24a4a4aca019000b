#include "app/shell/waker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace loopscope::app {

Waker::Waker(std::function<void()> wake)
    : wake_(std::move(wake)),
      control_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

Waker::~Waker() {
  done_ = true;
  nudge();
  thread_.join();
}

void Waker::nudge() const {
  const std::uint64_t one = 1;
  // A full counter means that the thread is woken anyhow.
  [[maybe_unused]] const auto written = ::write(control_.get(), &one, sizeof one);
}

void Waker::watch(int fd) {
  // The thread still waits for the same one and has not called: nothing to tell it.
  if (fd == watched_ && !rung_) return;
  watched_ = fd;
  rung_ = false;
  fd_ = fd;
  nudge();
}

void Waker::run() {
  while (!done_) {
    std::array<pollfd, 2> fds{{{control_.get(), POLLIN, 0}, {fd_.load(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;  // EINTR
    if ((fds[0].revents & POLLIN) != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(control_.get(), &count, sizeof count);
      continue;  // look again at what is to be watched
    }
    if (fds[1].revents == 0) continue;
    // Until the window's thread has taken it in there is nothing more to watch.
    fd_ = -1;
    rung_ = true;
    wake_();
  }
}

}  // namespace loopscope::app
