#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/lab/lab.hpp"

namespace loopscope::test {

/// Whether packets can be held on this machine; says so where they cannot.
[[nodiscard]] bool can_hold();

/// Drives one lab from a test, and keeps all its events.
class Stepper {
 public:
  explicit Stepper(lab::Lab::Options options);

  [[nodiscard]] lab::Lab& lab() { return *lab_; }
  [[nodiscard]] const std::vector<trace::Event>& events() const { return events_; }
  /// A line of the experiment (with an index) or an act of the learner (without). Returns its step number.
  std::uint64_t step(const std::string& line);
  std::uint64_t act(const std::string& line);
  /// Performs it and waits for its end.
  trace::StepFinished finish(const experiment::Body& body);
  trace::StepFinished finish(const std::string& line);
  /// Waits for the end of a step; fails the test after five seconds.
  trace::StepFinished finished(std::uint64_t step);
  /// Waits until an event that came after the last one found satisfies it; fails the test after five seconds.
  template <typename Fact>
  Fact next(const std::function<bool(const Fact&)>& is_it = [](const Fact&) { return true; });
  /// Takes in what comes for this long (only for what must *not* happen).
  void watch(std::chrono::milliseconds time);
  [[nodiscard]] bool is_finished(std::uint64_t step) const;
  /// The states in the last socket table, sorted: 'LISTEN SYN-SENT'.
  [[nodiscard]] std::string states() const;

 private:
  const trace::Event* find_from(std::size_t from, const std::function<bool(const trace::Event&)>& is_it);
  void take(int timeout_ms);
  std::unique_ptr<lab::Lab> lab_;
  std::vector<trace::Event> events_;
  std::size_t seen_ = 0;
  std::uint64_t next_index_ = 0;
};

template <typename Fact>
Fact Stepper::next(const std::function<bool(const Fact&)>& is_it) {
  const trace::Event* event = find_from(seen_, [&](const trace::Event& one) {
    const auto* fact = std::get_if<Fact>(&one.fact);
    return fact != nullptr && is_it(*fact);
  });
  seen_ = static_cast<std::size_t>(event - events_.data()) + 1;
  return std::get<Fact>(event->fact);
}

}  // namespace loopscope::test
