#include "app/widgets/overlay.hpp"

#include "app/widgets/compat.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

// A window of its own, so that Dear ImGui gives it the mouse. Glows may reach beyond it: it is not clipped.
void begin_window(const Ui& ui, std::string_view id, const Rect& area) {
  const Rect pixels = ui.paint().to_pixels(area);
  ImGui::SetNextWindowPos({pixels.x0, pixels.y0});
  ImGui::SetNextWindowSize({pixels.x1 - pixels.x0, pixels.y1 - pixels.y0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, 0U);
  ImGui::Begin(std::string(id).c_str(), nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoNav);
  ImGui::PopStyleColor();
  ImGui::PushClipRect({0, 0}, ImGui::GetIO().DisplaySize, false);
}

void end_window() {
  ImGui::PopClipRect();
  ImGui::End();
}

}  // namespace

Overlay::Overlay(Ui& ui, std::string_view id, const Rect& area) : ui_(ui) {
  begin_window(ui, id, area);
  ui.painters_.push_back(ui.paint().in(ImGui::GetWindowDrawList()));
}

Overlay::~Overlay() {
  ui_.painters_.pop_back();
  end_window();
}

Dialog::Dialog(Ui& ui, std::string_view id, std::string_view title, Rect screen, float width, float height)
    : ui_(ui) {
  const Palette& p = ui.palette();
  begin_window(ui, std::string(id) + "/shade", screen);
  ui.painters_.push_back(ui.paint().in(ImGui::GetWindowDrawList()));
  const Rect box = Rect::around(screen.centre(), std::min(width, screen.width() - 24),
                                std::min(height, screen.height() - 24));
  ui.paint().fill(screen, rgb(0x000000, p.dark ? 150 : 90));
  const bool outside = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) && ImGui::IsMouseClicked(0) &&
                       !box.contains(ui.mouse());
  ui.paint().glow(box, p.shadow, radius::machine, 24);
  ui.paint().fill(box, p.panel, radius::machine);
  ui.paint().stroke(box, p.strong_border, radius::machine);
  content_ = box.inset(24, 20);
  const Rect head = content_.cut_top(32, 12);
  ui.paint().text(Type::H2, {head.x0, head.mid_y()}, p.text, title);
  const bool close = button(ui, Rect::at(head.x1 - 28, head.y0, 36, 32),
                            {.id = std::string(id) + "/close",
                             .label = {},
                             .icon = icon::Close,
                             .look = Look::Ghost,
                             .tip = "Close (Esc)"});
  closed_ = outside || close || ui.shortcut(Key::Escape);
}

Dialog::~Dialog() {
  ui_.painters_.pop_back();
  end_window();
}

}  // namespace loopscope::app
