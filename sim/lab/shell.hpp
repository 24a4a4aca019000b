#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/unique_fd.hpp"

namespace loopscope::lab {

/// A shell (bash) in a world with a house (Lab::Options::house).
struct ShellWish {
  std::string host;            ///< "": `here`
  bool administrator = false;  ///< with the capabilities of sandbox::become_administrator()
  std::string start;           ///< commands that it reads first
  /// TERM of its terminal, 'xterm-256color'. Empty: it has no terminal and reads commands from streams[0] to
  /// their end.
  std::string terminal;
  int columns = 80, rows = 24;
  std::array<int, 3> streams{-1, -1, -1};  ///< standard input, output, error where it has no terminal
};

/// That shell, seen from the program: its terminal, and a line on which it asks (descriptor 9 in it, a stream
/// socket): each request is a line, and gets an answer. It ends with its world, or when this goes. Threading:
/// one thread. Nothing here blocks.
class Shell {
 public:
  /// `link`: this end of a socket pair whose other end the engine has.
  Shell(UniqueFd link, const ShellWish& wish);
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Readable when pump() has something to do.
  [[nodiscard]] int fd() const noexcept { return epoll_.get(); }
  /// Takes in what came, sends what waits. True where there is something new.
  bool pump();

  /// What was written to the terminal since the last call.
  [[nodiscard]] std::string take_output();
  /// The lines that were asked since, oldest first. Each wants answer().
  [[nodiscard]] std::vector<std::string> take_requests();
  /// Words for the terminal, and the status that the asking command gets.
  void answer(std::string_view words, int status);

  void type(std::string_view bytes);
  void resize(int columns, int rows);

  [[nodiscard]] bool ended() const noexcept { return status_.has_value() || !trouble_.empty(); }
  /// Its exit status as shells say it, once ended.
  [[nodiscard]] int exit_status() const noexcept { return status_.value_or(1); }
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }  ///< why it did not start

 private:
  void read_link();
  void take_line(const std::string& line);
  void read_terminal();
  void flush();
  void watch(int fd, bool output, bool known);
  UniqueFd link_, terminal_, epoll_;
  std::string lines_, output_, typed_, answers_;
  std::vector<std::string> requests_;
  std::optional<int> status_;
  std::string trouble_;
  int columns_, rows_;
  bool waits_for_terminal_ = false, waits_for_link_ = false;
};

}  // namespace loopscope::lab
