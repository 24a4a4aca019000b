#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/lab.hpp"

namespace loopscope::lab {

/// What became of one statement.
struct Outcome {
  std::size_t statement = 0;                 ///< index in the experiment
  std::optional<experiment::Result> result;  ///< nothing where it has none, or was not run
  std::string trouble;                       ///< why it could not be done; empty otherwise
};

struct RunReport {
  std::vector<Outcome> outcomes;  ///< one for each statement, in order
  std::vector<trace::Event> events;
  std::string trouble;  ///< why the run as a whole ended early; empty otherwise
};

/// Before each statement; false ends the run (`--step`).
using BeforeStep = std::function<bool(std::size_t statement)>;
using AfterStep = std::function<void(const Outcome&)>;

/// What programs its `run` and `start` steps would start, each with its place: 'FILE:LINE: nginx -c a.conf'.
[[nodiscard]] std::vector<std::string> programs_of(const experiment::Experiment& experiment);

struct RunOptions {
  bool here = false;      ///< see Lab::Options
  bool capture = false;   ///< refused where packets are not seen
  bool programs = false;  ///< see Lab::Options
  bool bridge = false;    ///< see Lab::Options
};
/// Runs a whole experiment in a world of its own, waiting as needed. Where nftables refuses one of its
/// firewall rules nothing is run, there is no outcome, and the report's trouble names the places. Refusal:
/// this machine cannot make one.
[[nodiscard]] tl::expected<RunReport, sandbox::Refusal> run(sandbox::Launcher& launcher,
                                                            const experiment::Experiment& experiment,
                                                            const BeforeStep& before = {},
                                                            const AfterStep& after = {},
                                                            RunOptions options = {});

}  // namespace loopscope::lab
