#include "app/shell/keyboard.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <vector>

#include "app/widgets/colour.hpp"
#include "app/widgets/theme.hpp"

namespace loopscope::app {

namespace {

static_assert(static_cast<int>(Key::Space) == GLFW_KEY_SPACE &&
              static_cast<int>(Key::Escape) == GLFW_KEY_ESCAPE);
static_assert(static_cast<int>(Key::Right) == GLFW_KEY_RIGHT && static_cast<int>(Key::End) == GLFW_KEY_END);
static_assert(static_cast<int>(Key::PageUp) == GLFW_KEY_PAGE_UP &&
              static_cast<int>(Key::Tab) == GLFW_KEY_TAB);
static_assert(static_cast<int>(Key::F1) == GLFW_KEY_F1 && static_cast<int>(Key::F11) == GLFW_KEY_F11);

// The keypad does what the keys of the same name do.
int from_keypad(int key) {
  switch (key) {
    case GLFW_KEY_KP_ADD:
      return static_cast<int>(Key::Plus);
    case GLFW_KEY_KP_SUBTRACT:
      return static_cast<int>(Key::Minus);
    case GLFW_KEY_KP_ENTER:
      return static_cast<int>(Key::Enter);
    default:
      return key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9 ? static_cast<int>(Key::Zero) + key - GLFW_KEY_KP_0
                                                          : key;
  }
}

// How far a point of the 24-field lies from the mark's line (see draw_logo), or inside its arrow head.
float distance_to_mark(float x, float y) {
  if (y >= 1.5F && y <= 9 && std::abs(x - 19) <= (y - 1.5F) * 4.6F / 7.5F) return 0;
  float best = 1e9F;
  const auto upright = [&](float at, float from, float to) {
    const float dy = y < from ? from - y : y > to ? y - to : 0;
    best = std::min(best, std::hypot(x - at, dy));
  };
  upright(5, 3, 13);
  upright(19, 8.5F, 13);
  if (y >= 13) best = std::min(best, std::abs(std::hypot(x - 12, y - 13) - 7));
  return best;
}

std::vector<Colour> draw_icon(int size) {
  std::vector<Colour> pixels(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  const float k = 30.0F / static_cast<float>(size);  // the field and a margin of 3 around it
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column) {
      const float x = (static_cast<float>(column) + 0.5F) * k - 3;
      const float y = (static_cast<float>(row) + 0.5F) * k - 3;
      const float dx = std::max(0.0F, std::abs(x - 12) - 9);
      const float dy = std::max(0.0F, std::abs(y - 12) - 9);
      const float ground = std::clamp((6 - std::hypot(dx, dy)) / k + 0.5F, 0.0F, 1.0F);
      const float ink = std::clamp((1.6F - distance_to_mark(x, y)) / k + 0.5F, 0.0F, 1.0F);
      pixels[static_cast<std::size_t>(row * size + column)] =
          faded(mix(dark_palette().card, dark_palette().accent, ink), ground);
    }
  return pixels;
}

}  // namespace

std::optional<KeyPress> key_press(int key, int scancode, int action, int mods) {
  if (key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER) return std::nullopt;
  key = from_keypad(key);
  KeyPress press{
      .key = {},
      .mods = {(mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0, (mods & GLFW_MOD_ALT) != 0},
      .repeat = action == GLFW_REPEAT};
  if (key > 32 && key < 256) {
    // Printable: what the layout has there. An empty name means that the layout has nothing Latin there.
    if (const char* name = glfwGetKeyName(key, scancode);
        name != nullptr && name[0] != '\0' && name[1] == '\0')
      key = std::toupper(static_cast<unsigned char>(name[0]));
  }
  if (key <= 0) return std::nullopt;
  press.key = static_cast<Key>(key);
  return press;
}

void set_window_icon(GLFWwindow* window) {
  std::array<std::vector<Colour>, 3> pixels{draw_icon(16), draw_icon(32), draw_icon(64)};
  std::array<GLFWimage, 3> images{};
  constexpr std::array<int, 3> sizes{16, 32, 64};
  for (std::size_t i = 0; i < images.size(); ++i)
    images[i] = {sizes[i], sizes[i], reinterpret_cast<unsigned char*>(pixels[i].data())};
  glfwSetWindowIcon(window, static_cast<int>(images.size()), images.data());
}

}  // namespace loopscope::app
