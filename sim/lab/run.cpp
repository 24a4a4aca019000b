#include "sim/lab/run.hpp"

#include <poll.h>

#include "sim/experiment/parser.hpp"
#include "sim/lab/firewall_rules.hpp"
#include "sim/lab/runner.hpp"

namespace loopscope::lab {
namespace {

using namespace experiment;

/// What of the language this build's kernel engine has not: real programs.
struct Missing {
  std::string operator()(const RunStep&) const { return "real programs"; }
  std::string operator()(const StartStep&) const { return "real programs"; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

}  // namespace

std::vector<std::string> not_run_here(const Experiment& experiment) {
  std::vector<std::string> problems;
  for (const Statement& statement : experiment.statements) {
    const std::string missing = std::visit(Missing{}, statement.body);
    if (missing.empty()) continue;
    problems.push_back(experiment.file + ":" + std::to_string(statement.place.line) +
                       ": this build does not run " + missing + " yet");
  }
  return problems;
}

tl::expected<RunReport, sandbox::Refusal> run(sandbox::Launcher& launcher, const Experiment& experiment,
                                              const BeforeStep& before, const AfterStep& after,
                                              RunOptions options) {
  Lab::Options lab_options;
  lab_options.here = options.here;
  lab_options.file = experiment.file;
  lab_options.experiment = print(experiment);
  auto lab = Lab::open(launcher, std::move(lab_options));
  if (!lab) return tl::unexpected(lab.error());
  if (const auto wrong = words_about(experiment, (*lab)->refused_rules()); !wrong.empty()) {
    RunReport report;
    for (const std::string& words : wrong) report.trouble += (report.trouble.empty() ? "" : "\n") + words;
    return report;
  }
  Runner runner(std::move(*lab), experiment, before, after);
  while (runner.pump()) {
    pollfd wait{runner.fd(), POLLIN, 0};
    (void)::poll(&wait, 1, -1);
  }
  return runner.report();
}

}  // namespace loopscope::lab
