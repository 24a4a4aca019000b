#include "sim/lab/shell.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "sim/base/system_error.hpp"
#include "sim/lab/passing.hpp"
#include "sim/lab/shell_line.hpp"

namespace loopscope::lab {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_output = 4 << 20;  // who types `yes` and looks away shall not fill the memory
constexpr std::size_t read_at_once = 65536;

}  // namespace

Shell::Shell(UniqueFd link, const ShellWish& wish)
    : link_(std::move(link)),
      epoll_(check("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))),
      columns_(wish.columns),
      rows_(wish.rows) {
  watch(link_.get(), false, false);
}

void Shell::watch(int fd, bool output, bool known) {
  epoll_event event{};
  event.events = output ? EPOLLIN | EPOLLOUT : EPOLLIN;
  (void)::epoll_ctl(epoll_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
}

bool Shell::pump() {
  const auto before = std::make_tuple(output_.size(), requests_.size(), ended(), terminal_.valid());
  flush();
  read_link();
  read_terminal();
  flush();
  return before != std::make_tuple(output_.size(), requests_.size(), ended(), terminal_.valid());
}

void Shell::read_link() {
  std::array<char, 4096> part{};
  while (link_.valid()) {
    std::vector<UniqueFd> passed;
    const ssize_t got = receive_with_descriptors(link_.get(), part.data(), part.size(), passed);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, link_.get(), nullptr);
      link_.reset();
      if (!ended()) trouble_ = "the shell ended unexpectedly";
      return;
    }
    if (!passed.empty() && !terminal_.valid()) {
      terminal_ = std::move(passed.front());
      (void)::fcntl(terminal_.get(), F_SETFL, O_NONBLOCK);
      watch(terminal_.get(), false, false);
      resize(columns_, rows_);
    }
    lines_.append(part.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = lines_.find('\n')) != std::string::npos; lines_.erase(0, end + 1))
      take_line(lines_.substr(0, end));
    if (lines_.size() > longest_line) lines_.clear();
  }
}

void Shell::take_line(const std::string& line) {
  if (line.empty()) return;
  const std::string rest = line.substr(1);
  if (line.front() == shell_line::asks)
    requests_.push_back(rest);
  else if (line.front() == shell_line::ended)
    status_ = std::atoi(rest.c_str());
  else if (line.front() == shell_line::trouble && trouble_.empty())
    trouble_ = rest;
}

void Shell::read_terminal() {
  std::array<char, 16384> part{};
  for (std::size_t taken = 0; terminal_.valid() && output_.size() < most_output && taken < read_at_once;) {
    const ssize_t got = ::read(terminal_.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {  // EIO: nobody has it open any more
      (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, terminal_.get(), nullptr);
      return terminal_.reset();
    }
    output_.append(part.data(), static_cast<std::size_t>(got));
    taken += static_cast<std::size_t>(got);
  }
}

void Shell::flush() {
  const auto send_all = [](std::string& bytes, auto&& send) {
    while (!bytes.empty()) {
      const ssize_t sent = send(bytes);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno != EAGAIN) bytes.clear();
      if (sent < 0) return;
      bytes.erase(0, static_cast<std::size_t>(sent));
    }
  };
  if (terminal_.valid()) {
    send_all(typed_, [this](const std::string& bytes) {
      return ::write(terminal_.get(), bytes.data(), bytes.size());
    });
    if (std::exchange(waits_for_terminal_, !typed_.empty()) != waits_for_terminal_)
      watch(terminal_.get(), waits_for_terminal_, true);
  }
  if (link_.valid()) {
    send_all(answers_, [this](const std::string& bytes) {
      return ::send(link_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    });
    if (std::exchange(waits_for_link_, !answers_.empty()) != waits_for_link_)
      watch(link_.get(), waits_for_link_, true);
  }
}

std::string Shell::take_output() { return std::exchange(output_, {}); }

std::vector<std::string> Shell::take_requests() { return std::exchange(requests_, {}); }

void Shell::answer(std::string_view words, int status) {
  for (std::size_t start = 0; start < words.size();) {
    const auto end = std::min(words.find('\n', start), words.size());
    answers_ += shell_line::words;
    answers_.append(words.substr(start, end - start)).push_back('\n');
    start = end + 1;
  }
  answers_ += shell_line::answered + std::to_string(status) + "\n";
  flush();
}

void Shell::type(std::string_view bytes) {
  typed_.append(bytes);
  flush();
}

void Shell::resize(int columns, int rows) {
  columns_ = columns;
  rows_ = rows;
  if (!terminal_.valid()) return;
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  (void)::ioctl(terminal_.get(), TIOCSWINSZ, &size);
}

}  // namespace loopscope::lab
