#include "sim/lab/engine/call_printer.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

#include "sim/base/errno_name.hpp"
#include "sim/tracer/notation.hpp"
#include "sim/tracer/tracer.hpp"

namespace loopscope::lab {
namespace {

constexpr std::size_t results_at = 39;  // the column at which strace puts what a call gave
constexpr std::size_t flush_above = 32768;
constexpr auto shown_unfinished_after = std::chrono::milliseconds(5);

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

}  // namespace

void CallPrinter::begin_line(pid_t thread) {
  if (first_ == 0) first_ = thread;
  several_ = several_ || thread != first_;
  line_start_ = static_cast<std::ptrdiff_t>(waiting_.size());
  if (several_) waiting_ += fmt::format("[pid {:5}] ", thread);
}

void CallPrinter::end_line(const std::string& rest, std::int64_t value) {
  waiting_ += rest;
  const auto width = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(waiting_.size()) - line_start_);
  if (width < results_at) waiting_.append(results_at - width, ' ');
  waiting_ += " = " + tracer::value_text(value) + "\n";
  open_line_ = 0;
  if (waiting_.size() > flush_above) flush_all();
}

void CallPrinter::entered(const tracer::Call& call) {
  const tracer::Memory memory(call.process);
  auto& arguments = entered_[call.thread];
  arguments = tracer::arguments_of(call, memory);
  if (json_) return;
  if (open_line_ != 0) waiting_ += " <unfinished ...>\n";
  begin_line(call.thread);
  waiting_ += std::string(call.what->name) + "(";
  // Up to the first that only the call's return tells.
  for (std::size_t i = 0; i < arguments.size() && !arguments[i].awaited; ++i)
    waiting_ += (i == 0 ? "" : ", ") + arguments[i].text;
  open_line_ = call.thread;
  begun_at_ = call.at;
}

void CallPrinter::returned(const tracer::Call& call, std::int64_t value, Nanoseconds at) {
  if (json_) return print_json(call, value, at);
  const tracer::Memory memory(call.process);
  const auto& arguments = entered_[call.thread];
  const auto filled = tracer::filled_in(call, value, memory);
  std::string rest;
  bool told = true;
  std::size_t next = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    told = told && !arguments[i].awaited;
    if (told) continue;
    const bool known = arguments[i].awaited && next < filled.size();
    rest += (i == 0 ? "" : ", ") + (known ? filled[next++] : arguments[i].text);
  }
  if (open_line_ != call.thread) {
    if (open_line_ != 0) waiting_ += " <unfinished ...>\n";
    begin_line(call.thread);
    waiting_ += fmt::format("<... {} resumed>", call.what->name);
  }
  end_line(rest + ")", value);
}

void CallPrinter::print_json(const tracer::Call& call, std::int64_t value, Nanoseconds at) {
  const tracer::Memory memory(call.process);
  std::string details;
  for (const std::string& one : tracer::filled_in(call, value, memory))
    details += (details.empty() ? "" : ", ") + one;
  nlohmann::ordered_json json;
  json["at"] = call.at.count();
  json["nanoseconds"] = (at - call.at).count();
  json["pid"] = call.thread;
  json["call"] = call.what->name;
  json["arguments"] = tracer::joined(entered_[call.thread]);
  json["value"] = value < 0 ? -1 : value;
  json["error"] =
      value < 0 ? nlohmann::ordered_json(errno_name(tracer::error_of(value))) : nlohmann::ordered_json();
  json["result"] = tracer::result_text(call, value, memory);
  json["details"] = details;
  waiting_ += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (waiting_.size() > flush_above) flush_all();
}

void CallPrinter::ended(pid_t process, int status) {
  entered_.erase(process);
  const bool by_signal = WIFSIGNALED(status);
  if (json_) {
    nlohmann::ordered_json json;
    json["pid"] = process;
    if (by_signal)
      json["killed_by"] = signal_name(WTERMSIG(status));
    else
      json["exit_status"] = WEXITSTATUS(status);
    waiting_ += json.dump() + "\n";
    return;
  }
  if (open_line_ != 0) waiting_ += open_line_ == process ? " <unfinished ...>) = ?\n" : " <unfinished ...>\n";
  open_line_ = 0;
  begin_line(process);
  waiting_ += by_signal ? fmt::format("+++ killed by {} +++\n", signal_name(WTERMSIG(status)))
                        : fmt::format("+++ exited with {} +++\n", WEXITSTATUS(status));
}

std::optional<Nanoseconds> CallPrinter::flush() {
  if (open_line_ == 0 || line_start_ < 0) {
    flush_all();
    return std::nullopt;
  }
  const Nanoseconds age = tracer::clock_now() - begun_at_;
  if (age >= shown_unfinished_after) {
    flush_all();
    return std::nullopt;
  }
  write_out(static_cast<std::size_t>(line_start_));
  return shown_unfinished_after - age;
}

void CallPrinter::write_out(std::size_t size) {
  for (std::size_t written = 0; written < size;) {
    const ssize_t now = ::write(fd_, waiting_.data() + written, size - written);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) break;  // nobody reads it any more: the program goes on all the same
    written += static_cast<std::size_t>(now);
  }
  waiting_.erase(0, size);
  line_start_ -= static_cast<std::ptrdiff_t>(size);
}

}  // namespace loopscope::lab
