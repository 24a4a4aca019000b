#pragma once

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
  Stepper(Terminal terminal, bool on) : terminal_(terminal), on_(on) {}

  /// Waits for Enter. False: the run is to end. At the end of the input it waits no more.
  [[nodiscard]] bool wait_before(const std::string& what);
  /// A new chapter begins: somebody who asked to go to its end stops again.
  void chapter() { to_chapter_ = false; }

 private:
  Terminal terminal_;
  bool on_;
  bool to_chapter_ = false;
  bool explained_ = false;
};

}  // namespace loopscope::app::cli
