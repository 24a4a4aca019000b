#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <tuple>

#include "app/cli/question.hpp"
#include "app/cli/step_text.hpp"
#include "sim/lab/session.hpp"

/// A live run in the terminal: everything that the window shows of it, as lines.
namespace loopscope::app::cli {

class LiveText {
 public:
  /// Who is asked at a `?=`. Puts the question and waits; nothing at the end of the input, or where nobody
  /// types.
  using Ask = std::function<std::optional<Guess>(std::size_t statement)>;
  /// The kernel has answered one.
  using Settle = std::function<void(std::size_t statement, const std::optional<Guess>& guess,
                                    const experiment::Result& kernel)>;

  /// Error: this machine can make no world. `experiment` must outlive it.
  [[nodiscard]] static tl::expected<std::unique_ptr<LiveText>, sandbox::Refusal> start(
      sandbox::Launcher& launcher, const experiment::Experiment& experiment, std::ostream& out,
      Terminal terminal);
  void hear(Ask ask, Settle settle) {
    ask_ = std::move(ask);
    settle_ = std::move(settle);
  }

  /// Words that stand before the next stop are written; false: there is none any more.
  bool come_to_next();
  /// 'rival: bind(r, …)', without a result that would answer the question.
  [[nodiscard]] std::string next_words() const;
  /// Whether the next stop begins a chapter that the last one did not stand in.
  [[nodiscard]] bool chapter_begins();
  [[nodiscard]] std::size_t next_statement() const { return session_->next_statement(); }
  [[nodiscard]] bool finished() const;
  /// Takes the next step, asks where it is a question, and writes what happened.
  void step();
  /// Performs an act; the parser's words go to the output.
  void act(const std::vector<std::string>& lines);
  [[nodiscard]] const lab::Session& session() const { return *session_; }
  void step_by(lab::StepBy by);
  /// Waits a moment for facts that come late (at most `patience`), until `enough`.
  void wait_until(const std::function<bool()>& enough, Milliseconds patience);
  [[nodiscard]] bool differed() const { return differed_; }  ///< a step gave another result than is stated

 private:
  LiveText(std::unique_ptr<lab::Session> session, std::ostream& out, Terminal terminal);

  void pump(int milliseconds);
  void settle_down();
  void write_words_until(std::size_t statement);
  void write_news();
  void write(const trace::Event& event);
  void started(const trace::StepStarted& step);
  void finish(const trace::StepFinished& step);
  void write_call(const trace::CallReturned& returned);
  void write_packet(const trace::PacketSeen& seen);
  void write_tables();

  std::unique_ptr<lab::Session> session_;
  std::ostream& out_;
  Terminal terminal_;
  StepWriter writer_;
  Ask ask_;
  Settle settle_;
  std::size_t words_shown_ = 0;  ///< statements whose words have been written
  std::size_t chapters_ = 0, chapters_before_ = 0;
  using Key = std::tuple<Nanoseconds, std::size_t, std::string>;
  std::set<Key> seen_;  ///< late packets are put where they belong, so positions do not tell what is new
  std::map<std::uint64_t, const experiment::Statement*> under_way_;
  std::map<std::uint64_t, std::size_t> index_of_;  ///< of a step, in the experiment
  std::deque<experiment::Statement> acts_;
  std::map<trace::CallId, trace::CallEntered> calls_;
  std::set<std::string> programs_;
  std::map<std::string, Sockets> tables_;
  std::optional<Guess> guess_;
  bool differed_ = false;
};

}  // namespace loopscope::app::cli
