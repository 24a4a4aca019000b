#include "app/controller/controller.hpp"
#include "sim/experiment/parser.hpp"

/// What a learner does by hand in a live run: done at once, written into the experiment, taken back.
namespace loopscope::app {

/// Does what can be done of the lines, and writes it down.
void Controller::do_deed(const std::vector<std::string>& lines) {
  ByHand::Deed deed{session_->place_of_acts(), {}};
  for (const std::string& line : lines) {
    if (auto done = session_->act(line); !done) {
      say(line + ": " + done.error());
      break;
    }
    auto statement = experiment::parse_statement(line).value();
    std::string text = to_string(statement);
    deed.lines.push_back({std::move(text), std::move(statement)});
  }
  if (original_) return;  // in a remedy's run, which is not kept
  by_hand_.add(std::move(deed));
  put_away_.reset();
  written_for_.reset();
}

void Controller::block(const action::BlockListener& block) {
  finish_opening();
  if (!session_) return say("There is no live run to act in.");
  if (again_) return say("What was done before is being done again: in a moment.");
  playhead_.to_end();
  session_->block_listener(block.process, block.variable, block.on);
  if (original_) return;
  by_hand_.add({session_->place_of_acts(), {}, block});
  put_away_.reset();
  written_for_.reset();
}

/// A fresh world without what was done last; all that was done before it is done again, at its place.
void Controller::undo() {
  if (original_) return say("This is a trial: go back to your run first.");
  finish_opening();
  Again again = where_it_is();
  if (put_away_) {
    by_hand_ = std::move(put_away_->first);
    again = std::move(put_away_->second);
    put_away_.reset();
  } else if (!by_hand_.take_back()) {
    return say("Nothing was done by hand that could be taken back.");
  }
  by_hand_.begin_anew();
  begin_run();
  again_ = std::move(again);
  if (session_) do_again();
}

Controller::Again Controller::where_it_is() const {
  if (again_) return {again_->until, 0, again_->by, again_->predictions};
  if (!session_) return {0, 0, opening_by_, {}};
  return {session_->place_of_acts(), 0, session_->step_by(), session_->predictions()};
}

/// A fresh world with nothing done by hand; what was can be had again.
void Controller::start_over() {
  std::optional<std::pair<ByHand, Again>> before;
  if (!by_hand_.deeds().empty()) before.emplace(by_hand_, where_it_is());
  start_run(run_file_);
  put_away_ = std::move(before);
}

void Controller::redo() {
  if (original_ || again_) return;
  finish_opening();
  if (!session_) return;
  auto deed = by_hand_.take_again();
  if (!deed) return say("Nothing was taken back.");
  playhead_.to_end();
  std::vector<std::string> lines;
  for (const ByHand::Line& line : deed->lines) lines.push_back(line.text);
  // Not by do_deed(): what else was taken back stays so.
  if (deed->block) session_->block_listener(deed->block->process, deed->block->variable, deed->block->on);
  for (const std::string& line : lines) (void)session_->act(line);
  by_hand_.restore({session_->place_of_acts(), std::move(deed->lines), deed->block});
  written_for_.reset();
}

/// One deed whose place has come. False where there is none.
bool Controller::do_next_deed() {
  const auto& deeds = by_hand_.deeds();
  if (again_->deeds >= deeds.size() || deeds[again_->deeds].before > session_->place_of_acts()) return false;
  const ByHand::Deed& deed = deeds[again_->deeds++];
  for (const ByHand::Line& line : deed.lines) (void)session_->act(line.text);
  if (deed.block) session_->block_listener(deed.block->process, deed.block->variable, deed.block->on);
  return true;
}

/// As far as nothing needs to be waited for.
void Controller::do_again() {
  session_->set_step_by(lab::StepBy::Call);
  for (;;) {
    const auto phase = session_->phase();
    if (phase == lab::Phase::Running || phase == lab::Phase::Holding) return;
    if (phase == lab::Phase::Ended) return end_of_doing_again();
    if (do_next_deed()) continue;
    if (session_->place_of_acts() >= again_->until || phase == lab::Phase::Finished)
      return end_of_doing_again();
    if (phase == lab::Phase::Asking) {
      std::optional<experiment::Result> guess;
      for (const lab::Prediction& old : again_->predictions) {
        if (old.statement == session_->next_statement()) guess = old.guess;
      }
      session_->predict(guess);
    } else {
      session_->go_on();
    }
  }
}

void Controller::end_of_doing_again() {
  const auto by = again_->by;
  again_.reset();
  session_->set_step_by(by);
}

void Controller::show_written(Snapshot& now) {
  now.replaying = again_.has_value();
  if (now.experiment == nullptr || original_) return;
  const std::pair<const void*, std::uint64_t> wanted{now.experiment, now.timeline->revision()};
  if (written_for_ != wanted) {
    written_ = by_hand_.written(*now.experiment, *now.timeline);
    written_.path = files_.path;
    if (put_away_) written_.can_undo = "the start over: all that was done by hand is done again";
    written_for_ = wanted;
  }
  now.written = &written_;
}

}  // namespace loopscope::app
