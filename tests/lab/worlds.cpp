#include "tests/lab/worlds.hpp"

#include <poll.h>

#include <memory>

#include "sim/experiment/parser.hpp"
#include "sim/lab/runner.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {

sandbox::Launcher& launcher() {
  static sandbox::Launcher only = lab::make_launcher();
  return only;
}

experiment::Experiment experiment_of(const std::string& text, const std::string& name) {
  auto parsed = experiment::parse(text, name);
  if (parsed) return std::move(*parsed);
  std::string problems;
  for (const auto& problem : parsed.error()) problems += to_string(problem) + "\n";
  FAIL(problems);
  return {};
}

std::vector<std::string> disagreements(const experiment::Experiment& experiment,
                                       const lab::RunReport& report) {
  std::vector<std::string> found;
  for (const lab::Outcome& outcome : report.outcomes) {
    const experiment::Statement& statement = experiment.statements[outcome.statement];
    const experiment::Stated* stated = stated_of(statement);
    const auto* claim = outcome.result ? std::get_if<experiment::Claimed>(&*outcome.result) : nullptr;
    const bool agrees = outcome.trouble.empty() && outcome.result.has_value() == has_result(statement) &&
                        (stated == nullptr || agree(stated->result, *outcome.result)) &&
                        (claim == nullptr || claim->holds);
    if (agrees) continue;
    found.push_back(std::to_string(statement.place.line) + ": " + to_string(statement) + " -> " +
                    (outcome.result ? to_string(*outcome.result) : "no result") +
                    (outcome.trouble.empty() ? "" : " (" + outcome.trouble + ")"));
  }
  if (!report.trouble.empty()) found.push_back(report.trouble);
  return found;
}

lab::RunReport run(const experiment::Experiment& experiment) {
  auto report = lab::run(launcher(), experiment);
  if (!report) FAIL(sandbox::to_string(report.error()));
  return std::move(*report);
}

void run_each(const std::vector<experiment::Experiment>& experiments, std::size_t at_a_time,
              const std::function<void(std::size_t index, const lab::RunReport& report)>& ended) {
  struct Running {
    std::size_t index;
    std::unique_ptr<lab::Runner> runner;
  };
  std::vector<Running> all;
  for (std::size_t next = 0; next < experiments.size() || !all.empty();) {
    for (; next < experiments.size() && all.size() < at_a_time; ++next) {
      lab::Lab::Options options;
      options.experiment = print(experiments[next]);
      auto opened = lab::Lab::open(launcher(), std::move(options));
      if (!opened) FAIL(sandbox::to_string(opened.error()));
      all.push_back({next, std::make_unique<lab::Runner>(std::move(*opened), experiments[next])});
    }
    std::vector<pollfd> wait;
    for (auto& running : all) {
      if (running.runner->pump()) {
        wait.push_back({running.runner->fd(), POLLIN, 0});
        continue;
      }
      ended(running.index, running.runner->report());
      running.runner.reset();
    }
    if (wait.size() == all.size()) ::poll(wait.data(), wait.size(), -1);
    std::erase_if(all, [](const Running& running) { return running.runner == nullptr; });
  }
}

void holds(const std::string& text) {
  const auto experiment = experiment_of(text);
  const auto report = run(experiment);
  for (const std::string& problem : disagreements(experiment, report)) FAIL_CHECK(problem);
}

std::string trouble_of(const std::string& text) {
  const auto report = run(experiment_of(text));
  REQUIRE_FALSE(report.outcomes.empty());
  return report.outcomes.back().trouble;
}

}  // namespace loopscope::test
