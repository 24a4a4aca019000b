#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/emulator/emulator.hpp"
#include "app/views/actions.hpp"
#include "app/views/case_now.hpp"
#include "lessons/cases/case_session.hpp"

namespace loopscope::app {

/// A case that is being worked on in the window: its world and the terminal of its shell. Never blocks. One
/// thread; the launcher must outlive it.
class CaseDesk {
 public:
  /// `hints`: so many were given before.
  CaseDesk(sandbox::Launcher& launcher, const lessons::Case& one, std::size_t hints);

  [[nodiscard]] int fd() const noexcept { return session_.fd(); }
  /// Takes in what came. True where something changed.
  bool pump();
  /// CheckCase, NextHint, GiveUpCase, NewShell, TypeInTerminal, ResizeTerminal; nothing else.
  void carry_out(const Action& what);
  [[nodiscard]] const lessons::CaseSession& session() const noexcept { return session_; }
  /// Valid until the next call of any other function.
  [[nodiscard]] const CaseNow& now();

 private:
  void new_shell();
  void type(const std::vector<TerminalStroke>& strokes);
  void resize(int columns, int rows);
  lessons::CaseSession session_;
  std::unique_ptr<Emulator> terminal_;
  int columns_ = 80, rows_ = 24;
  bool shell_wanted_ = true;
  CaseNow now_;
};

}  // namespace loopscope::app
