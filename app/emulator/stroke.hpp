#pragma once

#include <cstdint>
#include <string>

namespace loopscope::app {

/// Something typed into a terminal: text as it is, or a key without a letter.
struct TerminalStroke {
  enum class Key : std::uint8_t {
    None,
    Enter,
    Tab,
    Backspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Insert,
    Delete,
    Home,
    End,
    PageUp,
    PageDown,
    Function,  ///< F`number`
  };
  std::string text;  ///< UTF-8; where it is not empty there is no key
  Key key = Key::None;
  int number = 0;
  bool ctrl = false, alt = false, shift = false;
  bool pasted = false;  ///< the text came from the clipboard
};

}  // namespace loopscope::app
