#include "app/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace loopscope::app::cli {
namespace {

constexpr std::size_t narrowest = 40;
constexpr std::size_t widest = 120;  // longer lines of prose are hard to read

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// ECMA-48's select graphic rendition; the eight basic colours, so that the user's own palette decides.
std::string_view code_of(Style style) {
  switch (style) {
    case Style::Plain:
      break;
    case Style::Title:
      return "1";
    case Style::Chapter:
      return "1;36";
    case Style::Faint:
      return "2";
    case Style::Good:
      return "32";
    case Style::Bad:
      return "1;31";
    case Style::Doubt:
      return "33";
    case Style::Call:
      return "1";
    case Style::Ask:
      return "1;35";
  }
  return "";
}

}  // namespace

Terminal Terminal::of_stdout() {
  Terminal terminal;
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  terminal.moves = is_terminal && environment("TERM") != "dumb";
  terminal.colour = terminal.moves && environment("NO_COLOR").empty();
  winsize size{};
  if (is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.columns = std::clamp<std::size_t>(size.ws_col, narrowest, widest);
  }
  return terminal;
}

std::string Terminal::paint(Style style, std::string_view text) const {
  const std::string_view code = code_of(style);
  if (!colour || code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t width_of(std::string_view text) {
  const auto starts_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t taken = width_of(text);
  return std::string(text) + std::string(taken < width ? width - taken : 0, ' ');
}

std::string wrapped(std::string_view words, std::size_t indent, std::size_t columns) {
  std::istringstream in{std::string(words)};
  const std::string margin(indent, ' ');
  std::string text;
  std::string line;
  for (std::string word; in >> word;) {
    if (!line.empty() && indent + width_of(line) + 1 + width_of(word) > columns) {
      text += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return text + margin + line + "\n";
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace loopscope::app::cli
