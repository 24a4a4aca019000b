#include "tests/judge/judge.hpp"

#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "sim/model/world.hpp"

namespace loopscope::judge {
namespace {

using namespace experiment;

AddressTerm term(const SocketAddress& address, bool any_port) {
  AddressTerm made;
  made.ip = address.ip;
  if (any_port) {
    made.port = Any{};
  } else {
    made.port = address.port;
  }
  return made;
}

/// States that timers are about to change are left out: the claim would be about a race.
bool lasting(SocketState state) {
  return state == SocketState::Listen || state == SocketState::Established || state == SocketState::Bound ||
         state == SocketState::Unconnected || state == SocketState::CloseWait ||
         state == SocketState::TimeWait;
}

void add_claims(Experiment& experiment, const model::World& world) {
  for (const auto& row : model::socket_table(world, 0)) {
    if (!lasting(row.state) || !world.sockets.find(row.socket)->doubt.empty()) continue;
    SocketClaim claim;
    claim.state = row.state;
    claim.local = term(row.local, row.any_port);
    Statement statement;
    statement.body = claim;
    experiment.statements.push_back(statement);
  }
}

}  // namespace

tl::expected<Hearing, sandbox::Refusal> hear(sandbox::Launcher& launcher, const Experiment& given) {
  Experiment experiment = given;
  {
    model::World world;
    for (const auto& statement : experiment.statements) (void)model::apply(world, statement);
    if (world.beyond.empty()) add_claims(experiment, world);
  }
  const auto report = lab::run(launcher, experiment);
  if (!report) return tl::unexpected(report.error());
  Hearing hearing;
  model::World world;
  for (std::size_t i = 0; i < experiment.statements.size() && i < report->outcomes.size(); ++i) {
    const auto& statement = experiment.statements[i];
    const auto prediction = model::apply(world, statement);
    if (!has_result(statement)) continue;
    ++hearing.steps;
    const auto& kernel = report->outcomes[i].result;
    if (!prediction.result || !is_known(*prediction.result)) {
      ++hearing.not_modelled;
      continue;
    }
    if (!kernel || agree(statement, *prediction.result, *kernel)) continue;
    hearing.difference = Difference{i, to_string(statement) + ": model " + to_string(*prediction.result) +
                                           ", kernel " + to_string(*kernel) + ": " + because(prediction)};
    break;
  }
  return hearing;
}

std::optional<Experiment> read(const std::string& text) {
  auto parsed = parse(text, "random");
  if (parsed) return std::move(*parsed);
  return std::nullopt;
}

Experiment shrink(sandbox::Launcher& launcher, Experiment experiment) {
  const auto differs = [&](const Experiment& candidate) {
    const auto again = read(print(candidate));
    if (!again) return false;
    const auto hearing = hear(launcher, *again);
    return hearing && hearing->difference.has_value();
  };
  if (const auto hearing = hear(launcher, experiment);
      hearing && hearing->difference && hearing->difference->statement < experiment.statements.size()) {
    experiment.statements.resize(hearing->difference->statement + 1);
  }
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = experiment.statements.size(); i-- > 0;) {
      auto candidate = experiment;
      candidate.asides.clear();
      candidate.statements.erase(candidate.statements.begin() + static_cast<std::ptrdiff_t>(i));
      if (!differs(candidate)) continue;
      experiment = std::move(candidate);
      smaller = true;
    }
  }
  return experiment;
}

}  // namespace loopscope::judge
