#include "app/controller/case_desk.hpp"

namespace loopscope::app {

using State = lessons::CaseSession::State;

CaseDesk::CaseDesk(sandbox::Launcher& launcher, const lessons::Case& one, std::size_t hints)
    : session_(launcher, one, hints) {}

bool CaseDesk::pump() {
  bool changed = session_.pump();
  if (shell_wanted_ && session_.state() == State::Ready) {
    new_shell();
    changed = true;
  }
  lab::Shell* shell = session_.shell();
  if (shell == nullptr || !terminal_) return changed;
  const std::string output = shell->take_output();
  terminal_->write(output);
  if (const std::string answer = terminal_->take_input(); !answer.empty()) shell->type(answer);
  return changed || !output.empty();
}

void CaseDesk::carry_out(const Action& what) {
  if (std::holds_alternative<action::CheckCase>(what)) session_.check();
  if (std::holds_alternative<action::NextHint>(what)) session_.give_hint();
  if (std::holds_alternative<action::GiveUpCase>(what)) session_.give_up();
  if (std::holds_alternative<action::NewShell>(what)) new_shell();
  if (const auto* typed = std::get_if<action::TypeInTerminal>(&what)) type(typed->strokes);
  if (const auto* size = std::get_if<action::ResizeTerminal>(&what)) resize(size->columns, size->rows);
}

void CaseDesk::new_shell() {
  if (session_.state() != State::Ready && session_.state() != State::Checking) return;
  shell_wanted_ = false;
  terminal_ = std::make_unique<Emulator>(columns_, rows_);
  lessons::CaseSession::ShellPlace place;
  place.columns = columns_;
  place.rows = rows_;
  session_.open_shell(place);
}

void CaseDesk::type(const std::vector<TerminalStroke>& strokes) {
  if (!terminal_ || session_.shell() == nullptr) return;
  for (const TerminalStroke& stroke : strokes) terminal_->type(stroke);
  session_.shell()->type(terminal_->take_input());
}

void CaseDesk::resize(int columns, int rows) {
  columns_ = columns;
  rows_ = rows;
  if (terminal_) terminal_->resize(columns, rows);
  if (lab::Shell* shell = session_.shell()) shell->resize(columns, rows);
}

const CaseNow& CaseDesk::now() {
  now_ = {};
  now_.the_case = &session_.the_case();
  now_.state = session_.state();
  now_.trouble = session_.trouble();
  now_.report = session_.last_check();
  now_.checks = session_.checks();
  now_.hints = session_.hints();
  now_.solved = session_.solved();
  now_.given_up = session_.given_up();
  now_.terminal = terminal_.get();
  const lab::Shell* shell = session_.shell();
  now_.shell_ended = shell != nullptr && shell->ended();
  if (now_.trouble.empty() && now_.shell_ended) now_.trouble = shell->trouble();
  return now_;
}

}  // namespace loopscope::app
