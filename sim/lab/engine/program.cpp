#include "sim/lab/engine/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/engine/reporter.hpp"
#include "sim/trace/json.hpp"

namespace loopscope::lab {
namespace {

constexpr std::size_t kept_of_output = 2048;
constexpr std::size_t last_words_length = 300;
constexpr auto killed_within = std::chrono::seconds(2);

/// Standard input has nothing to say; output and error go into one pipe.
struct Streams {
  UniqueFd null, write, read;
  std::uint64_t inode = 0;
};
Streams make_streams() {
  Streams streams;
  streams.null.reset(check("open /dev/null", ::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  streams.read.reset(ends[0]);
  streams.write.reset(ends[1]);
  check("fcntl", ::fcntl(ends[0], F_SETFL, O_NONBLOCK));
  struct stat status {};
  check("fstat", ::fstat(ends[0], &status));
  streams.inode = status.st_ino;
  return streams;
}

}  // namespace

Program::Program(std::string process, std::string host, ProgramOrder order, bool stepped)
    : process_(std::move(process)), host_(std::move(host)) {
  Streams streams = make_streams();
  order.streams = {streams.null.get(), streams.write.get(), streams.write.get()};
  int ends[2];
  check("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
  control_.reset(ends[0]);
  UniqueFd theirs(ends[1]);
  tracer_ = check("fork", ::fork());
  if (tracer_ == 0) {
    control_.reset();
    trace_program(std::move(theirs), {process_, host_, std::move(order), streams.inode, stepped});
  }
  output_ = std::move(streams.read);
}

Program::~Program() {
  if (!all_gone()) kill();
}

std::vector<trace::Event> Program::collect() {
  read_output();
  std::vector<trace::Event> events = std::move(kept_);
  kept_.clear();
  std::array<char, 65536> part;
  bool closed = false;
  while (control_.valid() && !closed) {
    const ssize_t got = ::recv(control_.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got > 0)
      lines_.add({part.data(), static_cast<std::size_t>(got)});
    else
      closed = true;
  }
  while (const auto line = lines_.next()) take(*line, events);
  if (closed) reap();
  return events;
}

void Program::take(const std::string& line, std::vector<trace::Event>& events) {
  if (line.empty()) return;
  const std::string rest = line.substr(1);
  switch (line.front()) {
    case tracer_line::born:
      pids_.insert(std::stoi(rest));
      break;
    case tracer_line::gone:
      pids_.erase(std::stoi(rest));
      break;
    case tracer_line::running:
      running_ = true;
      break;
    case tracer_line::ended:
      ended_ = std::stoi(rest);
      break;
    case tracer_line::trouble:
      if (trouble_.empty()) trouble_ = rest;
      break;
    default:
      if (auto event = trace::from_json(line)) events.push_back(std::move(*event));
  }
}

void Program::read_output() {
  std::array<char, 65536> part;
  while (output_.valid()) {
    const ssize_t got = ::read(output_.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return output_.reset();
    written_ += static_cast<std::uint64_t>(got);
    tail_.append(part.data(), static_cast<std::size_t>(got));
    if (tail_.size() > kept_of_output) tail_.erase(0, tail_.size() - kept_of_output);
    if (written_ > ProgramLimits::output_bytes) {
      if (trouble_.empty())
        trouble_ = "it wrote more than " + std::to_string(ProgramLimits::output_bytes >> 20) +
                   " MiB, which is what a program may write here: it was ended";
      output_.reset();
      return order(TracerOrder::Kill);
    }
  }
}

std::string Program::last_words() const {
  std::string words = tail_;
  while (!words.empty() && words.back() == '\n') words.pop_back();
  if (words.size() > last_words_length) words = "…" + words.substr(words.size() - last_words_length);
  for (char& byte : words) {
    if (static_cast<unsigned char>(byte) < ' ') byte = ' ';
  }
  return words;
}

void Program::order(TracerOrder what) {
  const char byte = static_cast<char>(what);
  if (control_.valid()) (void)::send(control_.get(), &byte, 1, MSG_NOSIGNAL);
}

void Program::go(pid_t thread) {
  order(TracerOrder::Go);
  if (control_.valid()) (void)::send(control_.get(), &thread, sizeof thread, MSG_NOSIGNAL);
}

void Program::kill() {
  order(TracerOrder::Kill);
  const Nanoseconds until = monotonic_now() + killed_within;
  std::vector<trace::Event> events;
  while (control_.valid() && monotonic_now() < until) {
    pollfd wait{control_.get(), POLLIN, 0};
    (void)::poll(&wait, 1, 100);
    for (trace::Event& event : collect()) events.push_back(std::move(event));
  }
  if (control_.valid()) {  // the tracer itself hangs; its tracees die with it
    ::kill(tracer_, SIGKILL);
    reap();
  }
  kept_ = std::move(events);
}

void Program::reap() {
  while (::waitpid(tracer_, nullptr, 0) < 0 && errno == EINTR) {
  }
  tracer_ = -1;
  control_.reset();
  pids_.clear();
  read_output();
  output_.reset();
  if (!ended_ && trouble_.empty())
    trouble_ = "what traces it has ended unexpectedly, and the program with it";
}

}  // namespace loopscope::lab
