#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/cli/verdict.hpp"
#include "sim/lab/run.hpp"

/// Takes one experiment through the kernel, statement by statement, for whoever shows it.
namespace loopscope::app::cli {

using Sockets = std::vector<trace::SocketEntry>;

/// Who follows the walk. All may be empty.
struct Audience {
  /// Words that the learner sees: a title, a chapter, narration.
  std::function<void(const experiment::Statement& words)> words;
  /// Before each other statement. False ends the walk.
  std::function<bool(std::size_t statement)> before;
  /// After a step that has a RESULT.
  std::function<void(const Verdict& verdict)> step;
  /// Why another statement could not be done, or the walk as a whole ended early; names its line.
  std::function<void(const std::string& trouble)> trouble;
  /// What a real program did: a network call and what it gave, or why it was ended; before the step is told
  /// that it belongs to.
  std::function<void(const std::string& words)> told;
  /// A packet that a firewall did not let through, before the step is told that it belongs to.
  std::function<void(const trace::FirewallJudged& judged)> stopped;
  /// On this machine itself: who joins the run from outside, and what was done to a listener.
  std::function<void(const std::string& news)> news;
  /// Once, before the first statement: for acts beside the experiment's own. It lives as long as the walk.
  std::function<void(lab::Lab& lab)> opened;
  /// The socket table of `here`, where a statement has changed it.
  std::function<void(const std::string& host, const Sockets& sockets)> sockets;
};

struct Walk {
  std::vector<Verdict> verdicts;  ///< one a step that has a RESULT, in order, as far as it came
  bool died = false;              ///< the lab ended before its experiment; Audience::trouble was told why
  bool trouble = false;           ///< Audience::trouble was told something
  std::vector<trace::Event> events;
  /// Firewall rules that nftables refuses, lines that this machine itself does not allow: nothing was run.
  std::vector<std::string> wrong;
};

/// Error: this machine cannot make a world. The experiment must outlive what is returned.
[[nodiscard]] tl::expected<Walk, sandbox::Refusal> walk(sandbox::Launcher& launcher,
                                                        const experiment::Experiment& experiment,
                                                        lab::RunOptions options, const Audience& audience);

}  // namespace loopscope::app::cli
