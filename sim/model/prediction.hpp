#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/terms.hpp"
#include "sim/model/rules.hpp"
#include "sim/model/socket.hpp"

namespace loopscope::model {

/// A socket that decided a result: who it is, as it was at that moment.
struct Opponent {
  SocketId socket = no_socket;
  std::string process;  ///< empty: nobody's (TIME-WAIT, not yet accepted, closed)
  std::string variable;
  Transport transport = Transport::Tcp;
  SocketState state = SocketState::Closed;
  SocketAddress local;
  SocketAddress peer;
  bool any_port = false;  ///< the kernel chose the port, so it is not known
  Time time_wait_left{};  ///< TIME-WAIT and FIN-WAIT-2 without an owner: what is left of it
  std::string relation;   ///< 'which includes 127.0.0.1'; empty where there is nothing to say
};

/// Where a port is the kernel's free choice: the ports it may take.
struct PortChoice {
  int low = 0, high = 0, step = 1;
};

/// What the model says of one statement.
struct Prediction {
  std::optional<experiment::Result> result;  ///< nothing for statements that have none
  RuleId rule = RuleId::none;
  std::vector<Opponent> opponents;
  std::optional<PortChoice> choice;
  std::string detail;  ///< a fact that the rule's sentence needs
};

/// 'process `server`, socket `s`, listens on 0.0.0.0:62893, which includes 127.0.0.1'
[[nodiscard]] std::string describe(const Opponent& opponent);
/// The reason in one sentence or two: the rule's words and the actual opponents. Empty where there is nothing
/// to say.
[[nodiscard]] std::string because(const Prediction& prediction);

}  // namespace loopscope::model
