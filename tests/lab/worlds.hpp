#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/run.hpp"

/// What the lab's tests share.
namespace loopscope::test {

/// The launcher of this test program, made at the first call.
[[nodiscard]] sandbox::Launcher& launcher();
/// Parses; fails the test with all problems where the text is wrong.
[[nodiscard]] experiment::Experiment experiment_of(const std::string& text,
                                                   const std::string& name = "test.lab");
/// What does not agree with what the file states, was troubled or failed: 'LINE: STATEMENT -> RESULT
/// TROUBLE'. Empty: all holds.
[[nodiscard]] std::vector<std::string> disagreements(const experiment::Experiment& experiment,
                                                     const lab::RunReport& report);
/// Runs it in a world; fails the test where none can be made.
[[nodiscard]] lab::RunReport run(const experiment::Experiment& experiment);
/// Runs each in a world of its own, so many at a time, and tells the reports as they come.
void run_each(const std::vector<experiment::Experiment>& experiments, std::size_t at_a_time,
              const std::function<void(std::size_t index, const lab::RunReport& report)>& ended);
/// Runs it and checks that all of it holds.
void holds(const std::string& text);
/// Runs it and gives the trouble of its last statement.
[[nodiscard]] std::string trouble_of(const std::string& text);

/// The facts of one kind, in order.
template <typename Fact>
std::vector<Fact> facts(const std::vector<trace::Event>& events) {
  std::vector<Fact> found;
  for (const trace::Event& event : events) {
    if (const auto* fact = std::get_if<Fact>(&event.fact)) found.push_back(*fact);
  }
  return found;
}

}  // namespace loopscope::test
