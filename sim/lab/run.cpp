#include "sim/lab/run.hpp"

#include <poll.h>

#include "sim/experiment/parser.hpp"
#include "sim/lab/firewall_rules.hpp"
#include "sim/lab/runner.hpp"

namespace loopscope::lab {

using namespace experiment;

std::vector<std::string> programs_of(const Experiment& experiment) {
  std::vector<std::string> programs;
  for (const Statement& statement : experiment.statements) {
    const bool runs =
        std::holds_alternative<RunStep>(statement.body) || std::holds_alternative<StartStep>(statement.body);
    if (!runs) continue;
    programs.push_back(experiment.file + ":" + std::to_string(statement.place.line) + ": " +
                       to_string(statement));
  }
  return programs;
}

tl::expected<RunReport, sandbox::Refusal> run(sandbox::Launcher& launcher, const Experiment& experiment,
                                              const BeforeStep& before, const AfterStep& after,
                                              RunOptions options) {
  Lab::Options lab_options;
  lab_options.here = options.here;
  lab_options.programs = options.programs;
  lab_options.bridge = options.bridge;
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
