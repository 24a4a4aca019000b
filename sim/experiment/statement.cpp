#include "sim/experiment/statement.hpp"

namespace loopscope::experiment {
namespace {

struct ProcessOf {
  std::string operator()(const CallStep& step) const { return step.process; }
  std::string operator()(const ReturnsStep& step) const { return step.process; }
  std::string operator()(const KillStep& step) const { return step.process; }
  std::string operator()(const ExitStep& step) const { return step.process; }
  std::string operator()(const RunStep& step) const { return step.process; }
  std::string operator()(const StartStep& step) const { return step.process; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

template <class... Kinds>
bool is_any(const Body& body) {
  return (std::holds_alternative<Kinds>(body) || ...);
}

}  // namespace

std::string Experiment::title() const {
  for (const Statement& statement : statements) {
    if (const auto* title_line = std::get_if<Title>(&statement.body)) return title_line->words;
  }
  return "";
}

bool has_result(const Statement& statement) {
  return is_any<CallStep, ReturnsStep, RunStep, StartStep, SocketClaim, PacketsClaim, HeldClaim>(
      statement.body);
}

const Stated* stated_of(const Statement& statement) {
  const std::optional<Stated>* stated = nullptr;
  if (const auto* call = std::get_if<CallStep>(&statement.body)) stated = &call->stated;
  if (const auto* returns = std::get_if<ReturnsStep>(&statement.body)) stated = &returns->stated;
  if (const auto* run = std::get_if<RunStep>(&statement.body)) stated = &run->stated;
  return stated != nullptr && stated->has_value() ? &**stated : nullptr;
}

std::string process_of(const Statement& statement) { return std::visit(ProcessOf{}, statement.body); }

}  // namespace loopscope::experiment
