#include "app/controller/controller.hpp"

/// Case files: which one is open, and what is kept of it.
namespace loopscope::app {

void Controller::open_case(const std::string& id) {
  const lessons::Case* one = lessons::find_case(cases_.cases, id);
  if (one == nullptr) return say("There is no case " + id + ".");
  go_home();
  screen_ = Screen::Case;
  const bool goes_on = case_ && case_->session().the_case().id == one->id &&
                       case_->session().state() != lessons::CaseSession::State::Ended;
  if (!goes_on) start_case(*one);
}

void Controller::start_case(const lessons::Case& one) {
  const auto known = progress_.cases.find(one.id);
  const int hints = known == progress_.cases.end() ? 0 : known->second.hints;
  case_.reset();  // the one before ends first
  case_ = std::make_unique<CaseDesk>(launcher_, one, static_cast<std::size_t>(hints));
}

void Controller::restart_case() {
  if (case_) start_case(lessons::Case(case_->session().the_case()));
}

bool Controller::take_in_case() {
  if (!case_ || !case_->pump()) return false;
  keep_case();
  return true;
}

void Controller::keep_case() {
  const lessons::CaseSession& session = case_->session();
  lessons::CaseProgress& mine = progress_.cases[session.the_case().id];
  const bool done = mine.done || (session.solved() && !session.given_up());
  const int hints = std::max(mine.hints, static_cast<int>(session.hints()));
  if (done == mine.done && hints == mine.hints) return;
  mine = {done, hints};
  keep_progress();
}

void Controller::do_with_case(const Action& what) {
  if (!case_) return;
  case_->carry_out(what);
  keep_case();
}

void Controller::show_case(Snapshot& now) {
  now.cases = &cases_.cases;
  now.case_now = case_ ? &case_->now() : nullptr;
}

int Controller::case_fd() const { return case_ && screen_ == Screen::Case ? case_->fd() : -1; }

}  // namespace loopscope::app
