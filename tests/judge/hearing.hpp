#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"

/// What came of putting one experiment to the model and to the kernel.
namespace loopscope::judge {

struct Difference {
  std::size_t statement = 0;
  std::string words;  ///< 'the call: model X, kernel Y: because'
  /// What the kernel's socket table says, where the tables differ and a claim can say it.
  std::optional<experiment::Statement> claim;
};

struct Hearing {
  std::size_t steps = 0;                                  ///< with a result, that the kernel took
  std::map<std::string, std::size_t> not_modelled;        ///< steps, by the model's reason
  std::size_t tables = 0, tables_in_doubt = 0;            ///< socket tables held against each other
  std::optional<Difference> difference;                   ///< the first; nothing is heard behind it
  std::string trouble;                                    ///< the run broke off without a verdict, and why
  std::vector<std::optional<experiment::Result>> kernel;  ///< by statement: what the kernel gave
};

}  // namespace loopscope::judge
