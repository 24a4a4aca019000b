#include "app/cli/verdict.hpp"

namespace loopscope::app::cli {
namespace {

using experiment::Result;

bool differ(const experiment::Statement& statement, const std::optional<Result>& stated,
            const std::optional<Result>& found) {
  const bool both_known = stated && found && is_known(*stated) && is_known(*found);
  return both_known && !agree(statement, *stated, *found);
}

}  // namespace

void judge(Verdict& verdict) {
  verdict.modelled = !verdict.model || is_known(*verdict.model);
  verdict.agree = verdict.trouble.empty() && !differ(*verdict.statement, verdict.stated, verdict.kernel) &&
                  !differ(*verdict.statement, verdict.stated, verdict.model) &&
                  !differ(*verdict.statement, verdict.model, verdict.kernel);
}

void Tally::add(const Verdict& verdict) {
  ++steps;
  if (!verdict.agree)
    ++differ;
  else if (!verdict.modelled)
    ++not_modelled;
  else
    ++agree;
}

}  // namespace loopscope::app::cli
