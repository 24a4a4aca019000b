#include "app/views/stage_model.hpp"

#include "app/views/stage_parts.hpp"

namespace loopscope::app::stage {

Mood mood_of(SocketState state) {
  switch (state) {
    case SocketState::Established:
      return Mood::Good;
    case SocketState::SynSent:
    case SocketState::SynReceived:
    case SocketState::FinWait1:
    case SocketState::FinWait2:
    case SocketState::CloseWait:
    case SocketState::Closing:
    case SocketState::LastAck:
      return Mood::Waiting;
    default:
      return Mood::Neutral;
  }
}

std::optional<std::size_t> find_process(const Model& model, std::string_view name) {
  for (std::size_t i = 0; i < model.processes.size(); ++i) {
    if (model.processes[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> column_of(const Model& model, std::string_view process) {
  for (std::size_t i = 0; i < model.columns.size(); ++i) {
    const auto& index = model.columns[i].process;
    if (index && model.processes[*index].name == process) return i;
  }
  return std::nullopt;
}

Model model_at(const Input& input) {
  return model_of(gather(*input.timeline, input.moment, {input.host, input.among_others}), input);
}

Model model_of(const Facts& facts, const Input& input) {
  Model model;
  Mask mask;
  if (input.experiment != nullptr && input.asking && *input.asking < input.experiment->statements.size()) {
    const experiment::Statement& question = input.experiment->statements[*input.asking];
    mask = notation::mask_for(question);
    model.asking = experiment::call_text(question);
  }
  model.empty = facts.processes.empty() && facts.step.started == nullptr;
  add_processes(model, facts, input);
  add_sockets(model, facts, mask);
  model.firewall = firewall_at(*input.timeline, input.moment, input.host);
  add_network(model, facts, input);
  add_verdict(model, facts, input);
  return model;
}

}  // namespace loopscope::app::stage
