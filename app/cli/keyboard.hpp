#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/cli/terminal.hpp"

/// Somebody who may type lines on standard input.
namespace loopscope::app::cli {

/// Whether standard input and output are a terminal.
[[nodiscard]] bool somebody_types();
/// Writes the prompt and waits for a line; nothing at the end of the input.
[[nodiscard]] std::optional<std::string> ask(const std::string& prompt);

/// Stops a run before its steps, as a person wants it.
class Stepper {
 public:
  /// What else may be typed. False: it is not understood.
  using Other = std::function<bool(const std::string& line)>;
  Stepper(Terminal terminal, bool on) : terminal_(terminal), on_(on) {}
  /// `help` is shown with the other keys.
  void understand(Other other, std::string help) {
    other_ = std::move(other);
    other_help_ = std::move(help);
  }

  /// Waits for Enter. False: the run is to end. At the end of the input it waits no more.
  [[nodiscard]] bool wait_before(const std::string& what);
  /// A new chapter begins: somebody who asked to go to its end stops again.
  void chapter() { to_chapter_ = false; }

 private:
  Terminal terminal_;
  bool on_;
  bool to_chapter_ = false;
  bool explained_ = false;
  Other other_;
  std::string other_help_;
};

}  // namespace loopscope::app::cli
