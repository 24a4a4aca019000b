#include "sim/lab/plan.hpp"

#include <algorithm>

namespace loopscope::lab {
namespace {

using namespace experiment;

template <class... Kinds>
bool is_any(const Body& body) {
  return (std::holds_alternative<Kinds>(body) || ...);
}

}  // namespace

bool is_words(const Statement& statement) { return is_any<Title, Chapter, Narration>(statement.body); }

bool is_claim(const Statement& statement) {
  return is_any<SocketClaim, PacketsClaim, HeldClaim>(statement.body);
}

bool is_stop(const std::vector<Statement>& statements, std::size_t index) {
  const Body& body = statements[index].body;
  if (is_claim(statements[index])) return index > 0 && is_words(statements[index - 1]);
  return is_any<CallStep, ReturnsStep, KillStep, ExitStep, WaitStep, RunStep, StartStep, PacketsDecl>(body);
}

std::size_t next_stop(const std::vector<Statement>& statements, std::size_t index) {
  while (index < statements.size() && !is_stop(statements, index)) ++index;
  return index;
}

std::size_t chapter_of(const std::vector<Statement>& statements, std::size_t index) {
  const auto end = statements.begin() + static_cast<std::ptrdiff_t>(std::min(index, statements.size()));
  return static_cast<std::size_t>(std::count_if(statements.begin(), end, [](const Statement& statement) {
    return std::holds_alternative<Chapter>(statement.body);
  }));
}

}  // namespace loopscope::lab
