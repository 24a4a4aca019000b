#include "sim/lab/engine/program_tracer.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <unordered_map>
#include <vector>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/trace/json.hpp"
#include "sim/tracer/notation.hpp"
#include "sim/tracer/tracer.hpp"
#include "sim/tracer/wake.hpp"

namespace loopscope::lab {
namespace {

constexpr auto flush_after = std::chrono::milliseconds(1);
constexpr std::size_t flush_above = 65536;
// Nobody reads more; a program that makes a million calls shall not fill the memory of who watches.
constexpr std::uint64_t most_calls = 20'000;

class ProgramTracer : public tracer::Listener {
 public:
  ProgramTracer(UniqueFd control, const TracedProgram& program)
      : control_(std::move(control)), program_(program), holding_(program.hold) {}

  void run() {
    boxed_ = fork_boxed(program_.order);
    // Without a box the first process is the program itself.
    if (!program_.order.has_box()) take_first(boxed_.root);
    tracer::Wake wake(control_.get());
    wake_ = &wake;
    tracer::Tracer tracer(*this, {program_.output_inode, [&wake](Nanoseconds time) { wake.after(time); },
                                  [this] { return woken(); }});
    tracer_ = &tracer;
    tracer.attach(boxed_.root);
    for (const int fd : program_.order.streams) ::close(fd);
    ::close(program_.order.house_processes);
    ::close(program_.order.house_mounts);
    if (::write(boxed_.release.get(), "x", 1) != 1) throw SystemError("start the program", errno);
    tracer.run();
    flush();
  }

  void say(char mark, const std::string& words = {}) { waiting_ += mark + words + "\n"; }
  void flush() {
    if (!write_fully(control_.get(), waiting_.data(), waiting_.size())) gone_ = true;
    waiting_.clear();
    flushed_at_ = tracer::clock_now();
  }

  bool entered(const tracer::Call& call) override {
    if (calls_ == most_calls) return false;
    const tracer::Memory memory(call.process);
    const std::uint64_t id = ++calls_;
    under_way_[call.thread] = id;
    tell(call.at, trace::CallEntered{id, program_.process, call.thread, std::string(call.what->name),
                                     tracer::joined(tracer::arguments_of(call, memory)),
                                     call.what->shape == tracer::Shape::Socket ? -1 : call.fd(), ""});
    return holding_;
  }

  void returned(const tracer::Call& call, std::int64_t value, Nanoseconds at) override {
    const auto found = under_way_.find(call.thread);
    if (found == under_way_.end()) return;
    const tracer::Memory memory(call.process);
    std::string details;
    for (const std::string& one : tracer::filled_in(call, value, memory))
      details += (details.empty() ? "" : ", ") + one;
    tell(at, trace::CallReturned{found->second, program_.process, std::string(call.what->name),
                                 value < 0 ? -1 : value, tracer::error_of(value),
                                 tracer::result_text(call, value, memory), details});
    under_way_.erase(found);
    if (calls_ == most_calls && under_way_.empty() && !told_enough_) {
      told_enough_ = true;
      tell(at, trace::WorldChanged{program_.host, program_.process + ": after " + std::to_string(most_calls) +
                                                      " calls its further ones are not told"});
    }
  }

  void born(pid_t process, pid_t /*parent*/) override {
    if (main_ == 0) return take_first(process);
    say(tracer_line::born, std::to_string(process));
    if (program_.order.stranger && tracer_->processes() > ProgramLimits::processes + 1 && !over_limit_) {
      over_limit_ = true;
      say(tracer_line::trouble, "it started more than " + std::to_string(ProgramLimits::processes) +
                                    " processes, which is what a program may have here: all were ended");
      end_all();
    }
  }

  void became(pid_t process) override {
    if (process != main_ || running_) return;
    running_ = true;
    tell(tracer::clock_now(),
         trace::ProcessStarted{program_.process, program_.host, main_, program_.order.as_root});
    say(tracer_line::running);
  }

  void ended(pid_t process, int status) override {
    if (process == boxed_.root && program_.order.has_box()) return box_ended();
    say(tracer_line::gone, std::to_string(process));
    if (process != main_) return;
    if (!running_) return say(tracer_line::trouble, trouble_of(boxed_).value_or("it ended before it began"));
    trace::ProcessEnded event{program_.process, main_, std::nullopt, std::nullopt};
    if (WIFEXITED(status)) event.exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) event.signal = WTERMSIG(status);
    tell(tracer::clock_now(), event);
    say(tracer_line::ended, std::to_string(status));
  }

  void about_to_wait() override {
    if (waiting_.empty()) return;
    if (tracer::clock_now() - flushed_at_ < flush_after) return wake_->after(flush_after);
    flush();
  }

 private:
  void tell(Nanoseconds at, trace::Fact fact) {
    waiting_ += trace::to_json({at, std::move(fact)}) + "\n";
    if (waiting_.size() > flush_above) flush();
  }

  void take_first(pid_t process) {
    main_ = process;
    say(tracer_line::born, std::to_string(process));
  }

  /// The box could not even be made.
  void box_ended() {
    if (main_ == 0) say(tracer_line::trouble, trouble_of(boxed_).value_or("its box could not be made"));
  }

  /// Whoever is held before a call dies as well: SIGKILL needs no going on.
  void end_all() {
    if (program_.order.in_house()) tracer_->kill_all();
    (void)::kill(boxed_.root, SIGKILL);
  }

  [[nodiscard]] pid_t first_of_box() const { return program_.order.has_box() ? boxed_.root : -1; }

  bool woken() {
    if (!wake_->taken()) return !gone_;
    for (char order = 0;;) {
      const ssize_t got = ::recv(control_.get(), &order, 1, MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return !gone_;
      if (got <= 0) {
        end_all();
        return false;
      }
      obey(static_cast<TracerOrder>(order));
    }
  }

  void obey(TracerOrder order) {
    switch (order) {
      case TracerOrder::Kill:
        return end_all();
      case TracerOrder::Terminate:
        if (main_ > 0) (void)::kill(main_, SIGTERM);
        return;
      case TracerOrder::Stop:
        return tracer_->signal_all(SIGSTOP, first_of_box());
      case TracerOrder::Continue:
        return tracer_->signal_all(SIGCONT, first_of_box());
      case TracerOrder::Hold:
        holding_ = true;
        return;
      case TracerOrder::Flow:
        holding_ = false;
        for (const auto& [thread, call] : under_way_) tracer_->go(thread);
        return;
      case TracerOrder::Go: {
        int thread = 0;
        if (read_fully(control_.get(), &thread, sizeof thread)) tracer_->go(thread);
        return;
      }
    }
  }

  UniqueFd control_;
  const TracedProgram& program_;
  Boxed boxed_;
  pid_t main_ = 0;
  bool running_ = false, over_limit_ = false, told_enough_ = false, gone_ = false;
  bool holding_;
  std::uint64_t calls_ = 0;
  std::unordered_map<pid_t, std::uint64_t> under_way_;  ///< thread -> call
  std::string waiting_;
  Nanoseconds flushed_at_{};
  tracer::Wake* wake_ = nullptr;
  tracer::Tracer* tracer_ = nullptr;
};

}  // namespace

void trace_program(UniqueFd control, const TracedProgram& program) {
  const pid_t engine = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != engine) ::_exit(0);
  ::prctl(PR_SET_NAME, "loopscope-trace");
  const auto& streams = program.order.streams;
  close_all_but({control.get(), streams[0], streams[1], streams[2], program.order.house_processes,
                 program.order.house_mounts});
  const UniqueFd last_words(::fcntl(control.get(), F_DUPFD_CLOEXEC, 3));
  try {
    ProgramTracer(std::move(control), program).run();
  } catch (const std::exception& error) {
    const std::string words =
        std::string(1, tracer_line::trouble) + "it could not be traced: " + error.what() + "\n";
    (void)write_fully(last_words.get(), words.data(), words.size());
  }
  ::_exit(0);
}

}  // namespace loopscope::lab
