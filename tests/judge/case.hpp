#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "sim/experiment/statement.hpp"
#include "sim/lab/lab.hpp"
#include "sim/model/world.hpp"
#include "tests/judge/hearing.hpp"
#include "tests/judge/tables.hpp"

namespace loopscope::judge {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as the trace's

/// One experiment on its way: each statement is done by the kernel in a private world, then by the model, and
/// the two results and the two socket tables are held against each other before the next. Never blocks, so
/// that many can be driven by one thread. It is over at the first difference.
///
/// The model is told when the kernel began each step, and nothing else of what it did: a machine under load
/// is slow, and timers of 40 ms run meanwhile on both sides.
class Case {
 public:
  Case(sandbox::Launcher& launcher, experiment::Experiment experiment);

  /// Readable when pump() has something to do; -1: pump() at once.
  [[nodiscard]] int fd() const noexcept;
  /// When to pump() though nothing is readable.
  [[nodiscard]] std::optional<Clock::time_point> due() const noexcept { return due_; }
  /// False once it is over.
  bool pump();
  [[nodiscard]] const Hearing& hearing() const noexcept { return hearing_; }
  [[nodiscard]] const experiment::Experiment& experiment() const noexcept { return experiment_; }

 private:
  bool wake();
  void take(const trace::Event& event);
  void begin_next();
  void finish_step(const trace::StepFinished& finished, Nanoseconds at);
  [[nodiscard]] std::uint16_t port_now() const;
  void compare_results(const model::Prediction& prediction);
  void compare_tables(Nanoseconds at);
  [[nodiscard]] bool goes_off_until(Nanoseconds at) const;
  void advance_model(Nanoseconds to);
  void differ(std::string words, std::optional<experiment::Statement> claim = {});
  void break_off(std::string trouble);

  experiment::Experiment experiment_;
  std::unique_ptr<lab::Lab::Opening> opening_;
  std::unique_ptr<lab::Lab> lab_;
  model::World world_;
  Hearing hearing_;
  std::size_t next_ = 0;
  std::uint64_t under_way_ = 0;  ///< step number, or 0
  Nanoseconds began_{};          ///< when the step, or its call, was entered
  int fd_ = -1;                  ///< that it works on
  std::vector<trace::SocketEntry> table_;
  bool doubt_ = false;  ///< something was in doubt once: what came of it the model does not know
  ChosenPorts ports_;
  bool unsettled_ = false;  ///< the tables differ as yet
  Clock::time_point settle_until_{};
  std::optional<Clock::time_point> due_;
  bool over_ = false;
};

}  // namespace loopscope::judge
