#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/lab.hpp"
#include "sim/trace/timeline.hpp"

namespace loopscope::lab {

enum class StepBy : std::uint8_t { Chapter, Call, Packet };

/// What the session waits for.
enum class Phase : std::uint8_t {
  Ready,     ///< the next statement has not been begun: go_on() begins it
  Asking,    ///< the next statement is a question (`?=`): predict() first
  Running,   ///< a statement is under way and needs nothing from the learner
  Holding,   ///< a packet is held: let_go, drop, delay, or go_on() (lets the oldest go)
  Finished,  ///< all statements are done; acts are still possible
  Ended,     ///< the world is gone (see trouble())
};

struct Prediction {
  std::size_t statement = 0;
  std::optional<experiment::Result> guess;    ///< nothing: 'I don't know'
  std::optional<experiment::Result> outcome;  ///< once measured
};

/// One live run of an experiment, stepped by a learner: the processes wait before each call until go_on().
/// Owns its Lab. Where it stops says plan.hpp. It begins by call; by packet each packet on `lo` is held as
/// well (sim/hold/HOLDING.md). Threading: one thread; call pump() when fd() is readable and at least every
/// frame while running.
class Session {
 public:
  /// Where `ground` is the machine itself, what its loopback does not allow is refused (here_rules.hpp) and
  /// nothing is run.
  [[nodiscard]] static tl::expected<std::unique_ptr<Session>, sandbox::Refusal> start(
      sandbox::Launcher& launcher, experiment::Experiment experiment,
      sandbox::Ground ground = sandbox::Ground::Private);
  /// start() in two parts, for who must not wait while the world wakes up: see Lab::Opening.
  class Opening {
   public:
    Opening(sandbox::Launcher& launcher, experiment::Experiment experiment,
            sandbox::Ground ground = sandbox::Ground::Private);
    /// Readable when take() has something to do; -1 where it failed already.
    [[nodiscard]] int fd() const noexcept { return lab_.fd(); }
    [[nodiscard]] const experiment::Experiment& experiment() const noexcept { return experiment_; }
    /// The session, or why there is none, once; nothing while it is not ready. Never waits.
    [[nodiscard]] std::optional<tl::expected<std::unique_ptr<Session>, sandbox::Refusal>> take();

   private:
    experiment::Experiment experiment_;
    sandbox::Ground ground_;
    Lab::Opening lab_;
  };
  ~Session();

  [[nodiscard]] int fd() const noexcept;
  /// Takes in what happened; true where something changed.
  bool pump();

  [[nodiscard]] const experiment::Experiment& experiment() const noexcept;
  [[nodiscard]] const trace::Timeline& timeline() const noexcept;
  /// CLOCK_MONOTONIC at the timeline's moment 0.
  [[nodiscard]] Nanoseconds origin() const noexcept;
  /// Asks for a fresh socket table: while something waits, timers run and states change by themselves.
  void look();
  [[nodiscard]] Phase phase() const noexcept;
  [[nodiscard]] StepBy step_by() const noexcept;
  void set_step_by(StepBy by);  ///< Packet only where the lab can hold packets
  [[nodiscard]] bool can_hold_packets() const noexcept;
  [[nodiscard]] const std::string& why_no_hold() const noexcept;
  /// It runs on this machine's own loopback: other programs may join.
  [[nodiscard]] bool on_this_machine() const noexcept;
  /// Empty: packets are seen. On this machine itself they are else inferred (PacketSeen::derived).
  [[nodiscard]] const std::string& why_no_capture() const noexcept;

  /// Index of the statement that is under way or comes next; size() when finished.
  [[nodiscard]] std::size_t next_statement() const noexcept;
  /// Where in the experiment what a learner does now has its place: before this statement.
  [[nodiscard]] std::size_t place_of_acts() const noexcept;
  /// Goes on by one chapter, call or packet. By chapter: to the next chapter or question, or to what could
  /// not be done. By packet: lets the oldest held packet go, or begins the next call where none is held. Does
  /// nothing while Asking or Running. A call that blocks, or that has become impossible by an act, is told in
  /// the timeline and passed over.
  void go_on();
  /// Answers the question the session stops at; it goes on with that statement. Only while Asking.
  void predict(std::optional<experiment::Result> guess);
  [[nodiscard]] const std::vector<Prediction>& predictions() const noexcept;

  /// An act of the learner: a line of the language (`rival: bind(r, 127.0.0.1:62893)`, `kill server`). Error:
  /// the parser's words.
  tl::expected<void, std::string> act(const std::string& line);
  /// An act that is no line of the language: see Lab::block_listener.
  void block_listener(const std::string& process, const std::string& variable, bool on);
  void let_go(trace::HeldId id);
  void drop(trace::HeldId id);
  void delay(trace::HeldId id, Milliseconds time);

  [[nodiscard]] const std::string& trouble() const noexcept;  ///< why it ended early; empty otherwise

 private:
  struct Private;
  explicit Session(std::unique_ptr<Private> inside);
  static std::unique_ptr<Session> in(std::unique_ptr<Lab> lab, experiment::Experiment experiment,
                                     sandbox::Ground ground);
  std::unique_ptr<Private> inside_;
};

}  // namespace loopscope::lab
