#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/statement.hpp"

/// One call of 'You are the kernel': the world it comes from, what may be answered, and what the model says.
namespace loopscope::game {

/// A socket of the little world, before the call that is asked.
struct Holder {
  std::string process;  ///< empty: nobody's (TIME-WAIT)
  std::string variable;
  std::string transport;     ///< 'tcp', 'udp'
  std::string state;         ///< 'LISTEN', as ss says it; 'bound' where ss lists nothing
  std::string local, peer;   ///< '127.0.0.1:62893'; peer may be empty
  std::string options;       ///< 'SO_REUSEADDR, IPV6_V6ONLY'; may be empty
  bool of_the_call = false;  ///< the call works on it
  bool decides = false;      ///< the model's answer rests on it
  bool any_port = false;     ///< the kernel chose its port: `local` ends in ':*'
  bool any_peer = false;
};

struct Answer {
  std::string name;      ///< 'ok', 'EADDRINUSE'
  std::string words;     ///< 'Address already in use'; 'it succeeds'
  std::string feedback;  ///< why it is not what happens; of the right one: empty
};

struct Question {
  std::uint64_t seed = 0;
  std::string rule;                   ///< which decides it
  experiment::Experiment experiment;  ///< its last statement is the call
  std::string process, call;          ///< 'rival', 'bind(r, 127.0.0.1:62893)'
  std::vector<std::string> settings;  ///< what is unusual in this world: 'server runs as root'
  std::vector<std::string> earlier;   ///< the calls before, as strace: 'server: listen(s, 16) = 0'
  std::vector<Holder> world;
  std::vector<Answer> answers;  ///< at most six, `ok` first, always in the same order for one call
  std::size_t predicted = 0;    ///< index of the model's
  std::string why;              ///< the rule's sentence and who decided
  std::string source;           ///< 'bind(2); net/ipv4/…'
};

/// A question that this rule decides, from a world drawn by `seed`; `level`: 0…3, how much stands there that
/// has nothing to do with it. Nothing where the rule is none of the game's (or, which a test excludes, no
/// world was hit upon). Pure; about a millisecond.
[[nodiscard]] std::optional<Question> make_question(std::string_view rule, std::uint64_t seed, int level);

/// Index of the answer that a result means; nothing where it is none of them.
[[nodiscard]] std::optional<std::size_t> answer_of(const Question& question,
                                                   const experiment::Result& result);

}  // namespace loopscope::game
