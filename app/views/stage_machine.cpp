#include "app/views/stage_draw.hpp"

namespace loopscope::app::stage {
namespace {

constexpr float half_label = 62;  // half the room of the words on the line of the calls

void draw_labels(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Layout& at = s.at;
  paint.icon({at.box.x0 + 30, at.title_y}, 20, p.accent, icon::Computer);
  paint.text(Type::H3, {at.box.x0 + 48, at.title_y}, p.text, s.title);
  if (at.more_processes > 0) {
    const std::string more = "+" + std::to_string(at.more_processes) +
                             (at.more_processes == 1 ? " more process" : " more processes");
    paint.text(Type::SmallBold, {at.box.x1 - 24, at.title_y}, s.tone(Mood::Waiting), more, AlignX::Right);
  } else {
    const float right = at.box.x1 - (at.boxed ? 16.0F : 24.0F);
    paint.text(Type::SmallMono, {right, at.title_y}, p.muted, s.addresses, AlignX::Right);
  }
  if (at.box.x0 - at.area.x0 > 80) {
    paint.caps({(at.area.x0 + at.box.x0) / 2, at.title_y}, p.faint, "outside", AlignX::Middle);
  }
  if (at.gap.width() < 120) return;
  const Rect& process = at.columns.front().process;
  const Rect& sockets = at.columns.front().sockets_area;
  paint.caps({at.gap.mid_x(), process.mid_y()}, p.faint, "user space", AlignX::Middle);
  if (at.callout.empty()) paint.caps({at.gap.mid_x(), sockets.y0 + 16}, p.faint, "kernel", AlignX::Middle);
}

void draw_line_of_calls(const Scene& s) {
  const Layout& at = s.at;
  const Palette& p = s.palette();
  const float left = at.box.x0 + 16;
  const float right = at.box.x1 - 16;
  if (at.gap.width() < 2 * half_label) {
    s.paint().dashes({left, at.calls_y}, {right, at.calls_y}, p.strong_border, 1.3F, 6, 5);
    return;
  }
  const float middle = at.gap.mid_x();
  s.paint().dashes({left, at.calls_y}, {middle - half_label, at.calls_y}, p.strong_border, 1.3F, 6, 5);
  s.paint().dashes({middle + half_label, at.calls_y}, {right, at.calls_y}, p.strong_border, 1.3F, 6, 5);
  s.paint().text(Type::Small, {middle, at.calls_y}, p.muted, "system calls", AlignX::Middle);
}

/// Whether the words fit into the wall between the doors.
bool wall_is_free(const Layout& at, float x0, float x1) {
  for (const DoorPlace& door : at.doors) {
    if (x0 < door.area.x1 + 12 && x1 > door.area.x0 - 12) return false;
  }
  return x0 > at.wall.x0 + 26 && x1 < at.wall.x1 - 58;
}

/// The border between registered and dynamic ports (RFC 6335), where a door of each kind leaves room for it.
void draw_range_border(const Scene& s) {
  const Layout& at = s.at;
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const DoorPlace* below = nullptr;
  const DoorPlace* above = nullptr;
  for (const DoorPlace& door : at.doors) {
    if (number(s.model.doors[door.door].port) < 49152) below = &door;
    if (number(s.model.doors[door.door].port) >= 49152 && above == nullptr) above = &door;
  }
  const float from = below != nullptr ? below->area.x1 : at.wall.x0 + 26;
  const float to = above != nullptr ? above->area.x0 : at.wall.x1 - 58;
  const float x = (from + to) / 2;
  const float words_left = paint.width(Type::Caption, "registered") + 20;
  const float words_right = paint.width(Type::Caption, "dynamic") + 20;
  if (!wall_is_free(at, x - words_left, x + words_right)) return;
  const float y = at.wall.mid_y();
  paint.line({x, at.wall.y0 + 1}, {x, at.wall.y1 - 1}, p.strong_border);
  paint.text(Type::Caption, {x - 10, y}, p.muted, "registered", AlignX::Right);
  paint.text(Type::Caption, {x + 10, y}, p.muted, "dynamic");
  const bool taken = !at.callout.empty() && at.callout.y1 > at.wall.y0 - 20;
  if (!taken) paint.text(Type::SmallMono, {x, at.wall.y0 - 10}, p.faint, "49152", AlignX::Middle);
}

/// The kernel's wall: the line of port numbers, not to scale.
void draw_wall(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Layout& at = s.at;
  const Painter::Dim dim(paint, s.model.knock ? 0.4F : 0.0F, s.kernel());
  paint.fill(at.wall, mix(s.kernel(), p.strong_border, p.dark ? 0.42F : 0.40F));
  paint.line({at.wall.x0, at.wall.y0}, {at.wall.x1, at.wall.y0}, p.strong_border);
  paint.line({at.wall.x0, at.wall.y1}, {at.wall.x1, at.wall.y1}, p.strong_border);
  const float y = at.wall.mid_y();
  const float first = at.doors.empty() ? at.wall.x1 : at.doors.front().area.x0;
  const float last = at.doors.empty() ? at.wall.x0 : at.doors.back().area.x1;
  if (!at.boxed || first > at.wall.x0 + 32) paint.text(Type::SmallMono, {at.wall.x0 + 11, y}, p.muted, "0");
  if (!at.boxed || last < at.wall.x1 - 62)
    paint.text(Type::SmallMono, {at.wall.x1 - 11, y}, p.muted, "65535", AlignX::Right);
  if (at.more_doors > 0) {
    const std::string more = "+" + std::to_string(at.more_doors) + (at.more_doors == 1 ? " door" : " doors");
    paint.text(Type::CaptionBold, {at.wall.x1 - 11, at.wall.y0 - 11}, s.tone(Mood::Waiting), more,
               AlignX::Right);
  }
  if (!s.model.knock) draw_range_border(s);
}

}  // namespace

Tone tone_of(Mood mood) {
  switch (mood) {
    case Mood::Neutral:
      return Tone::Neutral;
    case Mood::Info:
      return Tone::Info;
    case Mood::Good:
      return Tone::Good;
    case Mood::Waiting:
      return Tone::Waiting;
    case Mood::Bad:
      return Tone::Bad;
    case Mood::Call:
      return Tone::Call;
  }
  return Tone::Neutral;
}

Provenance provenance_of(Known known) {
  switch (known) {
    case Known::Measured:
      return Provenance::Measured;
    case Known::Derived:
      return Provenance::Derived;
    case Known::Predicted:
      return Provenance::Predicted;
  }
  return Provenance::Measured;
}

Colour Scene::tone(Mood mood) const {
  if (mood == Mood::Info) return palette().accent;
  if (mood == Mood::Neutral) return palette().strong_border;
  return ui.tone(tone_of(mood));
}
Colour Scene::user() const { return mix(palette().panel, palette().card, palette().dark ? 0.6F : 1.0F); }
Colour Scene::kernel() const {
  return palette().dark ? mix(palette().card, palette().raised, 0.35F)
                        : mix(palette().panel, palette().ground, 0.55F);
}
Colour Scene::bed() const {
  return palette().dark ? mix(palette().ground, palette().panel, 0.5F)
                        : mix(palette().ground, palette().strong_border, 0.28F);
}

void draw_machine(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Layout& at = s.at;
  paint.glow(at.box, p.shadow, radius::machine, 10);
  paint.fill(at.box, s.user(), radius::machine);
  paint.fill({at.box.x0, at.calls_y, at.box.x1, at.box.y1}, s.kernel(), radius::machine, Corners::Bottom);
  draw_line_of_calls(s);
  draw_wall(s);
  paint.stroke(at.box, p.strong_border, radius::machine, 2);
  draw_labels(s);
}

}  // namespace loopscope::app::stage
