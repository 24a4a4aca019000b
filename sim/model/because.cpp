#include <cstdio>

#include "sim/model/prediction.hpp"

namespace loopscope::model {
namespace {

std::string address_words(const Opponent& opponent) {
  auto text = to_string(opponent.local);
  if (opponent.any_port) text = text.substr(0, text.rfind(':')) + ":(a port that the kernel chose)";
  return text;
}

std::string deed(const Opponent& opponent) {
  const auto where = address_words(opponent);
  switch (opponent.state) {
    case SocketState::Listen:
      return "listens on " + where;
    case SocketState::Bound:
      return "is bound to " + where + " and does not listen";
    case SocketState::Unconnected:
      return "is bound to UDP " + where;
    case SocketState::Closed:
      return "had " + where;
    default:
      return "has " + where + " for its connection with " + to_string(opponent.peer) + " (" +
             std::string(to_string(opponent.state)) + ")";
  }
}

std::string owner_words(const Opponent& opponent) {
  if (opponent.process.empty())
    return opponent.time_wait_left > Time{} ? "a closed connection" : "a socket that no process has open";
  auto text = "process `" + opponent.process + "`";
  if (!opponent.variable.empty()) text += ", socket `" + opponent.variable + "`,";
  return text;
}

}  // namespace

std::string describe(const Opponent& opponent) {
  auto text = owner_words(opponent) + " " + deed(opponent);
  if (!opponent.relation.empty()) text += ", " + opponent.relation;
  if (opponent.time_wait_left > Time{}) {
    char left[64];
    std::snprintf(left, sizeof left, ", for another %.1f seconds",
                  static_cast<double>(opponent.time_wait_left.count()) / 1e6);
    text += left;
  }
  return text;
}

std::string because(const Prediction& prediction) {
  const auto* rule = find_rule(prediction.rule);
  if (rule == nullptr) return prediction.detail;
  std::string text(rule->sentence);
  if (!prediction.detail.empty())
    text = prediction.rule == RuleId::not_modelled ? prediction.detail : text + " " + prediction.detail;
  for (std::size_t i = 0; i < prediction.opponents.size(); ++i) {
    auto words = describe(prediction.opponents[i]);
    if (i == 0) words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
    text += (i == 0 ? " " : "; ") + words;
  }
  if (!prediction.opponents.empty()) text += ".";
  if (prediction.choice) {
    text += " It takes one of " + std::to_string(prediction.choice->low) + "–" +
            std::to_string(prediction.choice->high) +
            (prediction.choice->step == 2 ? ", every second one." : ".");
  }
  return text;
}

}  // namespace loopscope::model
