#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/game/scenes.hpp"

/// What the game asks about: rules of the model that can be learnt, from the plain ones to the fine ones.
namespace loopscope::game {

struct Topic {
  std::string_view rule;      ///< its name in the model: 'bind.listener'
  int tier = 1;               ///< 1…5, the plainest first
  std::string_view lesson;    ///< where it is taught: '06-port-conflicts'
  std::string_view tempting;  ///< the answer that is most often given instead: 'ok', 'EADDRINUSE'
  std::string_view why_not;   ///< …and why it is not what happens
  std::vector<Scene> scenes;  ///< those that reach it
};

/// In the order in which they are first asked: by tier.
[[nodiscard]] const std::vector<Topic>& topics();
/// Null where the game does not ask about it.
[[nodiscard]] const Topic* find_topic(std::string_view rule);
/// The rule's sentence and its source, as the model has them; empty where there is no such rule.
[[nodiscard]] std::string sentence_of(std::string_view rule);
[[nodiscard]] std::string source_of(std::string_view rule);

/// Twelve rules of the test before and after the course, in the order of the questions.
[[nodiscard]] std::span<const std::string_view> test_rules();

/// What may be answered to a call, `ok` first; at most six, from its manual page. `waits`: the socket waits.
[[nodiscard]] std::vector<std::string> answers_for(std::string_view call, bool udp, bool nonblocking);
/// When this call gives this errno: 'EACCES comes for a port below …'. Every answer of answers_for() has one.
[[nodiscard]] std::string when_it_comes(std::string_view call, std::string_view answer);

}  // namespace loopscope::game
