#include "app/cli/predictor.hpp"

#include "sim/model/world.hpp"

namespace loopscope::app::cli {

using namespace experiment;

std::vector<Verdict> predict_all(const Experiment& experiment) {
  model::World world;
  std::vector<Verdict> verdicts;
  std::string chapter;
  for (const Statement& statement : experiment.statements) {
    if (const auto* begins = std::get_if<Chapter>(&statement.body)) chapter = begins->words;
    const model::Prediction prediction = model::apply(world, statement);
    if (!has_result(statement)) continue;
    Verdict verdict;
    verdict.statement = &statement;
    verdict.chapter = chapter;
    verdict.model = prediction.result;
    if (const auto* rule = model::find_rule(prediction.rule)) verdict.rule = rule->name;
    verdict.because = because(prediction);
    if (const Stated* stated = stated_of(statement)) {
      verdict.stated = model::stated_in(world, process_of(statement), stated->result);
    } else if (prediction.result && std::holds_alternative<Claimed>(*prediction.result)) {
      verdict.stated = Claimed{true};
    }
    judge(verdict);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace loopscope::app::cli
