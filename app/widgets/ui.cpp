#include "app/widgets/ui.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "app/widgets/compat.hpp"

namespace loopscope::app {

namespace {

constexpr double tooltip_delay = 0.5;  // seconds

Rect clip_of(const Painter& painter) {
  const ImVec2 a = painter.list()->GetClipRectMin();
  const ImVec2 b = painter.list()->GetClipRectMax();
  return {a.x, a.y, b.x, b.y};
}

}  // namespace

void Ui::begin_frame() {
  animating_ = false;
  inert_ = false;
  tip_.clear();
  stops_.clear();
  for (const Item& item : registry_.items())
    if (item.enabled && item.kind != Kind::Mark) stops_.push_back(item);
  registry_.begin_frame();
  divide_keys();
  if (shortcut(Key::Tab)) walk(1);
  if (shortcut(Key::Tab, with_shift)) walk(-1);
  const ImGuiIO& io = ImGui::GetIO();
  mouse_pixels_ = compat::from_imgui(io.MousePos);
  wheel_ = io.MouseWheel;
  if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseClicked[0])
    focus_visible_ = focus_visible_ && !io.MouseClicked[0];
}

/// Keys that edit go to the text field that has the focus, before anybody takes them for shortcuts.
void Ui::divide_keys() {
  if (takes_all_) {
    takes_all_ = false;
    typed_.clear();
    const auto stays = [](const KeyPress& press) { return press.mods.ctrl && press.mods.shift; };
    std::erase_if(input_, [&](const Input& one) {
      const auto* press = std::get_if<KeyPress>(&one);
      return press != nullptr && stays(*press);
    });
    std::erase_if(keys_, [&](const KeyPress& press) { return !stays(press); });
    return;
  }
  input_.clear();
  if (!typing_) {
    typed_.clear();
    return;
  }
  typing_ = false;
  std::erase_if(keys_, [&](const KeyPress& press) {
    const Key key = press.key;
    const bool other = press.mods.ctrl || press.mods.alt || key == Key::Tab || key == Key::Escape ||
                       key == Key::Up || key == Key::Down || key == Key::PageUp || key == Key::PageDown ||
                       key >= Key::F1;
    // Its letters come as text, by the keyboard's layout.
    if (!other && key > Key::Escape) typed_.emplace_back(key);
    return !other;
  });
}

std::vector<Ui::Input> Ui::take_all_input() {
  takes_all_ = true;
  return std::exchange(input_, {});
}

Ui::Typed Ui::take_typed() {
  typing_ = true;
  return std::exchange(typed_, {});
}

void Ui::end_frame() {
  focus_moved_ = std::max(0, focus_moved_ - 1);
  // Arrows that nobody wanted move the focus to what lies in that direction.
  if (focus_visible_) {
    if (shortcut(Key::Left)) walk_towards({-1, 0});
    if (shortcut(Key::Right)) walk_towards({1, 0});
    if (shortcut(Key::Up)) walk_towards({0, -1});
    if (shortcut(Key::Down)) walk_towards({0, 1});
    if (shortcut(Key::Escape)) focus_visible_ = false;
  }
  keys_.clear();
  draw_tooltip();
}

void Ui::focus(std::string_view id) {
  focus_ = id;
  focus_visible_ = true;
  focus_moved_ = 2;  // what was drawn before this call sees it in the next frame
  animating_ = true;
}

void Ui::walk(int by) {
  if (stops_.empty()) return;
  const auto count = static_cast<int>(stops_.size());
  int at = by > 0 ? -1 : count;
  for (int i = 0; i < count; ++i)
    if (stops_[static_cast<std::size_t>(i)].id == focus_) at = i;
  focus(stops_[static_cast<std::size_t>(((at + by) % count + count) % count)].id);
}

void Ui::walk_towards(Point direction) {
  const Item* from = registry_.find(focus_);
  if (from == nullptr) return;
  const Item* best = nullptr;
  float best_cost = std::numeric_limits<float>::max();
  for (const Item& item : registry_.items()) {
    if (!item.enabled || item.kind == Kind::Mark || item.id == focus_) continue;
    const Point way = item.area.centre() - from->area.centre();
    const float along = way.x * direction.x + way.y * direction.y;
    const float across = std::abs(way.x * direction.y) + std::abs(way.y * direction.x);
    if (along <= 1 || across > along * 2.5F) continue;
    if (const float cost = along + across * 2; cost < best_cost) {
      best_cost = cost;
      best = &item;
    }
  }
  if (best != nullptr) focus(std::string(best->id));
}

bool Ui::shortcut(Key key, Mods mods) {
  if (inert_) return false;
  for (auto it = keys_.begin(); it != keys_.end(); ++it)
    if (it->key == key && it->mods == mods) {
      keys_.erase(it);
      return true;
    }
  return false;
}

bool Ui::mouse_in(const Rect& area) const {
  if (inert_ || !ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) return false;
  return paint().to_pixels(area).intersected(clip_of(paint())).contains(mouse_pixels_);
}

float Ui::wheel_in(const Rect& area) {
  if (!mouse_in(area)) return 0;
  const float turned = wheel_;
  wheel_ = 0;
  ImGui::GetIO().MouseWheel = 0;
  return turned;
}

Hit Ui::hit(const Rect& area, const What& what) {
  const Rect pixels = paint().to_pixels(area);
  last_ = what.id;
  last_area_ = pixels;
  const bool enabled = what.enabled && !inert_;
  Hit hit;
  if (!area.empty()) {
    ImGui::SetCursorScreenPos({pixels.x0, pixels.y0});
    ImGui::PushID(what.id.data(), what.id.data() + what.id.size());
    compat::begin_overlap(what.below);
    const bool clicked = ImGui::InvisibleButton("##hit", {pixels.x1 - pixels.x0, pixels.y1 - pixels.y0});
    compat::end_overlap(what.below);
    ImGui::PopID();
    hit.hovered = ImGui::IsItemHovered();
    hit.held = enabled && ImGui::IsItemActive();
    hit.pressed = enabled && clicked;
    if (enabled && what.focusable && ImGui::IsItemActivated()) {
      focus_ = what.id;
      focus_visible_ = false;
    }
  }
  const bool mine = enabled && what.focusable && focus_ == what.id;
  if (mine && focus_moved_ > 0) {
    const Rect clip = clip_of(paint());
    if (pixels.y0 < clip.y0 || pixels.y1 > clip.y1) ImGui::SetScrollHereY(0.5F);
  }
  hit.focused = mine && focus_visible_;
  if (hit.focused && what.kind != Kind::Splitter && (shortcut(Key::Enter) || shortcut(Key::Space)))
    hit.pressed = true;
  registry_.add({.id = std::string(what.id),
                 .label = std::string(what.label),
                 .kind = what.focusable ? what.kind : Kind::Mark,
                 .area = pixels,
                 .clip = clip_of(paint()),
                 .enabled = enabled,
                 .hovered = hit.hovered,
                 .held = hit.held,
                 .focused = hit.focused,
                 .on = what.on,
                 .value = what.value});
  if (!enabled) hit = Hit{.hovered = hit.hovered && !inert_};
  last_hit_ = hit;
  return hit;
}

void Ui::note(std::string_view id, std::string_view label, const Rect& area, bool on) {
  registry_.add({.id = std::string(id),
                 .label = std::string(label),
                 .kind = Kind::Mark,
                 .area = paint().to_pixels(area),
                 .clip = clip_of(paint()),
                 .on = on});
}

void Ui::focus_ring(const Rect& area, float radius) const {
  paint().stroke(area.inset(-3), palette_->accent, radius + 3, 2);
}

float Ui::glide(std::string_view id, float target, float seconds) {
  float& now = state<float>(id, target);
  if (now == target) return now;
  const float share = reduced_motion_ || seconds <= 0 ? 1.0F : 1 - std::exp(-frame_seconds_ * 3 / seconds);
  now += (target - now) * share;
  if (std::abs(now - target) < 0.002F * std::max(1.0F, std::abs(target)))
    now = target;
  else
    animate();
  return now;
}

// ---------------------------------------------------------------- tooltips

void Ui::tooltip(std::string_view text) {
  const bool wanted = last_hit_.hovered ? !last_hit_.held : last_hit_.focused;
  if (last_hit_.pressed || last_hit_.held) tip_done_for_ = last_;
  if (!wanted || text.empty()) return;
  if (tip_done_for_ == last_) {
    tip_quiet_ = true;
    return;
  }
  tip_ = text;
  tip_area_ = last_area_;
  if (tip_for_ == last_) return;
  tip_for_ = last_;
  tip_since_ = time_;
}

void Ui::draw_tooltip() {
  if (!tip_quiet_) tip_done_for_.clear();
  tip_quiet_ = false;
  if (tip_.empty()) {
    tip_for_.clear();
    return;
  }
  if (time_ - tip_since_ < tooltip_delay) {
    animate();
    return;
  }
  Painter painter(ImGui::GetForegroundDrawList(), *fonts_, scale_);
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const Point a = painter.from_pixels({tip_area_.x0, tip_area_.y0});
  const Point b = painter.from_pixels({tip_area_.x1, tip_area_.y1});
  const float wide = std::min(painter.width(Type::Caption, tip_) + 1, 320.0F);
  const float high = painter.paragraph_height(Type::Caption, wide, tip_);
  Rect box = Rect::at((a.x + b.x - wide) / 2 - 10, b.y + 8, wide + 20, high + 12);
  if (box.y1 > display.y / scale_ - 4) box = box.moved(0, a.y - 8 - box.y1);
  if (box.x0 < 4) box = box.moved(4 - box.x0, 0);
  if (box.x1 > display.x / scale_ - 4) box = box.moved(display.x / scale_ - 4 - box.x1, 0);
  painter.glow(box.moved(0, 2), palette_->shadow, 7, 8);
  painter.fill(box, palette_->raised, 7);
  painter.stroke(box, palette_->strong_border, 7);
  painter.paragraph(Type::Caption, {box.x0 + 10, box.y0 + 6}, wide, palette_->text, tip_);
}

}  // namespace loopscope::app
