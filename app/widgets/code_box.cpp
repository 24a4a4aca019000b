#include "app/widgets/code_box.hpp"

#include <algorithm>
#include <cmath>

#include "app/widgets/icons.hpp"

namespace loopscope::app {
namespace {

constexpr float line_height = 20, margin = 10, inset = 12;
constexpr float copy_size = 26;

struct Drag {
  bool on = false;
  float from_mouse = 0, from_offset = 0, offset = 0;
};

float text_width(const Ui& ui, std::span<const CodeBoxLine> lines) {
  float most = 0;
  for (const auto& line : lines) {
    float wide = 0;
    for (const auto& run : line.runs) wide += ui.paint().width(Type::Mono, run.text);
    most = std::max(most, wide);
  }
  return most;
}

/// Moves the lines sideways by mouse or keys; returns by how much they are moved.
float sideways(Ui& ui, const Hit& hit, std::string_view id, float hidden) {
  auto& drag = ui.state<Drag>("sideways/" + std::string(id));
  const float mouse = ui.mouse().x;
  if (hit.held && !drag.on) drag = {true, mouse, drag.offset, drag.offset};
  if (!hit.held) drag.on = false;
  if (drag.on) drag.offset = drag.from_offset + drag.from_mouse - mouse;
  if (hidden > 0 && ui.key_for(hit, Key::Right)) drag.offset += 60;
  if (hidden > 0 && ui.key_for(hit, Key::Left)) drag.offset -= 60;
  drag.offset = std::clamp(drag.offset, 0.0F, std::max(0.0F, hidden));
  return drag.offset;
}

void draw_lines(Ui& ui, const Rect& area, const CodeBox& box, float offset, float numbers,
                const Rect& visible) {
  const Palette& p = ui.palette();
  const Painter::Clip clip(ui.paint(), area.inset(1));
  for (std::size_t i = 0; i < box.lines.size(); ++i) {
    const float y = code_line_y(area.y0, i);
    if (y + line_height < visible.y0 || y > visible.y1) continue;
    const auto& line = box.lines[i];
    if (line.current) {
      ui.paint().fill({area.x0 + 1, y, area.x1 - 1, y + line_height},
                      mix(p.code_ground, p.accent, p.dark ? 0.22F : 0.14F));
      ui.paint().fill({area.x0 + 1, y, area.x0 + 4, y + line_height}, p.accent);
    }
    float x = area.x0 + inset + numbers - offset;
    for (const auto& run : line.runs)
      x += ui.paint().text(Type::Mono, {x, y + line_height / 2}, run.colour, run.text);
    if (numbers == 0) continue;
    ui.paint().fill({area.x0 + (line.current ? 4.0F : 1.0F), y, area.x0 + numbers + 4, y + line_height},
                    line.current ? mix(p.code_ground, p.accent, p.dark ? 0.22F : 0.14F) : p.code_ground);
    ui.paint().text(Type::Mono, {area.x0 + numbers, y + line_height / 2}, line.current ? p.text : p.faint,
                    std::to_string(i + 1), AlignX::Right);
  }
}

/// What is hidden at a side shows through a fade and an arrow.
void draw_edges(Ui& ui, const Rect& area, float offset, float hidden, float numbers) {
  const Palette& p = ui.palette();
  if (hidden <= 0) return;
  const Rect track{area.x0 + inset + numbers, area.y1 - 5, area.x1 - inset, area.y1 - 2};
  const float share = track.width() / (track.width() + hidden);
  ui.paint().fill(track, p.border, 1.5F);
  ui.paint().fill(Rect::at(track.x0 + offset * share, track.y0, track.width() * share, 3), p.faint, 1.5F);
}

}  // namespace

float code_box_height(std::size_t lines) { return static_cast<float>(lines) * line_height + 2 * margin; }
float code_line_y(float y, std::size_t line) { return y + margin + static_cast<float>(line) * line_height; }

std::size_t code_box_characters(const Ui& ui, float width) {
  const float letter = ui.paint().width(Type::Mono, "0");
  return static_cast<std::size_t>(std::max(8.0F, (width - 2 * inset) / letter));
}

CodeBoxAnswer draw_code_box(Ui& ui, Point at, float width, const CodeBox& box, const Rect& visible) {
  const Palette& p = ui.palette();
  CodeBoxAnswer answer{.height = code_box_height(box.lines.size()), .copy = false};
  const Rect area = Rect::at(at.x, at.y, width, answer.height);
  const Hit hit = ui.hit(area, {.id = box.id, .label = box.name, .kind = Kind::Row, .below = true});
  ui.paint().fill(area, p.code_ground, 8);
  const float numbers = box.numbers ? ui.paint().width(Type::Mono, std::to_string(box.lines.size())) + 8 : 0;
  const float hidden = text_width(ui, box.lines) + numbers + 2 * inset - width;
  const float offset = sideways(ui, hit, box.id, hidden);
  draw_lines(ui, area, box, offset, numbers, visible);
  draw_edges(ui, area, offset, hidden, numbers);
  ui.paint().stroke(area, p.border, 8);
  if (hit.focused) ui.focus_ring(area, 8);
  answer.copy = hit.focused && ui.shortcut(Key::C, with_ctrl);

  const Rect corner = Rect::at(area.x1 - copy_size - 5, area.y0 + 5, copy_size, copy_size);
  const Hit copy = ui.hit(corner, {.id = std::string(box.id) + "/copy", .label = "Copy"});
  if (hit.hovered || copy.hovered || hidden > 0) ui.paint().fill(corner, faded(p.code_ground, 0.9F), 5);
  ui.paint().icon(corner.centre(), 15, copy.hovered ? p.text : p.faint, icon::Copy);
  if (copy.focused) ui.focus_ring(corner, 5);
  ui.tooltip("Copy");
  answer.copy |= copy.pressed;
  return answer;
}

}  // namespace loopscope::app
