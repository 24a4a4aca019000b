#pragma once

#include <cstdint>

namespace loopscope::app {

/// Keys by what is written on them. The numbers are GLFW's key codes, which are ASCII for printable keys
/// (https://www.glfw.org/docs/3.3/group__keys.html); the shell translates by the keyboard layout first.
enum class Key : std::uint16_t {
  Space = 32,
  Plus = 43,
  Comma = 44,
  Minus = 45,
  Period = 46,
  Slash = 47,
  Zero = 48,
  One = 49,
  Two = 50,
  Three = 51,
  Four = 52,
  Five = 53,
  Six = 54,
  Seven = 55,
  Eight = 56,
  Nine = 57,
  Equal = 61,
  A = 65,
  B = 66,
  C = 67,
  D = 68,
  E = 69,
  F = 70,
  G = 71,
  H = 72,
  I = 73,
  J = 74,
  K = 75,
  L = 76,
  M = 77,
  N = 78,
  O = 79,
  P = 80,
  Q = 81,
  R = 82,
  S = 83,
  T = 84,
  U = 85,
  V = 86,
  W = 87,
  X = 88,
  Y = 89,
  Z = 90,
  Escape = 256,
  Enter = 257,
  Tab = 258,
  Backspace = 259,
  Delete = 261,
  Right = 262,
  Left = 263,
  Down = 264,
  Up = 265,
  PageUp = 266,
  PageDown = 267,
  Home = 268,
  End = 269,
  Insert = 260,
  F1 = 290,
  F2 = 291,
  F5 = 294,
  F11 = 300,
};

struct Mods {
  bool ctrl = false, shift = false, alt = false;
  bool operator==(const Mods&) const = default;
};
inline constexpr Mods with_ctrl{.ctrl = true};
inline constexpr Mods with_shift{.shift = true};

struct KeyPress {
  Key key{};
  Mods mods;
  bool repeat = false;
};

}  // namespace loopscope::app
