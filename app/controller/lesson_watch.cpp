#include "app/controller/lesson_watch.hpp"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "sim/base/errno_name.hpp"

namespace loopscope::app {
namespace {

bool matters(std::string_view name) { return name == "lesson.md" || name.ends_with(".lab"); }

void add_to(int both, int fd) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = fd;
  (void)::epoll_ctl(both, EPOLL_CTL_ADD, fd, &wanted);  // EEXIST: it is watched already
}

}  // namespace

LessonWatch::LessonWatch(const std::string& folder)
    : notify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), both_(::epoll_create1(EPOLL_CLOEXEC)) {
  const auto what = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE;
  if (!notify_.valid() || !both_.valid() || ::inotify_add_watch(notify_.get(), folder.c_str(), what) < 0)
    trouble_ = folder + " can't be watched (" + errno_words(errno) + "), so it is not read again by itself";
  if (notify_.valid() && both_.valid()) add_to(both_.get(), notify_.get());
}

int LessonWatch::fd_with(int other) {
  if (!both_.valid()) return other;
  if (other_ != other && other_ >= 0) (void)::epoll_ctl(both_.get(), EPOLL_CTL_DEL, other_, nullptr);
  other_ = other;
  // Each time: a closed descriptor's number may be another's by now.
  if (other >= 0) add_to(both_.get(), other);
  return both_.get();
}

bool LessonWatch::saved() {
  bool any = false;
  alignas(inotify_event) std::array<char, 4096> news{};
  for (;;) {
    const ssize_t got = notify_.valid() ? ::read(notify_.get(), news.data(), news.size()) : -1;
    if (got <= 0) return any;
    for (ssize_t at = 0; at < got;) {
      inotify_event event{};
      std::memcpy(&event, news.data() + at, sizeof event);
      const char* name = news.data() + at + sizeof event;
      any = any || (event.len > 0 && matters(name)) || (event.mask & IN_Q_OVERFLOW) != 0;
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

}  // namespace loopscope::app
