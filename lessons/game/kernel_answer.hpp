#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/experiment/statement.hpp"
#include "sim/lab/lab.hpp"

namespace loopscope::game {

/// One question put to the kernel: the experiment is made in a private world of its own, and the answer to
/// its last call is kept. Never waits, so that it goes on while a window draws. Threading and life: as the
/// launcher, which must outlive it. The destructor ends the world.
class KernelAnswer {
 public:
  KernelAnswer(sandbox::Launcher& launcher, experiment::Experiment experiment);

  /// Readable (poll(2)) when pump() has something to do; -1 where it has at once, or it is over.
  [[nodiscard]] int fd() const noexcept;
  /// True once it is over: then there is a result or trouble.
  bool pump();
  [[nodiscard]] const std::optional<experiment::Result>& result() const noexcept { return result_; }
  /// Why there is none: no lab on this machine, or a step could not be taken.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
  /// No world could be made at all: the next question has none either.
  [[nodiscard]] bool no_lab() const noexcept { return no_lab_; }
  /// 'Linux 6.1.0-18-amd64 …'; empty before the world is there.
  [[nodiscard]] const std::string& kernel() const noexcept { return kernel_; }

  /// The same at once; pumps until it is over (some 0.1 s).
  void wait();

 private:
  void begin_next();
  void take(const trace::Event& event);
  void end(std::string trouble);

  experiment::Experiment experiment_;
  std::unique_ptr<lab::Lab::Opening> opening_;
  std::unique_ptr<lab::Lab> lab_;
  std::size_t next_ = 0;
  std::uint64_t under_way_ = 0;  ///< step number, or 0
  std::optional<experiment::Result> result_;
  std::string trouble_, kernel_;
  bool over_ = false, no_lab_ = false;
};

}  // namespace loopscope::game
