#pragma once

// The only file that knows which Dear ImGui it is compiled against: 1.86 (Debian 12) to 1.92.
#include <imgui.h>

#include <cfloat>
#include <cstdint>

#include "app/widgets/geometry.hpp"

#define LOOPSCOPE_IMGUI_EVENTS (IMGUI_VERSION_NUM >= 18700)         // io.AddMousePosEvent and its like
#define LOOPSCOPE_IMGUI_CHILD_FLAGS (IMGUI_VERSION_NUM >= 19000)    // BeginChild(…, ImGuiChildFlags)
#define LOOPSCOPE_IMGUI_DYNAMIC_FONTS (IMGUI_VERSION_NUM >= 19200)  // sizes are baked on demand
#define LOOPSCOPE_IMGUI_WIDTH_FIRST (IMGUI_VERSION_NUM >= 19280)    // stroke width before flags

namespace loopscope::app::compat {

inline ImVec2 to_imgui(Point p) { return {p.x, p.y}; }
inline Point from_imgui(ImVec2 p) { return {p.x, p.y}; }

inline void stroke_rect(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 colour, float radius, float width) {
#if LOOPSCOPE_IMGUI_WIDTH_FIRST
  list->AddRect(a, b, colour, radius, width, ImDrawFlags_None);
#else
  list->AddRect(a, b, colour, radius, ImDrawFlags_None, width);
#endif
}

inline void polyline(ImDrawList* list, const ImVec2* points, int count, ImU32 colour, bool closed,
                     float width) {
  const ImDrawFlags flags = closed ? ImDrawFlags_Closed : ImDrawFlags_None;
#if LOOPSCOPE_IMGUI_WIDTH_FIRST
  list->AddPolyline(points, count, colour, width, flags);
#else
  list->AddPolyline(points, count, colour, flags, width);
#endif
}

inline void stroke_path(ImDrawList* list, ImU32 colour, bool closed, float width) {
  polyline(list, list->_Path.Data, list->_Path.Size, colour, closed, width);
  list->PathClear();
}

inline ImVec2 text_size(ImFont* font, float pixels, const char* begin, const char* end) {
  return font->CalcTextSizeA(pixels, FLT_MAX, 0.0F, begin, end);
}

/// From the top of a line to its baseline, in pixels.
inline float ascent(ImFont* font, float pixels) {
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  return font->GetFontBaked(pixels)->Ascent;
#else
  return font->Ascent * (pixels / font->FontSize);
#endif
}

/// A child window that scrolls and has neither border nor padding.
inline bool begin_child(const char* id, ImVec2 size, ImGuiWindowFlags flags) {
#if LOOPSCOPE_IMGUI_CHILD_FLAGS
  return ImGui::BeginChild(id, size, ImGuiChildFlags_None, flags);
#else
  return ImGui::BeginChild(id, size, false, flags);
#endif
}

/// Around an item that others may lie on: those take the mouse first.
inline void begin_overlap([[maybe_unused]] bool on) {
#if IMGUI_VERSION_NUM >= 18970
  if (on) ImGui::SetNextItemAllowOverlap();
#endif
}
inline void end_overlap([[maybe_unused]] bool on) {
#if IMGUI_VERSION_NUM < 18970
  if (on) ImGui::SetItemAllowOverlap();
#endif
}

inline void mouse_position(ImGuiIO& io, ImVec2 position) {
#if LOOPSCOPE_IMGUI_EVENTS
  io.AddMousePosEvent(position.x, position.y);
#else
  io.MousePos = position;
#endif
}

inline void mouse_button(ImGuiIO& io, int button, bool down) {
#if LOOPSCOPE_IMGUI_EVENTS
  io.AddMouseButtonEvent(button, down);
#else
  io.MouseDown[button] = down;
#endif
}

inline void mouse_wheel(ImGuiIO& io, float right, float up) {
#if LOOPSCOPE_IMGUI_EVENTS
  io.AddMouseWheelEvent(right, up);
#else
  io.MouseWheelH += right;
  io.MouseWheel += up;
#endif
}

inline int list_count(const ImDrawData& data) {
#if IMGUI_VERSION_NUM >= 18980
  return data.CmdLists.Size;
#else
  return data.CmdListsCount;
#endif
}

struct Texture {
  const std::uint32_t* pixels = nullptr;  ///< RGBA8; owned by the atlas
  int width = 0, height = 0;
};
/// The pixels behind a draw command: there is but one texture, the font atlas.
inline Texture texture_of([[maybe_unused]] const ImDrawCmd& command) {
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  ImTextureData* texture = command.TexRef._TexData;
  if (texture == nullptr) return {};
  return {reinterpret_cast<const std::uint32_t*>(texture->GetPixels()), texture->Width, texture->Height};
#else
  unsigned char* pixels = nullptr;
  Texture texture;
  ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &texture.width, &texture.height);
  texture.pixels = reinterpret_cast<const std::uint32_t*>(pixels);
  return texture;
#endif
}

/// Where no renderer is attached (tests, screenshots): says that the textures are where they should be.
inline void accept_textures() {
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    if (texture->Status == ImTextureStatus_WantCreate)
      texture->SetTexID(static_cast<ImTextureID>(texture->UniqueID + 1));
    if (texture->Status == ImTextureStatus_WantCreate || texture->Status == ImTextureStatus_WantUpdates)
      texture->SetStatus(ImTextureStatus_OK);
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
  }
#endif
}
/// Before a context without a renderer goes away.
inline void release_textures() {
#if LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
#endif
}

}  // namespace loopscope::app::compat
