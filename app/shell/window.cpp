#include "app/shell/window.hpp"

#include <glad/gl.h>
// After glad: GLFW must not bring a GL header of its own.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>

#include "app/shell/keyboard.hpp"

namespace loopscope::app {

namespace {

std::string last_error;

void remember_error(int, const char* words) { last_error = words; }

Window& of(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }

constexpr int usual_width = 1440, usual_height = 900;

void set_hints() {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);  // until it is where it belongs
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "loopscope");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "loopscope");
}

// A place that lies on no monitor any more is forgotten.
bool on_a_monitor(const WindowPlace& place) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  for (int i = 0; i < count; ++i) {
    int x = 0, y = 0, width = 0, height = 0;
    glfwGetMonitorWorkarea(monitors[i], &x, &y, &width, &height);
    if (place.x + 80 > x && place.x < x + width - 80 && place.y >= y - 40 && place.y < y + height - 80)
      return true;
  }
  return false;
}

// Never larger than the screen it first opens on: a desktop without a window manager would cut it off.
void fit_to_monitor(GLFWwindow* window) {
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return;
  int x = 0, y = 0, width = 0, height = 0, wide = 0, high = 0;
  glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
  glfwGetWindowSize(window, &wide, &high);
  if (width <= 0 || height <= 0 || (wide <= width && high <= height)) return;
  glfwSetWindowSize(window, std::min(wide, width), std::min(high, height));
  glfwSetWindowPos(window, x, y);
}

}  // namespace

struct Window::Cursors {
  GLFWcursor* beside = glfwCreateStandardCursor(GLFW_HRESIZE_CURSOR);
  GLFWcursor* above = glfwCreateStandardCursor(GLFW_VRESIZE_CURSOR);
  int shown = ImGuiMouseCursor_Arrow;
};

tl::expected<std::unique_ptr<Window>, std::string> Window::open(const WindowPlace& place) {
  glfwSetErrorCallback(remember_error);
  if (glfwInit() == GLFW_FALSE)
    return tl::unexpected("There is no display to open a window on (" + last_error + ").");
  std::unique_ptr<Window> made(new Window);
  set_hints();
  const bool known = place.width >= 400 && place.height >= 300;
  if (known) glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_FALSE);
  made->window_ = glfwCreateWindow(known ? place.width : usual_width, known ? place.height : usual_height,
                                   "Loopscope", nullptr, nullptr);
  if (made->window_ == nullptr)
    return tl::unexpected("The window needs OpenGL 3.3, which is not to be had here (" + last_error +
                          "). On Debian, libgl1-mesa-dri draws without a graphics card.");
  glfwSetWindowSizeLimits(made->window_, 640, 480, GLFW_DONT_CARE, GLFW_DONT_CARE);
  if (known && on_a_monitor(place)) glfwSetWindowPos(made->window_, place.x, place.y);
  if (!known) fit_to_monitor(made->window_);
  if (place.maximised) glfwMaximizeWindow(made->window_);
  glfwMakeContextCurrent(made->window_);
  glfwSwapInterval(1);
  if (gladLoadGL(glfwGetProcAddress) == 0)
    return tl::unexpected(std::string("The functions of OpenGL 3.3 cannot be loaded."));
  set_window_icon(made->window_);
  made->cursors_ = std::make_unique<Cursors>();
  made->listen();
  glfwShowWindow(made->window_);
  return made;
}

Window::~Window() {
  detach_renderer();
  if (window_ != nullptr) glfwDestroyWindow(window_);
  glfwTerminate();
}

void Window::listen() {
  glfwSetWindowUserPointer(window_, this);
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
    of(w).key(key, scancode, action, mods);
  });
  glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned codepoint) {
    if (codepoint < 32 || codepoint == 127) return;
    of(w).typed(codepoint);
    of(w).changed_ = true;
  });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
    if (button != GLFW_MOUSE_BUTTON_LEFT) return;
    of(w).buttons_.push_back(action == GLFW_PRESS);
    of(w).changed_ = true;
  });
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { of(w).changed_ = true; });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double up) {
    of(w).wheel_ += static_cast<float>(up);
    of(w).changed_ = true;
  });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int) { of(w).changed_ = true; });
  glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
    if (count <= 0) return;
    of(w).dropped_ = paths[count - 1];
    of(w).changed_ = true;
  });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { of(w).changed_ = true; });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { of(w).changed_ = true; });
  glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* w, float, float) { of(w).changed_ = true; });
}

/// One character, as UTF-8.
void Window::typed(unsigned codepoint) {
  std::string text;
  const auto put = [&text](unsigned byte) { text += static_cast<char>(byte); };
  if (codepoint < 0x80) {
    put(codepoint);
  } else if (codepoint < 0x800) {
    put(0xC0 | codepoint >> 6);
    put(0x80 | (codepoint & 0x3F));
  } else {
    put(codepoint < 0x10000 ? 0xE0 | codepoint >> 12 : 0xF0 | codepoint >> 18);
    if (codepoint >= 0x10000) put(0x80 | (codepoint >> 12 & 0x3F));
    put(0x80 | (codepoint >> 6 & 0x3F));
    put(0x80 | (codepoint & 0x3F));
  }
  input_.emplace_back(std::move(text));
}

void Window::paste() {
  if (const char* pasted = glfwGetClipboardString(window_)) input_.emplace_back(std::string(pasted));
}

void Window::key(int key, int scancode, int action, int mods) {
  if (action == GLFW_RELEASE) return;
  changed_ = true;
  if (key == GLFW_KEY_F11 && action == GLFW_PRESS) {
    toggle_fullscreen();
    return;
  }
  if (key == GLFW_KEY_V && mods == GLFW_MOD_CONTROL) {
    paste();
    return;
  }
  // In a terminal Ctrl+V has another meaning of old.
  if (key == GLFW_KEY_V && mods == (GLFW_MOD_CONTROL | GLFW_MOD_SHIFT)) {
    paste();
    return;
  }
  if (auto press = key_press(key, scancode, action, mods)) input_.emplace_back(*press);
}

void Window::wait(double seconds) {
  if (seconds < 0)
    glfwWaitEvents();
  else if (seconds == 0)
    glfwPollEvents();
  else
    glfwWaitEventsTimeout(seconds);
}

std::optional<std::string> Window::take_dropped() { return std::exchange(dropped_, std::nullopt); }

void Window::wake() { glfwPostEmptyEvent(); }

bool Window::take_changed() {
  const bool was = changed_;
  changed_ = false;
  return was;
}

bool Window::closing() const { return glfwWindowShouldClose(window_) != 0; }
bool Window::visible() const { return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == 0; }

Point Window::size() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  return {static_cast<float>(width), static_cast<float>(height)};
}

float Window::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  return std::clamp(std::max(x, y), 1.0F, 4.0F);
}

WindowPlace Window::place() const {
  if (glfwGetWindowMonitor(window_) != nullptr) return windowed_;
  WindowPlace place;
  glfwGetWindowPos(window_, &place.x, &place.y);
  glfwGetWindowSize(window_, &place.width, &place.height);
  place.maximised = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) != 0;
  return place;
}

void Window::copy(const std::string& text) { glfwSetClipboardString(window_, text.c_str()); }

void Window::toggle_fullscreen() {
  if (glfwGetWindowMonitor(window_) != nullptr) {
    glfwSetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width, windowed_.height,
                         GLFW_DONT_CARE);
    return;
  }
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return;
  windowed_ = place();
  const GLFWvidmode* mode = glfwGetVideoMode(monitor);
  glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

// ---------------------------------------------------------------- drawing

tl::expected<void, std::string> Window::attach_renderer() {
  if (!ImGui_ImplOpenGL3_Init("#version 330 core"))
    return tl::unexpected(std::string("The renderer cannot be prepared."));
  attached_ = true;
  ImGui_ImplOpenGL3_NewFrame();  // makes shaders and the font's texture
  return {};
}

void Window::upload_fonts() {
  damage_.forget();
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

void Window::hand_input_to(Canvas& canvas) {
  int width = 1, height = 1;
  glfwGetWindowSize(window_, &width, &height);
  const Point pixels = size();
  double x = 0, y = 0;
  glfwGetCursorPos(window_, &x, &y);
  const bool inside = glfwGetWindowAttrib(window_, GLFW_HOVERED) != 0 ||
                      glfwGetMouseButton(window_, GLFW_MOUSE_BUTTON_LEFT) == GLFW_PRESS;
  // Screen coordinates to pixels: they differ on some desktops.
  const Point at{static_cast<float>(x) * pixels.x / static_cast<float>(std::max(1, width)),
                 static_cast<float>(y) * pixels.y / static_cast<float>(std::max(1, height))};
  canvas.mouse_move(inside ? at : Point{-1e6F, -1e6F});
  // One change of the button a frame: a click between two frames is not lost.
  if (!buttons_.empty()) {
    canvas.mouse_button(buttons_.front());
    buttons_.erase(buttons_.begin());
    changed_ = changed_ || !buttons_.empty();
  }
  if (wheel_ != 0) canvas.mouse_wheel(wheel_);
  wheel_ = 0;
  for (auto& one : std::exchange(input_, {})) {
    if (const auto* press = std::get_if<KeyPress>(&one))
      canvas.press(*press);
    else
      canvas.type(std::move(std::get<std::string>(one)));
  }
}

void Window::set_cursor() {
  const int wanted = ImGui::GetMouseCursor();
  if (wanted == cursors_->shown) return;
  cursors_->shown = wanted;
  GLFWcursor* cursor = wanted == ImGuiMouseCursor_ResizeEW   ? cursors_->beside
                       : wanted == ImGuiMouseCursor_ResizeNS ? cursors_->above
                                                             : nullptr;
  glfwSetCursor(window_, cursor);
}

/// Whether the framebuffer object is there in this size; what was in it is lost where it had another.
bool Window::keep_picture_of(int width, int height) {
  if (no_picture_ || width <= 0 || height <= 0) return false;
  if (picture_ != 0 && width == picture_width_ && height == picture_height_) return true;
  forget_picture();
  glGenFramebuffers(1, &picture_);
  glGenRenderbuffers(1, &picture_colours_);
  glBindRenderbuffer(GL_RENDERBUFFER, picture_colours_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
  glBindFramebuffer(GL_FRAMEBUFFER, picture_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, picture_colours_);
  no_picture_ = glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  if (no_picture_) forget_picture();
  picture_width_ = width;
  picture_height_ = height;
  return !no_picture_;
}

void Window::forget_picture() {
  if (picture_ != 0) glDeleteFramebuffers(1, &picture_);
  if (picture_colours_ != 0) glDeleteRenderbuffers(1, &picture_colours_);
  picture_ = picture_colours_ = 0;
  damage_.forget();
}

/// Only what differs from the last frame is drawn, into a picture of it that is then shown.
void Window::show(Canvas& canvas, Colour ground) {
  set_cursor();
  const Point pixels = size();
  const auto width = static_cast<int>(pixels.x), height = static_cast<int>(pixels.y);
  const bool kept = keep_picture_of(width, height);
  std::vector<PixelArea> areas{{0, 0, width, height}};
  ImDrawData* frame = canvas.draw_data();
  if (kept) {
    areas = damage_.compare(*frame, width, height, ground);
    Damage::reduce(*frame, areas);
    glBindFramebuffer(GL_FRAMEBUFFER, picture_);
  }
  glViewport(0, 0, width, height);
  const auto channel = [&](int shift) { return static_cast<float>(ground >> shift & 255U) / 255.0F; };
  glClearColor(channel(0), channel(8), channel(16), 1);
  glEnable(GL_SCISSOR_TEST);
  for (const PixelArea& area : areas) {
    glScissor(area.x0, height - area.y1, area.x1 - area.x0, area.y1 - area.y0);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  glDisable(GL_SCISSOR_TEST);
  if (!areas.empty()) ImGui_ImplOpenGL3_RenderDrawData(frame);
  if (kept) {
    glBindFramebuffer(GL_READ_FRAMEBUFFER, picture_);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glBlitFramebuffer(0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
  }
  glfwSwapBuffers(window_);
}

void Window::detach_renderer() {
  if (attached_) {
    forget_picture();
    ImGui_ImplOpenGL3_Shutdown();
  }
  attached_ = false;
}

}  // namespace loopscope::app
