#include <cerrno>

#include "sim/model/inside.hpp"

namespace loopscope::model {

Outcome answer(experiment::Result result, RuleId rule) {
  Outcome outcome;
  outcome.done.emplace();
  outcome.done->result = std::move(result);
  outcome.done->rule = rule;
  return outcome;
}

Outcome succeed(RuleId rule) { return answer(experiment::Ok{}, rule); }
Outcome fail(int error, RuleId rule) {
  if (rule != RuleId::not_modelled) return answer(experiment::Errno{error}, rule);
  // The only thing that a route leaves open: see route_v6.
  return not_modelled(
      "when a device has a link-local IPv6 address of its own depends on how long its check for duplicates "
      "takes");
}

Outcome not_modelled(std::string reason) {
  auto outcome = answer(experiment::NotModelled{reason}, RuleId::not_modelled);
  outcome.done->detail = std::move(reason);
  return outcome;
}

Outcome wait_until(Time until) {
  Outcome outcome;
  outcome.until = until;
  return outcome;
}

Opponent opponent_of(const World& world, SocketId id, std::string relation) {
  Opponent opponent;
  opponent.socket = id;
  opponent.relation = std::move(relation);
  const auto* socket = world.sockets.find(id);
  if (socket == nullptr) return opponent;
  if (socket->process >= 0 && socket->open) {
    opponent.process = world.processes[static_cast<std::size_t>(socket->process)]->name;
    opponent.variable = socket->variable;
  }
  opponent.transport = socket->transport;
  opponent.state = socket->time_wait ? (socket->state == SocketState::FinWait2 ? SocketState::FinWait2
                                                                               : SocketState::TimeWait)
                                     : socket->state;
  if (socket->transport == Transport::Udp && socket->state == SocketState::Closed)
    opponent.state = SocketState::Unconnected;
  if (socket->transport == Transport::Tcp && socket->state == SocketState::Closed)
    opponent.state = SocketState::Bound;
  opponent.local = {socket->receive, Port{socket->num}};
  opponent.peer = socket->peer;
  opponent.any_port = socket->free_choice;
  if (socket->time_wait) opponent.time_wait_left = socket->time_wait_until - world.now;
  return opponent;
}

experiment::AddressTerm term_of(const World&, const Socket&, const SocketAddress& address, bool any_port) {
  experiment::AddressTerm term;
  term.ip = address.ip;
  if (any_port) {
    term.port = experiment::Any{};
  } else {
    term.port = address.port;
  }
  return term;
}

int take_error(Socket& socket) {
  const int error = socket.error;
  socket.error = 0;
  return error;
}

}  // namespace loopscope::model
