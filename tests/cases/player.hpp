#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lessons/cases/case_session.hpp"
#include "sim/base/unique_fd.hpp"

/// Plays cases without anybody watching: several at a time, since they mostly wait.
namespace loopscope::test {

/// The launcher of this test program, made at the first call.
[[nodiscard]] sandbox::Launcher& launcher();

/// One case from its broken world to a check after a script.
class Play {
 public:
  /// `checks_before`: the client looks before the script is read, too.
  Play(const lessons::Case& one, std::string script, bool checks_before);
  /// False once it is over.
  bool pump();
  [[nodiscard]] int fd() const noexcept { return session_.fd(); }

  [[nodiscard]] lessons::CaseSession& session() noexcept { return session_; }
  [[nodiscard]] bool held_before() const noexcept { return held_before_; }
  [[nodiscard]] bool holds() const;
  /// What the script wrote, and what the client saw last.
  [[nodiscard]] std::string story() const;

 private:
  enum class Act : std::uint8_t { Making, CheckingBefore, Typing, CheckingAfter, Over };
  void open_shell();
  lessons::CaseSession session_;
  UniqueFd script_, output_;
  bool checks_before_, held_before_ = false;
  Act act_ = Act::Making;
};

/// Until all are over, so many at a time. Makes each when its turn comes.
void play_all(std::size_t count, std::size_t at_a_time,
              const std::function<std::unique_ptr<Play>(std::size_t)>& make,
              const std::function<void(std::size_t, Play&)>& ended);

/// Waits until `done`, a minute at most; false where it was not.
bool pump_until(lessons::CaseSession& session, const std::function<bool()>& done);

}  // namespace loopscope::test
