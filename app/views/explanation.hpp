#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/base/socket_state.hpp"
#include "sim/base/time.hpp"
#include "sim/trace/socket_entry.hpp"

/// What the model says of the steps of a live run, as plain values beside what the kernel answered.
namespace loopscope::app {

/// A socket that decided a result, by the model.
struct Decider {
  std::string process;   ///< empty: nobody's (TIME-WAIT, not yet accepted)
  std::string variable;  ///< the process's name for the socket
  trace::Transport transport = trace::Transport::Tcp;
  SocketState state = SocketState::Closed;
  SocketAddress local;
  bool any_port = false;  ///< the kernel chose the port: the model does not know it
  std::string relation;   ///< 'which includes 127.0.0.1'; empty where there is nothing to say
  std::string words;      ///< 'process `server`, socket `s`, listens on 127.0.0.1:62893, the same address'
};

/// A change with which the model lets a failed call succeed.
/// How much a remedy's warning weighs, as the model grades it.
enum class Weight : std::uint8_t { None, Note, Caution, Danger };

struct RemedyOffer {
  std::string words;               ///< 'Take another port: 62894'
  std::string warning;             ///< what it costs; empty where nothing needs saying
  std::vector<std::string> lines;  ///< the statements that are new or changed
  Weight weight = Weight::None;
};

/// One step with a result.
struct Explanation {
  std::uint64_t step = 0;                ///< its number in the trace
  Nanoseconds at{};                      ///< when it was taken up
  std::optional<std::size_t> statement;  ///< nothing: an act of the learner
  std::string process, call;
  std::string kernel;    ///< measured, in the language's notation
  std::string model;     ///< predicted from what was done before, without the kernel's answer
  bool modelled = true;  ///< false: `sentence` says why the model has no answer
  bool agrees = true;    ///< false: both answered, and differently
  std::string rule;      ///< 'bind.listener'; empty where no rule is named
  std::string sentence;  ///< the rule in a learner's words, with what this case adds to it
  std::string source;    ///< manual page, RFC, or kernel file and function
  std::vector<Decider> deciders;
  std::vector<RemedyOffer> remedies;  ///< smallest and safest first; empty where the call succeeded
};

/// A remedy that is being run, or was, in a fresh world of its own.
struct Trial {
  std::string words, warning;  ///< the remedy's
  std::string call;            ///< what it is about: as it failed, then as it was made in the trial
  std::string before;          ///< what the kernel answered in the original
  std::string after;           ///< what it answers now; empty while it runs
  bool works = false;          ///< `after` is a success
  std::string text;            ///< the changed experiment
};

}  // namespace loopscope::app
