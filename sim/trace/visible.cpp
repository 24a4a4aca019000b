#include "sim/trace/visible.hpp"

namespace loopscope::trace {

bool is_visible(const Fact& fact) {
  if (const auto* judged = std::get_if<FirewallJudged>(&fact))
    return judged->judgement != Judgement::Accepted;
  return std::holds_alternative<ProcessStarted>(fact) || std::holds_alternative<ProcessEnded>(fact) ||
         std::holds_alternative<CallEntered>(fact) || std::holds_alternative<CallReturned>(fact) ||
         std::holds_alternative<PacketSeen>(fact) || std::holds_alternative<PacketHeld>(fact) ||
         std::holds_alternative<Retransmission>(fact) || std::holds_alternative<WorldChanged>(fact);
}

}  // namespace loopscope::trace
