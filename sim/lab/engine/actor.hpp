#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/lab/engine/order.hpp"

namespace loopscope::lab {

/// A variable of a process: `s` in `s = socket(…)`.
struct Variable {
  int fd = -1;  ///< as the kernel numbered it; stays after close
  bool open = false;
  std::uint16_t port = 0;  ///< what port(VAR) means: kept after the socket's end
};

/// A call that a process is making.
struct Underway {
  Order order;
  experiment::CallStep step;
  std::uint64_t call = 0;  ///< trace::CallId
  std::string bytes;       ///< what a send sends, once
  Nanoseconds since{};     ///< when its process was told to, by the patience clock
  bool entered = false;
  bool reported_blocked = false;
};

struct Told {
  Report report;
  std::string bytes;
};

/// One process of the experiment, seen from the engine. Forked at construction; it ends with this.
class Actor {
 public:
  /// Throws SystemError.
  /// `network`: the network namespace of its host; -1: the engine's own.
  Actor(std::string name, std::string host, bool as_root, bool in_world, int network);
  ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] pid_t last_pid() const noexcept { return last_pid_; }  ///< also after its end
  [[nodiscard]] bool as_root() const noexcept { return as_root_; }
  /// Readable when collect() has something; -1 when it has ended.
  [[nodiscard]] int fd() const noexcept { return control_.get(); }
  [[nodiscard]] bool alive() const noexcept { return pid_ > 0; }

  /// Has it make a call. Only while idle().
  void obey(Underway call);
  [[nodiscard]] bool idle() const noexcept { return !underway_; }
  [[nodiscard]] Underway* underway() noexcept { return underway_ ? &*underway_ : nullptr; }
  void clear_underway() { underway_.reset(); }
  /// What it has said since the last call. Never waits. At its end the last thing said may be missing: see
  /// ended().
  [[nodiscard]] std::vector<Told> collect();
  /// Its wait(2) status once its control has ended.
  [[nodiscard]] std::optional<int> ended();
  /// Whether the kernel has it sleeping (proc(5), state S or D): a call that waits, not a machine that is
  /// slow.
  [[nodiscard]] bool asleep() const;
  /// SIGKILL, and waits until the kernel has closed all that it had open. Returns the status of wait(2).
  int kill();
  /// SIGSTOP, or SIGCONT: what it is in the middle of goes on then (signal(7)).
  void let_run(bool run);
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  /// Lets it leave by itself and waits for that. Only while idle()
  /// and not stopped().
  int leave();

  std::map<std::string, Variable> variables;
  std::map<int, std::uint64_t> open;  ///< its sockets: descriptor -> inode number
  /// Takes in what a call that returned did to variables and descriptors.
  void remember(const Underway& call, const Report& report);
  void remember_port(int fd, std::uint16_t port);
  /// The descriptor that a variable stands for. Closed: its number, or -1 where another socket has that by
  /// now.
  [[nodiscard]] std::optional<int> descriptor(const std::string& variable) const;

  /// The result of a call that returned when nobody waited for it any more: `returns` gives it.
  std::optional<experiment::Result> late_result;

 private:
  int reap();
  std::string name_;
  std::string host_;
  bool as_root_;
  UniqueFd control_;
  pid_t pid_ = -1, last_pid_ = -1;
  std::optional<Underway> underway_;
  std::string buffer_;
  bool closed_ = false;
  bool stopped_ = false;
};

}  // namespace loopscope::lab
