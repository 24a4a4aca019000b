#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/base/unique_fd.hpp"
#include "sim/lab/engine/program_tracer.hpp"
#include "sim/lab/protocol.hpp"
#include "sim/trace/event.hpp"

namespace loopscope::lab {

/// A real program of the experiment, seen from the engine: the process that traces it has been forked. It
/// ends with this, with all that it started.
class Program {
 public:
  /// Forks. `stepped`: each of its calls is held. Throws SystemError.
  Program(std::string process, std::string host, ProgramOrder order, bool stepped);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] const std::string& process() const noexcept { return process_; }
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  /// Readable where collect() has something to do; -1 once they have ended.
  [[nodiscard]] int fd() const noexcept { return control_.get(); }
  [[nodiscard]] int output_fd() const noexcept { return output_.get(); }
  /// What happened since, as events with times since boot. Never waits.
  [[nodiscard]] std::vector<trace::Event> collect();

  [[nodiscard]] bool running() const noexcept { return running_; }  ///< it has been started
  /// The wait(2) status of the program itself, once it has ended; others that it started may go on.
  [[nodiscard]] std::optional<int> ended() const noexcept { return ended_; }
  [[nodiscard]] bool all_gone() const noexcept { return !control_.valid(); }
  /// Why it was not started or had to be ended; empty otherwise.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
  [[nodiscard]] const std::set<pid_t>& pids() const noexcept { return pids_; }
  /// The last of what it wrote to standard output and error: a line or two.
  [[nodiscard]] std::string last_words() const;

  void order(TracerOrder what);
  void go(pid_t thread);
  /// Ends all of it, and waits until the kernel has closed what it had open (2 s at most).
  void kill();

 private:
  void read_output();
  void take(const std::string& line, std::vector<trace::Event>& events);
  void reap();
  std::string process_, host_;
  UniqueFd control_, output_;
  pid_t tracer_ = -1;
  Lines lines_;
  std::vector<trace::Event> kept_;  ///< what came while it was killed
  std::set<pid_t> pids_;
  bool running_ = false;
  std::optional<int> ended_;
  std::string trouble_, tail_;
  std::uint64_t written_ = 0;
};

}  // namespace loopscope::lab
