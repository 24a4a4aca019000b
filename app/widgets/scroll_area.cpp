#include "app/widgets/scroll_area.hpp"

#include "app/widgets/compat.hpp"

namespace loopscope::app {

ScrollArea::ScrollArea(Ui& ui, std::string_view id, const Rect& area, Colour ground)
    : ui_(ui), id_(id), area_(area), ground_(ground != 0 ? ground : ui.palette().panel) {
  const Rect pixels = ui.paint().to_pixels(area);
  const float zoom = ui.paint().scale();
  ImGui::SetCursorScreenPos({pixels.x0, pixels.y0});
  compat::begin_child(id_.c_str(),
                      {std::max(1.0F, pixels.x1 - pixels.x0), std::max(1.0F, pixels.y1 - pixels.y0)},
                      ImGuiWindowFlags_NoNav);
  Painter inner = ui.paint();
  ui.painters_.push_back(inner.in(ImGui::GetWindowDrawList()));
  const float scrolled = ImGui::GetScrollY() / zoom;
  content_ = area.moved(0, -scrolled);
  content_.x1 -= 12;
  end_ = content_.y0;
}

ScrollArea::~ScrollArea() {
  const float zoom = ui_.paint().scale();
  // The content's end tells Dear ImGui how far there is to scroll.
  const Point end = ui_.paint().to_pixels(Point{content_.x0, end_});
  ImGui::SetCursorScreenPos({end.x, end.y});
  ImGui::Dummy({1, 0});
  const float most = ImGui::GetScrollMaxY();
  const bool focused = most > 0 && ui_.focus_ == id_;
  if (most > 0) {
    if (focused && ui_.focus_visible_) {
      float by = 0;
      if (ui_.shortcut(Key::Down)) by += 48;
      if (ui_.shortcut(Key::Up)) by -= 48;
      if (ui_.shortcut(Key::PageDown)) by += area_.height() * 0.85F;
      if (ui_.shortcut(Key::PageUp)) by -= area_.height() * 0.85F;
      if (by != 0) {
        ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + by * zoom, 0.0F, most));
        ui_.animate();
      }
    }
    // What is below the edge shows through a fade: there is more.
    if (ImGui::GetScrollY() < most - 1)
      ui_.paint().gradient({area_.x0, area_.y1 - 28, area_.x1 - 12, area_.y1}, faded(ground_, 0), ground_);
  }
  ImGui::EndChild();
  ui_.painters_.pop_back();
  if (most <= 0) return;
  const Rect pixels = ui_.paint().to_pixels(area_);
  ui_.registry_.add({.id = id_,
                     .label = "scroll",
                     .kind = Kind::Scroll,
                     .area = pixels,
                     .clip = pixels,
                     .enabled = !ui_.inert(),
                     .focused = focused,
                     .value = most});
  if (focused && ui_.focus_visible_) ui_.focus_ring(area_.inset(2), 6);
}

void ScrollArea::to_top() { ImGui::SetScrollY(0); }

void ScrollArea::show(float y0, float y1) {
  const float zoom = ui_.paint().scale();
  if (y0 < area_.y0) ImGui::SetScrollY((y0 - content_.y0) * zoom);
  if (y1 > area_.y1) ImGui::SetScrollY((y1 - content_.y0 - area_.height()) * zoom);
}

}  // namespace loopscope::app
