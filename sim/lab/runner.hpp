#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sim/lab/run.hpp"

namespace loopscope::lab {

/// One experiment on its way through a lab, statement after statement, without ever blocking: several can be
/// driven by one thread. run() is this with a poll(2). The experiment must outlive it.
class Runner {
 public:
  Runner(std::unique_ptr<Lab> lab, const experiment::Experiment& experiment, BeforeStep before = {},
         AfterStep after = {});

  /// Readable when pump() has something to do.
  [[nodiscard]] int fd() const noexcept { return lab_->fd(); }
  /// Takes in what came and goes on. False once it is over.
  bool pump();
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// What there is so far; the events in the order in which they were told.
  [[nodiscard]] const RunReport& so_far() const noexcept { return report_; }
  /// Once over(): what became of it. The events are in the order of their time.
  [[nodiscard]] RunReport report();

 private:
  void go_on();
  void take(const trace::Event& event);
  void finish_step(const trace::StepFinished& finished);
  void end(std::string trouble);

  std::unique_ptr<Lab> lab_;
  const experiment::Experiment& experiment_;
  BeforeStep before_;
  AfterStep after_;
  RunReport report_;
  std::size_t next_ = 0;         ///< the statement that comes next
  std::uint64_t under_way_ = 0;  ///< its step number, or 0
  bool over_ = false;
};

}  // namespace loopscope::lab
