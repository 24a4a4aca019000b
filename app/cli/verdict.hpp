#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"

/// What became of one step, held against what the file states.
namespace loopscope::app::cli {

struct Verdict {
  const experiment::Statement* statement = nullptr;
  std::string chapter;
  std::optional<experiment::Result> model;  ///< nothing where the model did not run
  std::optional<experiment::Result>
      kernel;  ///< nothing where the kernel did not run, or the step could not be taken
  std::optional<experiment::Result> stated;  ///< a claim states that it holds
  std::string rule, because;                 ///< the model's
  std::string trouble;                       ///< why the step could not be taken; empty otherwise
  std::vector<std::string> firewall;         ///< packets that it stopped since the step before, in words
  std::vector<std::string> holders;          ///< on this machine itself: who has the port that was asked for
  std::vector<std::string> calls;            ///< of real programs since the step before, in strace's words
  bool agree = true;                         ///< false where two that are known differ, or there is trouble
  bool modelled = true;                      ///< false where the model answers `not modelled`
};
/// Fills in `agree` and `modelled` from the rest.
void judge(Verdict& verdict);

struct Tally {
  std::size_t files = 0, steps = 0, agree = 0, differ = 0, not_modelled = 0;
  void add(const Verdict& verdict);
};

}  // namespace loopscope::app::cli
