#include "app/notation/mask.hpp"

namespace loopscope::app::notation {
namespace {

using namespace experiment;

void hide(Mask& mask, const Call& call) {
  if (std::holds_alternative<StateCall>(call)) mask.state = true;
  if (std::holds_alternative<GetsocknameCall>(call)) mask.local = true;
  if (std::holds_alternative<GetpeernameCall>(call)) mask.peer = true;
  if (std::holds_alternative<AcceptCall>(call) || std::holds_alternative<PollCall>(call)) mask.bytes = true;
  if (std::holds_alternative<RecvCall>(call) || std::holds_alternative<ReadCall>(call)) mask.bytes = true;
}

}  // namespace

Mask mask_for(const Statement& question) {
  Mask mask;
  const auto* stated = stated_of(question);
  if (stated == nullptr || !stated->asked) return mask;
  mask.process = process_of(question);
  if (const auto* step = std::get_if<CallStep>(&question.body)) hide(mask, step->call);
  if (std::holds_alternative<ReturnsStep>(question.body)) mask.bytes = mask.state = true;
  return mask;
}

}  // namespace loopscope::app::notation
