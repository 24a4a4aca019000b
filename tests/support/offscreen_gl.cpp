#include "tests/support/offscreen_gl.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <array>
#include <cstring>

namespace loopscope::app::test {

namespace {

// EGL_MESA_platform_surfaceless:
// https://registry.khronos.org/EGL/extensions/MESA/EGL_MESA_platform_surfaceless.txt
EGLDisplay surfaceless() {
  const char* known = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  if (known == nullptr || std::strstr(known, "EGL_MESA_platform_surfaceless") == nullptr)
    return EGL_NO_DISPLAY;
  const auto get =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  return get == nullptr ? EGL_NO_DISPLAY : get(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
}

}  // namespace

tl::expected<OffscreenGl, std::string> OffscreenGl::make(int width, int height) {
  const EGLDisplay display = surfaceless();
  if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) == EGL_FALSE)
    return tl::unexpected(std::string("no surfaceless EGL here (apt install libegl-mesa0)"));
  eglBindAPI(EGL_OPENGL_API);
  constexpr std::array<EGLint, 5> wanted{EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  constexpr std::array<EGLint, 7> core{EGL_CONTEXT_MAJOR_VERSION,
                                       3,
                                       EGL_CONTEXT_MINOR_VERSION,
                                       3,
                                       EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                       EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                       EGL_NONE};
  EGLConfig config{};
  EGLint count = 0;
  eglChooseConfig(display, wanted.data(), &config, 1, &count);
  const EGLContext context =
      eglCreateContext(display, count > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, core.data());
  if (context == EGL_NO_CONTEXT ||
      eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_FALSE)
    return tl::unexpected(std::string("EGL gives no OpenGL 3.3 context here (apt install libgl1-mesa-dri)"));
  if (gladLoadGL(reinterpret_cast<GLADloadfunc>(eglGetProcAddress)) == 0)
    return tl::unexpected(std::string("the functions of OpenGL 3.3 cannot be loaded"));
  GLuint frame = 0, texture = 0;
  glGenFramebuffers(1, &frame);
  glBindFramebuffer(GL_FRAMEBUFFER, frame);
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    return tl::unexpected(std::string("OpenGL cannot draw into a texture here"));
  OffscreenGl made;
  made.width_ = width;
  made.height_ = height;
  return made;
}

Image OffscreenGl::draw(Canvas& canvas, const Canvas::FrameInput& input,
                        const std::function<void(Ui&, Rect)>& picture) const {
  ImGui_ImplOpenGL3_Init("#version 330 core");
  ImGui_ImplOpenGL3_NewFrame();
  for (int i = 0; i < 3; ++i) canvas.frame(input, picture);
  const Colour ground = canvas.ui().palette().ground;
  const auto channel = [&](int shift) { return static_cast<float>(ground >> shift & 255U) / 255.0F; };
  glViewport(0, 0, width_, height_);
  glClearColor(channel(0), channel(8), channel(16), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(canvas.draw_data());
  Image upside_down{
      width_, height_,
      std::vector<Colour>(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_))};
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.pixels.data());
  Image image = upside_down;
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x)
      image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)] = upside_down.at(x, height_ - 1 - y) | 0xFF000000U;
  ImGui_ImplOpenGL3_Shutdown();
  return image;
}

}  // namespace loopscope::app::test
