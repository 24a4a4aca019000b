#include "sim/tracer/wake.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "sim/base/system_error.hpp"

namespace loopscope::tracer {
namespace {

// Seen by the signal handler, so they can belong to no object.
volatile sig_atomic_t signalled = 0;
timer_t timer;
constexpr long again_nanoseconds = 1'000'000;

void arm(long nanoseconds) {
  itimerspec when{};
  when.it_value.tv_sec = nanoseconds / 1'000'000'000;
  when.it_value.tv_nsec = nanoseconds % 1'000'000'000;
  (void)::timer_settime(timer, 0, &when, nullptr);  // safe in a handler (signal-safety(7))
}

void note(int) {
  const int saved = errno;
  signalled = 1;
  arm(again_nanoseconds);
  errno = saved;
}

}  // namespace

Wake::Wake(int control) {
  sigevent alarm{};
  alarm.sigev_notify = SIGEV_SIGNAL;
  alarm.sigev_signo = SIGALRM;
  check("timer_create", ::timer_create(CLOCK_MONOTONIC, &alarm, &timer));
  struct sigaction action {};
  action.sa_handler = note;  // without SA_RESTART: waitpid(2) has to return
  check("sigaction", ::sigaction(SIGALRM, &action, nullptr));
  check("sigaction", ::sigaction(SIGIO, &action, nullptr));
  if (control < 0) return;
  check("fcntl(F_SETOWN)", ::fcntl(control, F_SETOWN, ::getpid()));
  const int flags = check("fcntl(F_GETFL)", ::fcntl(control, F_GETFL));
  check("fcntl(O_ASYNC)", ::fcntl(control, F_SETFL, flags | O_ASYNC));
  note(0);  // for what came before
}

Wake::~Wake() {
  ::signal(SIGALRM, SIG_IGN);
  ::signal(SIGIO, SIG_IGN);
  ::timer_delete(timer);
}

bool Wake::taken() {
  if (signalled == 0) return false;
  arm(0);
  due_ = Nanoseconds(0);
  signalled = 0;
  return true;
}

void Wake::after(Nanoseconds time) {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const Nanoseconds due = std::chrono::seconds(now.tv_sec) + Nanoseconds(now.tv_nsec) + time;
  if (due_ != Nanoseconds(0) && due_ <= due) return;
  due_ = due;
  arm(static_cast<long>(time.count()));
}

}  // namespace loopscope::tracer
