#include "app/widgets/canvas.hpp"

#include "app/widgets/compat.hpp"
#include "app/widgets/raster.hpp"

namespace loopscope::app {

namespace {

// Dear ImGui draws windows and scroll bars only; everything else is our own.
void apply_style(const Palette& palette, float scale) {
  ImGuiStyle style;  // fresh: ScaleAllSizes is not idempotent
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = style.ChildBorderSize = style.PopupBorderSize = 0;
  style.WindowRounding = 0;
  style.ItemSpacing = {0, 0};
  style.ScrollbarSize = 10;
  style.ScrollbarRounding = 5;
  style.GrabMinSize = 24;
  style.CircleTessellationMaxError = 0.2F;
  style.CurveTessellationTol = 1.0F;
  style.ScaleAllSizes(scale);
  style.WindowMinSize = {1, 1};
  const auto set = [&](ImGuiCol which, Colour colour) {
    style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  set(ImGuiCol_WindowBg, palette.ground);
  set(ImGuiCol_ChildBg, 0);
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, palette.border);
  set(ImGuiCol_ScrollbarGrabHovered, palette.strong_border);
  set(ImGuiCol_ScrollbarGrabActive, palette.faint);
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  style.FontSizeBase = ImGui::GetStyle().FontSizeBase;
#endif
  ImGui::GetStyle() = style;
}

}  // namespace

tl::expected<std::unique_ptr<Canvas>, std::string> Canvas::make(float scale, float least_points) {
  IMGUI_CHECKVERSION();
  std::unique_ptr<Canvas> canvas(new Canvas);
  canvas->context_ = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // sizes are kept in our own settings
  io.LogFilename = nullptr;
  compat::mouse_position(io, {-FLT_MAX, -FLT_MAX});
  canvas->ui_.fonts_ = &canvas->fonts_;
  canvas->ui_.palette_ = &dark_palette();
  if (auto done = canvas->set_scale(scale, least_points); !done) return tl::unexpected(done.error());
  return canvas;
}

Canvas::~Canvas() {
  if (context_ == nullptr) return;
  if (ImGui::GetIO().BackendRendererUserData == nullptr) compat::release_textures();
  ImGui::DestroyContext(context_);
}

tl::expected<void, std::string> Canvas::set_scale(float scale, float least_points) {
  if (auto done = fonts_.load(scale, least_points); !done) return done;
  ui_.scale_ = scale;
  return {};
}

void Canvas::frame(const FrameInput& input, const std::function<void(Ui&, Rect)>& draw) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {input.width, input.height};
  io.DeltaTime = std::max(input.seconds, 1e-4F);
  if (input.headless) {
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#else
    io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(1));
#endif
  }
  const Palette& palette = input.dark ? dark_palette() : light_palette();
  apply_style(palette, ui_.scale_);
  ui_.palette_ = &palette;
  ui_.reduced_motion_ = input.reduced_motion;
  ui_.frame_seconds_ = input.seconds;
  ui_.time_ += input.seconds;

  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::Begin("##root", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse |
                   ImGuiWindowFlags_NoNav);
  ui_.painters_.assign(1, Painter(ImGui::GetWindowDrawList(), fonts_, ui_.scale_));
  ui_.begin_frame();
  draw(ui_, {0, 0, input.width / ui_.scale_, input.height / ui_.scale_});
  ImGui::End();
  ui_.end_frame();
  ImGui::Render();
  if (input.headless) compat::accept_textures();
}

void Canvas::mouse_move(Point pixels) { compat::mouse_position(ImGui::GetIO(), compat::to_imgui(pixels)); }
void Canvas::mouse_button(bool down) { compat::mouse_button(ImGui::GetIO(), 0, down); }
void Canvas::mouse_wheel(float notches) { compat::mouse_wheel(ImGui::GetIO(), 0, notches); }

Image Canvas::picture() const { return rasterise(*ImGui::GetDrawData(), ui_.palette().ground); }

ImDrawData* Canvas::draw_data() const { return ImGui::GetDrawData(); }

}  // namespace loopscope::app
