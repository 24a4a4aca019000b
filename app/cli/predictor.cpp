#include "app/cli/predictor.hpp"

#include "sim/model/world.hpp"

namespace loopscope::app::cli {

using namespace experiment;

namespace {

bool names_port(const Result& result) {
  const auto* address = std::get_if<AddressTerm>(&result);
  if (const auto* received = std::get_if<Received>(&result); received != nullptr && received->from)
    address = &*received->from;
  return address != nullptr && std::holds_alternative<PortOf>(address->port);
}

bool is_claim(const Statement& statement) {
  return std::holds_alternative<SocketClaim>(statement.body) ||
         std::holds_alternative<PacketsClaim>(statement.body) ||
         std::holds_alternative<HeldClaim>(statement.body);
}

}  // namespace

std::vector<Verdict> predict_all(const Experiment& experiment) {
  model::World world = model::world_of(experiment);
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
      verdict.stated = stated->result;
      // What agrees is said in the file's own words, as the kernel engine does: `127.0.0.1:port(l)`.
      const auto meant = model::stated_in(world, process_of(statement), stated->result);
      if (verdict.model && is_known(*verdict.model) && names_port(stated->result) &&
          agree(statement, meant, *verdict.model)) {
        verdict.model = stated->result;
      }
    } else if (is_claim(statement)) {
      verdict.stated = Claimed{true};
    }
    judge(verdict);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace loopscope::app::cli
