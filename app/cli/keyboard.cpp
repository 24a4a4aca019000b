#include "app/cli/keyboard.hpp"

#include <unistd.h>

#include <iostream>

namespace loopscope::app::cli {
namespace {

/// As much of the text as fits into one line.
std::string shortened(const std::string& text, std::size_t columns) {
  if (width_of(text) <= columns) return text;
  std::string shorter;
  for (std::size_t index = 0; index < text.size() && width_of(shorter) + 1 < columns; ++index)
    shorter += text[index];
  while (!shorter.empty() && (static_cast<unsigned char>(shorter.back()) & 0x80) != 0) shorter.pop_back();
  return shorter + "…";
}

}  // namespace

bool somebody_types() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

std::optional<std::string> ask(const std::string& prompt) {
  std::cout << prompt << std::flush;
  std::string line;
  if (std::getline(std::cin, line)) return line;
  std::cout << "\n";
  return std::nullopt;
}

bool Stepper::wait_before(const std::string& what) {
  if (!on_ || to_chapter_) return true;
  constexpr std::size_t room_for_typing = 6;
  const std::string help = explained_ ? "" : "  (Enter goes on, c goes to the end of the chapter, q stops)";
  explained_ = true;
  while (true) {
    const std::string prompt = shortened("  next: " + what + help, terminal_.columns - room_for_typing);
    const auto line = ask(terminal_.paint(Style::Faint, prompt + " › "));
    if (!line) return on_ = false, true;
    // The prompt has done its work: the step's own line takes its place.
    if (terminal_.moves) std::cout << "\x1b[A\x1b[2K\r" << std::flush;
    if (*line == "q" || *line == "quit") return false;
    if (*line == "c") return to_chapter_ = true;
    if (line->empty() || *line == "n") return true;
    if (other_ && other_(*line)) continue;
    std::cout << "  Enter goes on, c goes to the end of the chapter, q stops" << other_help_ << ".\n";
  }
}

}  // namespace loopscope::app::cli
