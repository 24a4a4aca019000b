#pragma once

#include <ostream>
#include <string>

#include "app/cli/terminal.hpp"
#include "app/cli/verdict.hpp"
#include "app/cli/walk.hpp"

/// A run as a person reads it in the terminal.
namespace loopscope::app::cli {

class StepWriter {
 public:
  StepWriter(std::ostream& out, Terminal terminal, const experiment::Experiment& experiment);

  void headline(const experiment::Experiment& experiment, bool with_file);
  /// A chapter or narration; a title says nothing that the headline has not said.
  void words(const experiment::Statement& statement);
  /// A statement that has no RESULT: 'kill server'.
  void deed(const experiment::Statement& statement);
  /// 'rival   bind(r, 127.0.0.1:62893)' without an end of line: a question or a pause stands behind.
  void call(const experiment::Statement& statement);
  /// What came of it, behind the call, and the end of the line.
  void outcome(const Verdict& verdict);
  /// The call and what came of it.
  void step(const Verdict& verdict);
  void trouble(const std::string& words);
  /// A packet that the firewall stopped.
  void stopped(const trace::FirewallJudged& judged);
  /// Something beside the steps: what a real program did, who joins a run on this machine, who holds a port.
  void note(const std::string& words);
  /// State, addresses and owner of each socket of a host, indented.
  void sockets(const std::string& host, const Sockets& sockets);
  void end_paragraph();

 private:
  std::ostream& out_;
  Terminal terminal_;
  std::size_t process_width_ = 0;
  std::size_t call_width_ = 0;
  std::string narration_;  ///< lines that add up to a paragraph
};

/// 'EADDRINUSE (Address already in use)', or the RESULT alone.
[[nodiscard]] std::string result_with_words(const experiment::Result& result);
/// '12 steps: all as stated', '12 steps: 1 differs from what the file states'.
[[nodiscard]] std::string tally_words(const Tally& tally);

}  // namespace loopscope::app::cli
