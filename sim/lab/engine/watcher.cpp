#include "sim/lab/engine/watcher.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/box.hpp"
#include "sim/lab/engine/call_printer.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/watch_wire.hpp"
#include "sim/sandbox/prepare.hpp"
#include "sim/tracer/tracer.hpp"
#include "sim/tracer/wake.hpp"

namespace loopscope::lab {
namespace {

constexpr auto flush_after = std::chrono::milliseconds(2);

class Watcher : public tracer::Listener {
 public:
  Watcher(UniqueFd channel, WatchRequest request)
      : channel_(std::move(channel)),
        request_(std::move(request)),
        printer_(request_.streams[3].get(), request_.json) {}

  void run() {
    ProgramOrder order;
    order.words = request_.words;
    order.environment = request_.environment;
    order.folder = request_.folder;
    order.path = request_.path;
    order.in_world = !request_.here;
    for (std::size_t i = 0; i < 3; ++i) order.streams[i] = request_.streams[i].get();
    boxed_ = fork_boxed(order);
    program_ = request_.here ? boxed_.root : 0;
    tracer::Wake wake(channel_.get());
    wake_ = &wake;
    tracer::Tracer tracer(*this,
                          {0, [&wake](Nanoseconds time) { wake.after(time); }, [this] { return woken(); }});
    tracer_ = &tracer;
    tracer.attach(boxed_.root);
    if (::write(boxed_.release.get(), "x", 1) != 1) throw SystemError("start the program", errno);
    for (std::size_t i = 0; i < 3; ++i) request_.streams[i].reset();  // or a pipe's reader waits for us
    tracer.run();
    printer_.flush_all();
  }

  bool entered(const tracer::Call& call) override {
    printer_.entered(call);
    return false;
  }
  void returned(const tracer::Call& call, std::int64_t value, Nanoseconds at) override {
    printer_.returned(call, value, at);
  }
  void born(pid_t process, pid_t /*parent*/) override {
    if (program_ == 0) {
      program_ = process;
    } else {
      printer_.another();
    }
  }
  void became(pid_t process) override {
    if (process == program_) started_ = true;
  }
  void ended(pid_t process, int status) override {
    if (process == program_) {
      const auto trouble = started_ ? std::nullopt : trouble_of(boxed_);
      say(trouble ? "trouble " + *trouble + "\n" : "ended " + std::to_string(status) + "\n");
      if (trouble) return;
    }
    if (process == program_ || process != boxed_.root) printer_.ended(process, status);
  }
  void about_to_wait() override {
    const Nanoseconds now = tracer::clock_now();
    if (printer_.empty()) return;
    if (now - flushed_at_ < flush_after) return wake_->after(flush_after);
    if (const auto later = printer_.flush()) wake_->after(*later);
    flushed_at_ = now;
  }

 private:
  void say(const std::string& line) { (void)::send(channel_.get(), line.data(), line.size(), MSG_NOSIGNAL); }

  /// The other end sends signals for the program, one byte each; its end is ours.
  bool woken() {
    if (!wake_->taken()) return true;
    for (char byte = 0;;) {
      const ssize_t got = ::recv(channel_.get(), &byte, 1, MSG_DONTWAIT);
      if (got == 1) {
        if (program_ > 0 && started_) (void)::kill(program_, byte);
        continue;
      }
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
      tracer_->kill_all();
      return false;
    }
  }

  UniqueFd channel_;
  WatchRequest request_;
  CallPrinter printer_;
  Boxed boxed_;
  pid_t program_ = 0;
  bool started_ = false;
  Nanoseconds flushed_at_{};
  tracer::Wake* wake_ = nullptr;
  tracer::Tracer* tracer_ = nullptr;
};

}  // namespace

void run_watcher(UniqueFd channel) {
  const int fd = channel.get();
  auto request = receive_watch(fd);
  if (!request) return;
  try {
    Watcher(std::move(channel), std::move(*request)).run();
  } catch (const SystemError& error) {
    const std::string line = std::string("trouble cannot ") + error.what() + "\n";
    (void)::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
  }
}

}  // namespace loopscope::lab
