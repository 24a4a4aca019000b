#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/tracer/calls.hpp"
#include "sim/tracer/notation.hpp"

namespace loopscope::lab {

/// Writes calls down as they happen: as strace -f does, or one JSON object a call.
class CallPrinter {
 public:
  /// `fd` stays the caller's.
  CallPrinter(int fd, bool json) : fd_(fd), json_(json) {}

  void entered(const tracer::Call& call);
  void returned(const tracer::Call& call, std::int64_t value, Nanoseconds at);
  void ended(pid_t process, int wait_status);
  /// There is more than one process or thread from here on: each line says whose it is.
  void another() { several_ = true; }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  /// Writes what there is; of a call that has begun just now its whole line later. Nothing: all is written;
  /// else how long that line may still take.
  std::optional<Nanoseconds> flush();
  void flush_all() { write_out(waiting_.size()); }

 private:
  void write_out(std::size_t size);
  void begin_line(pid_t thread);
  void end_line(const std::string& rest, std::int64_t value);
  void print_json(const tracer::Call& call, std::int64_t value, Nanoseconds at);

  int fd_;
  bool json_;
  bool several_ = false;
  pid_t first_ = 0;
  pid_t open_line_ = 0;  ///< the thread whose call has been begun on the last line
  std::ptrdiff_t line_start_ =
      0;  ///< where that line begins in waiting_; negative where its start is written
  Nanoseconds begun_at_{};
  std::string waiting_;
  std::unordered_map<pid_t, std::vector<tracer::Argument>> entered_;  ///< of each thread's call under way
};

}  // namespace loopscope::lab
