#include "sim/lab/session.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/experiment/parser.hpp"
#include "sim/lab/plan.hpp"

namespace loopscope::lab {

using experiment::PacketsAction;
using experiment::PacketsDecl;
using experiment::Statement;

namespace {

Lab::Options options_for(const experiment::Experiment& experiment, sandbox::Ground ground) {
  Lab::Options options;
  options.stepping = true;
  options.here = ground == sandbox::Ground::ThisMachine;
  options.programs = !options.here;  // who opens one that starts programs asks first: programs_of()
  options.file = experiment.file;
  options.experiment = print(experiment);
  return options;
}

}  // namespace

struct Session::Private {
  std::unique_ptr<Lab> lab;
  experiment::Experiment experiment;
  trace::Timeline timeline;
  std::vector<Prediction> predictions;
  std::string trouble;
  StepBy by = StepBy::Call;
  bool ended = false;
  bool on_this_machine = false;

  std::size_t cursor = 0;                ///< the first statement that has not been begun
  std::optional<std::size_t> statement;  ///< the one under way
  std::uint64_t step = 0;                ///< its number
  std::set<std::uint64_t> acts;          ///< steps of the learner's own that are under way
  bool going = false;                    ///< go on without asking, until the stop that go_on() meant
  std::size_t chapter = 0;               ///< by chapter: the one that it goes through
  bool experiment_holds = false;         ///< between its `packets hold` and `packets flow`

  enum class Held : std::uint8_t { Here, Delayed, Leaving };
  std::map<trace::HeldId, Held> held;
  /// Calls of real programs that wait for the learner: call -> thread, oldest first.
  std::map<trace::CallId, int> held_calls;
  std::set<std::string> programs;  ///< processes that have run or started one
  /// A packet has just gone on: what follows from it at once is known with the next table.
  bool table_awaited = false;
  bool table_asked = false;

  [[nodiscard]] const std::vector<Statement>& statements() const { return experiment.statements; }
  [[nodiscard]] std::optional<trace::HeldId> oldest_here() const;
  [[nodiscard]] bool any_leaving() const;
  [[nodiscard]] bool busy() const;
  [[nodiscard]] bool asks(std::size_t index) const;
  [[nodiscard]] Phase phase() const;

  void take(const trace::Event& event);
  void finish(const trace::StepFinished& finished);
  void begin(std::size_t index);
  void advance();
  void start_going();
  void settle(trace::HeldId id, bool pass);
  void let_call_go();
  void note_program(const experiment::Statement& next);
  void note_packets(const experiment::Statement& next);
};

// ---- what it waits for

std::optional<trace::HeldId> Session::Private::oldest_here() const {
  if (experiment_holds) return std::nullopt;  // its own statements let these go
  for (const auto& [id, how] : held) {
    if (how == Held::Here) return id;
  }
  return std::nullopt;
}

bool Session::Private::any_leaving() const {
  return std::any_of(held.begin(), held.end(), [](const auto& one) { return one.second == Held::Leaving; });
}

bool Session::Private::busy() const {
  const bool delayed =
      std::any_of(held.begin(), held.end(), [](const auto& one) { return one.second == Held::Delayed; });
  return statement || !acts.empty() || any_leaving() || table_awaited || delayed;
}

bool Session::Private::asks(std::size_t index) const {
  if (index >= statements().size()) return false;
  const auto* stated = stated_of(statements()[index]);
  const auto predicted = [&](const Prediction& prediction) { return prediction.statement == index; };
  return stated != nullptr && stated->asked &&
         std::none_of(predictions.begin(), predictions.end(), predicted);
}

Phase Session::Private::phase() const {
  if (ended) return Phase::Ended;
  if (by == StepBy::Packet && oldest_here() && !any_leaving() && !table_awaited) return Phase::Holding;
  if (!held_calls.empty()) return Phase::Ready;
  if (busy()) return Phase::Running;
  const auto stop = next_stop(statements(), cursor);
  if (stop == statements().size()) return Phase::Finished;
  return asks(stop) ? Phase::Asking : Phase::Ready;
}

// ---- what happened

void Session::Private::take(const trace::Event& event) {
  if (const auto* arrived = std::get_if<trace::PacketHeld>(&event.fact)) {
    held.emplace(arrived->id, Held::Here);
  } else if (const auto* gone = std::get_if<trace::PacketLetGo>(&event.fact)) {
    if (held.erase(gone->id) > 0) table_awaited = true;
  } else if (std::holds_alternative<trace::SocketTable>(event.fact)) {
    table_awaited = table_asked = false;
  } else if (const auto* entered = std::get_if<trace::CallEntered>(&event.fact)) {
    if (by != StepBy::Chapter && programs.contains(entered->process))
      held_calls.emplace(entered->call, entered->pid);
  } else if (const auto* returned = std::get_if<trace::CallReturned>(&event.fact)) {
    held_calls.erase(returned->call);
  } else if (const auto* gone_process = std::get_if<trace::ProcessEnded>(&event.fact)) {
    std::erase_if(held_calls, [&](const auto& call) { return call.second == gone_process->pid; });
  } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
    finish(*finished);
  } else if (const auto* end = std::get_if<trace::RunEnded>(&event.fact)) {
    ended = true;
    trouble = end->reason;
  }
}

void Session::Private::finish(const trace::StepFinished& finished) {
  acts.erase(finished.step);
  if (!statement || finished.step != step) return;
  for (Prediction& prediction : predictions) {
    if (prediction.statement != *statement) continue;
    if (auto outcome = experiment::parse_result(finished.result)) prediction.outcome = std::move(*outcome);
  }
  // What could not be done stops a run through a chapter, so that the learner sees it.
  if (!finished.trouble.empty()) going = false;
  statement.reset();
}

// ---- going on

void Session::Private::note_packets(const experiment::Statement& next) {
  const auto* packets = std::get_if<PacketsDecl>(&next.body);
  if (packets == nullptr) return;
  if (packets->action == PacketsAction::Hold) experiment_holds = true;
  if (packets->action == PacketsAction::Flow) experiment_holds = false;
}

void Session::Private::note_program(const experiment::Statement& next) {
  if (std::holds_alternative<experiment::RunStep>(next.body) ||
      std::holds_alternative<experiment::StartStep>(next.body))
    programs.insert(process_of(next));
}

void Session::Private::begin(std::size_t index) {
  const Statement& next = statements()[index];
  cursor = index + 1;
  if (is_words(next)) return;
  note_packets(next);
  note_program(next);
  statement = index;
  step = lab->perform(next, index);
}

/// Begins what comes next as far as no word of the learner is needed.
void Session::Private::advance() {
  while (!ended && !busy() && cursor < statements().size()) {
    if (by == StepBy::Packet && oldest_here()) return;
    const auto stop = next_stop(statements(), cursor);
    if (cursor == stop) {
      if (!going || asks(stop)) return;
      if (by == StepBy::Chapter && chapter_of(statements(), stop) != chapter) {
        going = false;
        return;
      }
      if (by != StepBy::Chapter) going = false;
      begin(stop);
    } else if (going || stop == statements().size() || is_claim(statements()[cursor])) {
      begin(cursor);
    } else {
      return;  // words and changes of the world before a stop wait with it
    }
  }
  if (cursor >= statements().size() && !busy()) going = false;
}

void Session::Private::start_going() {
  going = true;
  const auto stop = next_stop(statements(), cursor);
  chapter = chapter_of(statements(), stop);
  advance();
}

/// The oldest; from here on it is under way.
void Session::Private::let_call_go() {
  const auto oldest = held_calls.begin();
  lab->let_call_go(oldest->second);
  held_calls.erase(oldest);
}

void Session::Private::settle(trace::HeldId id, bool pass) {
  const auto found = held.find(id);
  if (found == held.end() || found->second == Held::Leaving) return;
  found->second = Held::Leaving;
  pass ? lab->let_go(id) : lab->drop(id);
}

// ---- the public face

Session::Session(std::unique_ptr<Private> inside) : inside_(std::move(inside)) {}
Session::~Session() = default;

std::unique_ptr<Session> Session::in(std::unique_ptr<Lab> lab, experiment::Experiment experiment,
                                     sandbox::Ground ground) {
  auto inside = std::make_unique<Private>();
  inside->lab = std::move(lab);
  inside->experiment = std::move(experiment);
  inside->on_this_machine = ground == sandbox::Ground::ThisMachine;
  if (!inside->on_this_machine) inside->lab->hold(false);  // stepping begins by call
  inside->lab->hold_calls(true);
  inside->lab->look();
  return std::unique_ptr<Session>(new Session(std::move(inside)));
}

tl::expected<std::unique_ptr<Session>, sandbox::Refusal> Session::start(sandbox::Launcher& launcher,
                                                                        experiment::Experiment experiment,
                                                                        sandbox::Ground ground) {
  auto lab = Lab::open(launcher, options_for(experiment, ground));
  if (!lab) return tl::unexpected(lab.error());
  return in(std::move(*lab), std::move(experiment), ground);
}

Session::Opening::Opening(sandbox::Launcher& launcher, experiment::Experiment experiment,
                          sandbox::Ground ground)
    : experiment_(std::move(experiment)), ground_(ground), lab_(launcher, options_for(experiment_, ground)) {}

std::optional<tl::expected<std::unique_ptr<Session>, sandbox::Refusal>> Session::Opening::take() {
  auto lab = lab_.take();
  if (!lab) return std::nullopt;
  if (!*lab) return tl::unexpected(lab->error());
  return in(std::move(**lab), std::move(experiment_), ground_);
}

int Session::fd() const noexcept { return inside_->lab->fd(); }

bool Session::pump() {
  const auto before = inside_->timeline.revision();
  const auto phase_before = phase();
  for (trace::Event& event : inside_->lab->pump()) {
    inside_->take(event);
    inside_->timeline.add(std::move(event));
  }
  if (!inside_->lab->alive() && !inside_->ended) {
    inside_->ended = true;
    inside_->trouble = "the lab ended unexpectedly";
  }
  if (inside_->table_awaited && !inside_->table_asked) {  // one that a timer let go, say
    inside_->table_asked = true;
    inside_->lab->look();
  }
  inside_->advance();
  return inside_->timeline.revision() != before || phase() != phase_before;
}

const experiment::Experiment& Session::experiment() const noexcept { return inside_->experiment; }
const trace::Timeline& Session::timeline() const noexcept { return inside_->timeline; }
Nanoseconds Session::origin() const noexcept { return inside_->lab->origin(); }
void Session::look() { inside_->lab->look(); }
Phase Session::phase() const noexcept { return inside_->phase(); }
StepBy Session::step_by() const noexcept { return inside_->by; }
bool Session::can_hold_packets() const noexcept { return inside_->lab->can_hold(); }
const std::string& Session::why_no_hold() const noexcept { return inside_->lab->why_no_hold(); }
bool Session::on_this_machine() const noexcept { return inside_->on_this_machine; }
const std::string& Session::why_no_capture() const noexcept { return inside_->lab->found().why_no_capture; }
const std::vector<Prediction>& Session::predictions() const noexcept { return inside_->predictions; }
const std::string& Session::trouble() const noexcept { return inside_->trouble; }

void Session::set_step_by(StepBy by) {
  if (by == inside_->by || (by == StepBy::Packet && !can_hold_packets())) return;
  const bool held_before = inside_->by == StepBy::Packet;
  inside_->by = by;
  if (held_before || by == StepBy::Packet) inside_->lab->hold(by == StepBy::Packet);
  inside_->lab->hold_calls(by != StepBy::Chapter);
  if (by == StepBy::Chapter) inside_->held_calls.clear();
  inside_->advance();
}

std::size_t Session::next_statement() const noexcept {
  if (inside_->statement && is_stop(inside_->statements(), *inside_->statement)) return *inside_->statement;
  return next_stop(inside_->statements(), inside_->cursor);
}

std::size_t Session::place_of_acts() const noexcept { return inside_->cursor; }

void Session::go_on() {
  switch (phase()) {
    case Phase::Ready:
      return inside_->held_calls.empty() ? inside_->start_going() : inside_->let_call_go();
    case Phase::Holding:
      return inside_->settle(*inside_->oldest_here(), true);
    case Phase::Asking:
    case Phase::Running:
    case Phase::Finished:
    case Phase::Ended:
      return;
  }
}

void Session::predict(std::optional<experiment::Result> guess) {
  if (phase() != Phase::Asking) return;
  inside_->predictions.push_back({next_statement(), std::move(guess), std::nullopt});
  inside_->start_going();
}

tl::expected<void, std::string> Session::act(const std::string& line) {
  if (inside_->ended) return tl::unexpected(std::string("the world has ended: start over"));
  auto parsed = experiment::parse_statement(line);
  if (!parsed) return tl::unexpected(parsed.error().message);
  inside_->note_program(*parsed);
  inside_->note_packets(*parsed);
  if (!is_words(*parsed)) inside_->acts.insert(inside_->lab->perform(*parsed, std::nullopt));
  return {};
}

void Session::block_listener(const std::string& process, const std::string& variable, bool on) {
  if (!inside_->ended) inside_->acts.insert(inside_->lab->block_listener(process, variable, on));
}

void Session::let_go(trace::HeldId id) { inside_->settle(id, true); }
void Session::drop(trace::HeldId id) { inside_->settle(id, false); }

void Session::delay(trace::HeldId id, Milliseconds time) {
  const auto found = inside_->held.find(id);
  if (found == inside_->held.end() || found->second != Private::Held::Here) return;
  found->second = Private::Held::Delayed;
  inside_->lab->delay(id, time);
}

}  // namespace loopscope::lab
