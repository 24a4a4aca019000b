#pragma once

#include <optional>

#include "app/widgets/keys.hpp"

struct GLFWwindow;

namespace loopscope::app {

/// A key of GLFW by what is written on it in the current layout: '+' is '+' on a German keyboard too. Nothing
/// for keys that are no shortcut, the modifiers themselves for one.
[[nodiscard]] std::optional<KeyPress> key_press(int key, int scancode, int action, int mods);

/// The program's mark for title bars and switchers, drawn at the usual sizes.
void set_window_icon(GLFWwindow* window);

}  // namespace loopscope::app
