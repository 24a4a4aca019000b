#include "lessons/cases/case_session.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <set>

#include "lessons/cases/shell_words.hpp"
#include "sim/base/system_error.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/firewall_rules.hpp"

namespace loopscope::lessons {
namespace {

using namespace experiment;

void watch(const UniqueFd& epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (fd >= 0) (void)::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event);
}

std::vector<Statement> making_of(const Case& one) {
  std::vector<Statement> statements;
  for (const FileDecl& file : one.files) statements.push_back({{}, file, {}});
  statements.insert(statements.end(), one.broken.statements.begin(), one.broken.statements.end());
  return statements;
}

/// `kill` twice: the first ends a program, the second the process that it ran under.
std::vector<Statement> clearing_of(const Experiment& check) {
  std::set<std::string> names;
  for (const Statement& statement : check.statements) {
    if (const auto* process = std::get_if<ProcessDecl>(&statement.body)) names.insert(process->name);
    if (const std::string name = process_of(statement); !name.empty()) names.insert(name);
  }
  std::vector<Statement> statements;
  for (int time = 0; time < 2; ++time) {
    for (const std::string& name : names) statements.push_back({{}, KillStep{name}, {}});
  }
  return statements;
}

lab::Lab::Options options_for(const Case& one) {
  lab::Lab::Options options;
  options.programs = options.house = true;
  options.file = one.broken.file;
  options.experiment = print(one.broken);
  return options;
}

}  // namespace

CaseSession::CaseSession(sandbox::Launcher& launcher, Case one, std::size_t hints)
    : case_(std::move(one)),
      epoll_(loopscope::check("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))),
      making_(making_of(case_)),
      clearing_(clearing_of(case_.check)),
      hints_(std::min(hints, case_.hints.size())) {
  opening_.emplace(launcher, options_for(case_));
  watch(epoll_, opening_->fd());
}

CaseSession::~CaseSession() = default;

bool CaseSession::pump() {
  bool changed = false;
  if (opening_) open_lab(), changed = state_ != State::Opening;
  if (lab_) {
    for (const trace::Event& event : lab_->pump()) {
      take(event);
      changed = true;
    }
  }
  if (shell_ && shell_->pump()) {
    take_requests();
    changed = true;
  }
  return changed;
}

void CaseSession::open_lab() {
  auto opened = opening_->take();
  if (!opened) return;
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, opening_->fd(), nullptr);
  opening_.reset();
  if (!*opened) {
    refusal_ = opened->error();
    return end(to_string(*refusal_));
  }
  lab_ = std::move(**opened);
  watch(epoll_, lab_->fd());
  if (const auto wrong = lab::words_about(case_.broken, lab_->refused_rules()); !wrong.empty())
    return end(wrong.front());
  break_it();
}

void CaseSession::break_it() {
  state_ = State::Breaking;
  walk_.emplace(*lab_, making_, false);
  walk_->go_on();
  if (walk_->over()) {
    walk_.reset();
    state_ = State::Ready;
  }
}

void CaseSession::end(std::string trouble) {
  if (trouble_.empty()) trouble_ = std::move(trouble);
  state_ = State::Ended;
  answer_waiting();
}

void CaseSession::take(const trace::Event& event) {
  if (const auto* table = std::get_if<trace::SocketTable>(&event.fact))
    sockets_[table->host] = table->sockets;
  if (const auto* ended = std::get_if<trace::RunEnded>(&event.fact))
    return end(ended->reason.empty() ? "the lab has ended" : ended->reason);
  if (clearing_left_ > 0) {
    if (std::holds_alternative<trace::StepFinished>(event.fact) && --clearing_left_ == 0) finish_check();
    return;
  }
  if (!walk_ || walk_->take(event)) return;
  if (state_ == State::Breaking) {
    if (!walk_->report().holds)
      return end("the case is faulty: " + case_.broken.file + "\n" + to_text(walk_->report()));
    walk_.reset();
    state_ = State::Ready;
    return;
  }
  clearing_left_ = clearing_.size();
  for (std::size_t i = 0; i < clearing_.size(); ++i) (void)lab_->perform_outside(clearing_[i], i);
  if (clearing_left_ == 0) finish_check();
}

void CaseSession::check() {
  if (state_ != State::Ready) return;
  state_ = State::Checking;
  walk_.emplace(*lab_, case_.check.statements, true);
  walk_->go_on();
}

void CaseSession::finish_check() {
  report_ = walk_->report();
  walk_.reset();
  ++checks_;
  solved_ = solved_ || report_->holds;
  state_ = State::Ready;
  answer_waiting();
}

void CaseSession::open_shell(const ShellPlace& place) {
  if (!lab_ || state_ == State::Ended) return;
  if (shell_) (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, shell_->fd(), nullptr);
  lab::ShellWish wish;
  wish.host = case_.host == here ? "" : case_.host;
  wish.administrator = case_.administrator;
  wish.start = shell_start(case_, place.checks_at_exit);
  wish.terminal = place.terminal;
  wish.columns = place.columns;
  wish.rows = place.rows;
  wish.streams = place.streams;
  shell_ = lab_->open_shell(wish);
  watch(epoll_, shell_->fd());
}

void CaseSession::give_hint() { hints_ = std::min(hints_ + 1, case_.hints.size()); }

std::string CaseSession::hint_words() {
  if (hints_ == case_.hints.size()) return "There are no more hints; `give-up` shows what happened.";
  give_hint();
  return "Hint " + std::to_string(hints_) + " of " + std::to_string(case_.hints.size()) + ": " +
         case_.hints[hints_ - 1];
}

std::string CaseSession::end_words() const {
  return "What happened\n\n" + case_.explanation + "\n\nThe shortest way\n\n" + case_.shortest +
         "\n\nAfter " + case_.report;
}

void CaseSession::take_requests() {
  for (const std::string& request : shell_->take_requests()) {
    if (request == "hint") {
      shell_->answer(hint_words(), 0);
    } else if (request == "give-up") {
      give_up();
      shell_->answer("Given up: this case does not count as done.\n\n" + end_words(), 0);
    } else if (request == "check" || (request == "leave" && !is_explained())) {
      waiting_.push_back(request);
      if (state_ == State::Ended)
        answer_waiting();
      else
        check();
    } else {
      shell_->answer(request == "leave" ? "" : "There is no such command.", request == "leave" ? 0 : 1);
    }
  }
}

void CaseSession::answer_waiting() {
  for (const std::string& request : std::exchange(waiting_, {})) {
    if (!shell_) continue;
    if (state_ == State::Ended || !report_) {
      shell_->answer(trouble_, 1);
      continue;
    }
    std::string words = to_text(*report_);
    if (report_->holds)
      words += "Solved: the service answers.\n\n" + end_words();
    else
      words += request == "leave" ? "Not solved." : "Not yet.";
    shell_->answer(words, report_->holds ? 0 : 1);
  }
}

void CaseSession::look() {
  if (lab_ && state_ != State::Ended) lab_->look();
}

}  // namespace loopscope::lessons
