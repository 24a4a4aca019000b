#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/cases/case_check.hpp"
#include "lessons/cases/case_file.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/lab/lab.hpp"
#include "sim/lab/shell.hpp"

namespace loopscope::lessons {

/// A case being worked on: its world, which lives as long as this, the learner's shell in it, the check.
/// Nothing here blocks: wait for fd(), then pump(). In the shell the commands `hint`, `check` and `give-up`
/// do what the functions here do. Threading: one thread; the launcher must outlive it.
class CaseSession {
 public:
  enum class State : std::uint8_t {
    Opening,   ///< the world is being made
    Breaking,  ///< broken.lab runs
    Ready,     ///< the shell can be opened, the check be asked for
    Checking,
    Ended,  ///< the world is gone: trouble() says why
  };
  /// `hints`: so many have been given before.
  CaseSession(sandbox::Launcher& launcher, Case one, std::size_t hints = 0);
  ~CaseSession();
  CaseSession(const CaseSession&) = delete;
  CaseSession& operator=(const CaseSession&) = delete;

  [[nodiscard]] const Case& the_case() const noexcept { return case_; }
  [[nodiscard]] int fd() const noexcept { return epoll_.get(); }
  /// Takes in what came. True where something changed.
  bool pump();
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
  [[nodiscard]] const std::optional<sandbox::Refusal>& refusal() const noexcept { return refusal_; }

  struct ShellPlace {
    std::string terminal = "xterm-256color";  ///< "": reads commands from streams[0]
    int columns = 80, rows = 24;
    std::array<int, 3> streams{-1, -1, -1};
    bool checks_at_exit = false;
  };
  /// A (new) shell for the learner; the one before ends. Only while Ready or Checking.
  void open_shell(const ShellPlace& place);
  /// Null where none was opened.
  [[nodiscard]] lab::Shell* shell() const noexcept { return shell_.get(); }

  /// Has the client outside look, in the world as it is now. The report comes with pump(). Does nothing while
  /// not Ready.
  void check();
  /// Of the last check that has ended; null: none has.
  [[nodiscard]] const CheckReport* last_check() const noexcept { return report_ ? &*report_ : nullptr; }
  /// Counts the checks that have ended.
  [[nodiscard]] int checks() const noexcept { return checks_; }
  [[nodiscard]] bool solved() const noexcept { return solved_; }  ///< a check has held

  /// So many of the case's hints are given.
  [[nodiscard]] std::size_t hints() const noexcept { return hints_; }
  void give_hint();  ///< one more, as long as there are any
  void give_up() noexcept { given_up_ = true; }
  [[nodiscard]] bool given_up() const noexcept { return given_up_; }
  /// The explanation may be shown.
  [[nodiscard]] bool is_explained() const noexcept { return solved_ || given_up_; }

  /// The socket table of each host as it was last seen; look() asks for a fresh one.
  [[nodiscard]] const std::map<std::string, std::vector<trace::SocketEntry>>& sockets() const noexcept {
    return sockets_;
  }
  void look();

 private:
  void open_lab();
  void take(const trace::Event& event);
  void end(std::string trouble);
  void break_it();
  void finish_check();
  void take_requests();
  void answer_waiting();
  std::string hint_words();
  [[nodiscard]] std::string end_words() const;

  Case case_;
  UniqueFd epoll_;
  std::optional<lab::Lab::Opening> opening_;
  std::unique_ptr<lab::Lab> lab_;
  std::unique_ptr<lab::Shell> shell_;
  State state_ = State::Opening;
  std::string trouble_;
  std::optional<sandbox::Refusal> refusal_;
  std::vector<experiment::Statement> making_;    ///< files, then broken.lab
  std::vector<experiment::Statement> clearing_;  ///< ends what a check has left
  std::optional<Walkthrough> walk_;
  std::size_t clearing_left_ = 0;
  std::optional<CheckReport> report_;
  std::vector<std::string> waiting_;  ///< requests of the shell that wait for a check's end
  std::map<std::string, std::vector<trace::SocketEntry>> sockets_;
  std::size_t hints_;
  int checks_ = 0;
  bool solved_ = false, given_up_ = false;
};

}  // namespace loopscope::lessons
