#include "app/widgets/controls.hpp"

#include <algorithm>
#include <cmath>

#include "app/widgets/compat.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

// Rest, hover and pressed differ in brightness; a disabled control fades into what it stands on.
Colour react(const Palette& p, Colour rest, const Hit& hit) {
  if (hit.held) return mix(rest, p.accent, 0.30F);
  if (hit.hovered) return mix(rest, p.accent, p.dark ? 0.16F : 0.10F);
  return rest;
}

void draw_button_ground(Ui& ui, const Rect& area, const Button& b, const Hit& hit) {
  const Palette& p = ui.palette();
  const Painter& paint = ui.paint();
  if (b.look == Look::Primary) {
    const Colour rest = b.enabled ? p.accent : mix(p.panel, p.accent, 0.35F);
    paint.fill(area,
               hit.held                   ? mix(rest, p.ground, 0.25F)
               : hit.hovered && b.enabled ? mix(rest, p.text, 0.18F)
                                          : rest,
               radius::button);
    return;
  }
  if (b.on) {
    const Colour tone = b.look == Look::Danger    ? p.of(Tone::Bad)
                        : b.look == Look::Warning ? p.of(Tone::Waiting)
                                                  : p.accent;
    paint.fill(area, mix(p.card, tone, p.dark ? 0.26F : 0.12F), radius::button);
    paint.stroke(area, tone, radius::button, 1.5F);
    return;
  }
  if (b.look == Look::Ghost) {
    if (hit.hovered && b.enabled) paint.fill(area, react(p, p.raised, hit), radius::button);
    return;
  }
  paint.fill(area, b.enabled ? react(p, p.dark ? p.raised : p.card, hit) : p.panel, radius::button);
  paint.stroke(area, b.enabled ? p.strong_border : p.border, radius::button);
}

Colour button_ink(const Palette& p, const Button& b) {
  if (!b.enabled)
    return b.look == Look::Primary ? mix(p.on_accent, p.panel, 0.35F) : mix(p.faint, p.panel, 0.35F);
  return b.look == Look::Primary ? p.on_accent : b.look == Look::Ghost ? p.muted : p.text;
}

Colour button_icon_ink(const Palette& p, const Button& b, Colour ink) {
  if (!b.enabled || b.look == Look::Primary) return ink;
  if (b.look == Look::Danger) return p.of(Tone::Bad);
  if (b.look == Look::Warning) return p.of(Tone::Waiting);
  if (b.label.empty()) return b.look == Look::Ghost ? p.muted : p.text;
  return p.muted;
}

}  // namespace

bool button(Ui& ui, const Rect& area, const Button& b) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(
      area, {.id = b.id, .label = b.label.empty() ? b.tip : b.label, .enabled = b.enabled, .on = b.on});
  draw_button_ground(ui, area, b, hit);
  const Colour ink = button_ink(p, b);
  const Colour icon_ink =
      button_icon_ink(p, b, hit.hovered && b.enabled && b.look == Look::Ghost ? p.text : ink);
  const float words = ui.paint().width(b.type, b.label);
  const float icon = b.icon == nullptr ? 0 : b.label.empty() ? 20 : 16;
  const float gap = icon > 0 && words > 0 ? 7 : 0;
  float x = area.mid_x() - (words + icon + gap) / 2;
  const float y = area.mid_y();
  if (icon > 0 && !b.icon_after) {
    ui.paint().icon({x + icon / 2, y}, icon, icon_ink, b.icon);
    x += icon + gap;
  }
  if (words > 0) ui.paint().text(b.type, {x, y}, ink, b.label);
  if (icon > 0 && b.icon_after) ui.paint().icon({x + words + gap + icon / 2, y}, icon, icon_ink, b.icon);
  if (hit.focused) ui.focus_ring(area, radius::button);
  ui.tooltip(b.tip);
  return hit.pressed;
}

float button_width(const Ui& ui, const Button& b) {
  const float words = ui.paint().width(b.type, b.label);
  if (words == 0) return 36;
  return std::ceil((words + (b.icon != nullptr ? 23 : 0) + 32) / 4) * 4;
}

// ---------------------------------------------------------------- one of several

float segmented_width(const Ui& ui, std::span<const Segment> segments) {
  float sum = 6;
  for (const auto& segment : segments)
    sum += std::ceil(ui.paint().width(Type::SmallBold, segment.label)) + 24;
  return sum;
}

std::optional<int> segmented(Ui& ui, const Rect& area, std::string_view id, std::span<const Segment> segments,
                             int current) {
  const Palette& p = ui.palette();
  std::optional<int> chosen;
  ui.paint().fill(area, p.dark ? p.ground : p.raised, radius::button);
  ui.paint().stroke(area, p.border, radius::button);
  const auto count = static_cast<int>(segments.size());
  const float spare = area.width() - segmented_width(ui, segments);
  float x = area.x0 + 3;
  for (int i = 0; i < count; ++i) {
    const Segment& segment = segments[static_cast<std::size_t>(i)];
    const float wide =
        std::ceil(ui.paint().width(Type::SmallBold, segment.label)) + 24 + spare / static_cast<float>(count);
    const Rect piece{x, area.y0 + 3, x + wide, area.y1 - 3};
    x += wide;
    const std::string name = std::string(id) + "/" + std::string(segment.label);
    const bool on = i == current;
    const Hit hit = ui.hit(
        piece,
        {.id = name, .label = segment.label, .kind = Kind::Choice, .enabled = segment.enabled, .on = on});
    if (on) {
      ui.paint().fill(piece, mix(p.card, p.accent, p.dark ? 0.22F : 0.04F), 5);
      ui.paint().stroke(piece, p.dark ? mix(p.card, p.accent, 0.65F) : p.accent, 5, 1.2F);
    } else if (hit.hovered && segment.enabled) {
      ui.paint().fill(piece, p.raised, 5);
    }
    const Colour ink = on ? p.text : segment.enabled ? p.muted : mix(p.faint, p.panel, 0.4F);
    ui.paint().text(on ? Type::SmallBold : Type::Small, piece.centre(), ink, segment.label, AlignX::Middle);
    if (hit.focused) ui.focus_ring(piece, 5);
    ui.tooltip(segment.tip);
    if (hit.pressed && !on) chosen = i;
    const auto beside = [&](int step) {
      int to = i + step;
      while (to >= 0 && to < count && !segments[static_cast<std::size_t>(to)].enabled) to += step;
      if (to < 0 || to >= count) return;
      chosen = to;
      ui.focus(std::string(id) + "/" + std::string(segments[static_cast<std::size_t>(to)].label));
    };
    if (ui.key_for(hit, Key::Left))
      beside(-1);
    else if (ui.key_for(hit, Key::Right))
      beside(1);
  }
  return chosen;
}

std::optional<int> tabs(Ui& ui, const Rect& area, std::string_view id,
                        std::span<const std::string_view> labels, int current) {
  const Palette& p = ui.palette();
  std::optional<int> chosen;
  const auto count = static_cast<int>(labels.size());
  const float wide = area.width() / static_cast<float>(std::max(1, count));
  for (int i = 0; i < count; ++i) {
    const std::string_view label = labels[static_cast<std::size_t>(i)];
    const Rect piece = Rect::at(area.x0 + wide * static_cast<float>(i), area.y0, wide, area.height());
    const bool on = i == current;
    const std::string name = std::string(id) + "/" + std::string(label);
    const Hit hit = ui.hit(piece, {.id = name, .label = label, .kind = Kind::Tab, .on = on});
    const Colour ink = on ? p.text : hit.hovered ? p.text : p.muted;
    const float words =
        ui.paint().text(on ? Type::SmallBold : Type::Small, piece.centre(), ink, label, AlignX::Middle);
    if (on) ui.paint().fill(Rect::around({piece.mid_x(), area.y1 - 1.5F}, words + 12, 3), p.accent, 1.5F);
    if (hit.focused) ui.focus_ring(piece.inset(4, 6), radius::button);
    if (hit.pressed && !on) chosen = i;
    const int step = ui.key_for(hit, Key::Left) ? -1 : ui.key_for(hit, Key::Right) ? 1 : 0;
    if (step != 0 && i + step >= 0 && i + step < count) {
      chosen = i + step;
      ui.focus(std::string(id) + "/" + std::string(labels[static_cast<std::size_t>(i + step)]));
    }
  }
  return chosen;
}

// ---------------------------------------------------------------- amounts and switches

bool slider(Ui& ui, const Rect& area, std::string_view id, std::string_view label, float& value, float step,
            bool enabled) {
  const Palette& p = ui.palette();
  const Hit hit =
      ui.hit(area, {.id = id, .label = label, .kind = Kind::Slider, .enabled = enabled, .value = value});
  const float before = value;
  const float from = area.x0 + 8;
  const float to = area.x1 - 8;
  if (hit.held) value = std::clamp((ui.mouse().x - from) / (to - from), 0.0F, 1.0F);
  if (ui.key_for(hit, Key::Right) || ui.key_for(hit, Key::Up)) value = std::min(1.0F, value + step);
  if (ui.key_for(hit, Key::Left) || ui.key_for(hit, Key::Down)) value = std::max(0.0F, value - step);
  if (ui.key_for(hit, Key::Home)) value = 0;
  if (ui.key_for(hit, Key::End)) value = 1;
  const float y = area.mid_y();
  const float x = from + (to - from) * value;
  ui.paint().fill({from, y - 2, to, y + 2}, p.strong_border, 2);
  ui.paint().fill({from, y - 2, x, y + 2}, enabled ? p.accent : p.faint, 2);
  ui.paint().disc({x, y}, hit.hovered || hit.held ? 8 : 7, enabled ? p.accent : p.faint);
  ui.paint().disc({x, y}, 3, p.panel);
  if (hit.focused) ui.focus_ring(Rect::around({x, y}, 14, 14), 7);
  return value != before;
}

bool toggle(Ui& ui, const Rect& area, std::string_view id, std::string_view label, bool on) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(area, {.id = id, .label = label, .kind = Kind::Toggle, .on = on});
  if (hit.hovered) ui.paint().fill(area.inset(-8, 0), p.raised, radius::button);
  ui.paint().text(Type::Body, {area.x0, area.mid_y()}, p.text, label);
  const Rect track = Rect::at(area.x1 - 40, area.mid_y() - 11, 40, 22);
  const float at = ui.glide(std::string(id) + "/glide", on ? 1.0F : 0.0F);
  ui.paint().fill(track, mix(p.card, p.accent, at), 11);
  ui.paint().stroke(track, mix(p.strong_border, p.accent, at), 11);
  ui.paint().disc({track.x0 + 11 + 18 * at, track.mid_y()}, 7, mix(p.muted, p.on_accent, at));
  if (hit.focused) ui.focus_ring(track, 11);
  return hit.pressed;
}

// ---------------------------------------------------------------- answers, rows, links

float choice_height(const Ui& ui, float width, const Choice& c) {
  const float room = width - 44 - (c.note.empty() ? 12 : ui.paint().width(Type::Caption, c.note) + 28);
  const Type type = c.mono ? Type::MonoBold : Type::Small;
  return std::max(38.0F, ui.paint().paragraph_height(type, room, c.label, 20) + 18);
}

bool choice(Ui& ui, const Rect& area, const Choice& c) {
  const Palette& p = ui.palette();
  const bool chosen = c.state != ChoiceState::Open;
  const Hit hit =
      ui.hit(area, {.id = c.id, .label = c.label, .kind = Kind::Choice, .enabled = c.enabled, .on = chosen});
  Colour line = p.border;
  Colour ground = p.card;
  const char* mark = icon::RadioOff;
  Colour mark_ink = p.faint;
  const auto toned = [&](Colour tone, const char* sign) {
    line = tone;
    ground = mix(p.card, tone, p.dark ? 0.20F : 0.08F);
    mark = sign;
    mark_ink = tone;
  };
  if (c.state == ChoiceState::Selected) toned(p.accent, icon::RadioOn);
  if (c.state == ChoiceState::Right) toned(p.of(Tone::Good), icon::CheckCircle);
  if (c.state == ChoiceState::Wrong) toned(p.of(Tone::Bad), icon::Cancel);
  if (c.state == ChoiceState::Missed) {
    line = p.of(Tone::Good);
    mark = icon::CheckCircle;
    mark_ink = line;
  }
  if (!chosen && c.enabled) ground = react(p, ground, hit);
  ui.paint().fill(area, ground, 8);
  ui.paint().stroke(area, line, 8, chosen ? 1.5F : 1);
  const float note = c.note.empty() ? 0 : ui.paint().width(Type::Caption, c.note) + 16;
  const Type type = c.mono ? Type::MonoBold : Type::Small;
  const float room = area.width() - 44 - (c.note.empty() ? 12 : note + 12);
  const float high = ui.paint().paragraph_height(type, room, c.label, 20);
  ui.paint().icon({area.x0 + 24, area.mid_y()}, 18, mark_ink, mark);
  ui.paint().paragraph(type, {area.x0 + 44, area.mid_y() - high / 2}, room,
                       c.enabled || chosen ? p.text : p.muted, c.label, 20);
  if (note > 0)
    ui.paint().text(Type::Caption, {area.x1 - 12, area.mid_y()},
                    chosen && c.state != ChoiceState::Selected ? mark_ink : p.faint, c.note, AlignX::Right);
  if (hit.focused) ui.focus_ring(area, 8);
  return hit.pressed;
}

Hit row(Ui& ui, const Rect& area, std::string_view id, std::string_view label, bool on, float radius) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(area, {.id = id, .label = label, .kind = Kind::Row, .on = on});
  if (on)
    ui.paint().fill(area, mix(p.panel, p.accent, p.dark ? 0.18F : 0.10F), radius);
  else if (hit.hovered)
    ui.paint().fill(area, p.raised, radius);
  if (hit.focused) ui.focus_ring(area, radius);
  return hit;
}

bool link(Ui& ui, Point at, std::string_view id, std::string_view label, Type type) {
  const Palette& p = ui.palette();
  const float wide = ui.paint().width(type, label);
  const Rect area{at.x, at.y - 11, at.x + wide, at.y + 11};
  const Hit hit = ui.hit(area, {.id = id, .label = label, .kind = Kind::Link});
  ui.paint().text(type, at, p.accent, label);
  if (hit.hovered) ui.paint().line({at.x, at.y + 9}, {at.x + wide, at.y + 9}, p.accent);
  if (hit.focused) ui.focus_ring(area, 4);
  return hit.pressed;
}

bool splitter(Ui& ui, const Rect& gap, std::string_view id, std::string_view label, bool upright, float& size,
              float least, float most, float grows) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(gap, {.id = id, .label = label, .kind = Kind::Splitter, .value = size});
  struct Drag {
    bool on = false;
    float mouse = 0, size = 0;
  };
  auto& drag = ui.state<Drag>(id);
  const float at = upright ? ui.mouse().x : ui.mouse().y;
  const float before = size;
  if (hit.held && !drag.on) drag = {true, at, size};
  if (!hit.held) drag.on = false;
  if (drag.on) size = std::clamp(drag.size + (at - drag.mouse) * grows, least, most);
  if (ui.key_for(hit, upright ? Key::Right : Key::Down)) size = std::clamp(size + 16 * grows, least, most);
  if (ui.key_for(hit, upright ? Key::Left : Key::Up)) size = std::clamp(size - 16 * grows, least, most);
  if (hit.hovered || hit.held || hit.focused) {
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const Point c = gap.centre();
    ui.paint().fill(upright ? Rect::around(c, 3, 48) : Rect::around(c, 48, 3),
                    hit.held || hit.focused ? p.accent : p.strong_border, 1.5F);
  }
  return size != before;
}

}  // namespace loopscope::app
