#pragma once

#include <cstddef>
#include <string>

#include "app/emulator/emulator.hpp"
#include "lessons/cases/case_session.hpp"

namespace loopscope::app {

/// The case that is being worked on, as its screen needs it.
struct CaseNow {
  const lessons::Case* the_case = nullptr;
  lessons::CaseSession::State state = lessons::CaseSession::State::Opening;
  std::string trouble;                           ///< why its world is gone
  const lessons::CheckReport* report = nullptr;  ///< of the last check; null: none yet
  int checks = 0;
  std::size_t hints = 0;
  bool solved = false, given_up = false;
  const Emulator* terminal = nullptr;  ///< null: there is no shell
  bool shell_ended = false;
};

}  // namespace loopscope::app
