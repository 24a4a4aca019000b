#include "tests/lab/worlds.hpp"

#include "sim/experiment/parser.hpp"
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
