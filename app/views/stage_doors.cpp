#include <algorithm>
#include <cmath>

#include "app/views/stage_draw.hpp"

namespace loopscope::app::stage {
namespace {

std::string number_of(const Door& door) { return door.masked ? "?" : to_string(door.port); }

std::string tip_of(const Model& model, const Door& door) {
  std::string tip = "port " + number_of(door) + (door.transport == trace::Transport::Udp ? ", UDP" : ", TCP");
  if (door.nobody) {
    const std::string at = door.called && !door.masked ? "No socket holds " + to_string(*door.called) + "."
                                                       : "No socket holds it.";
    return tip + "\n" + at + " Derived from the kernel's socket table.";
  }
  for (const SocketView& socket : model.sockets) {
    if (socket.column != door.column || socket.entry.local.port != door.port ||
        socket.entry.transport != door.transport)
      continue;
    const std::string holder =
        socket.owned ? socket.entry.process + ", fd " + std::to_string(socket.entry.fd) : "no process";
    tip += "\n" + holder + ": " + socket.state + " " + socket.address;
  }
  if (door.dimmed && !model.knock) tip += "\nThe socket that had it is gone.";
  return tip;
}

/// Left edge, round top, right edge.
void draw_arch(const Painter& paint, const Rect& area, Colour colour, float width) {
  constexpr float r = 13;
  constexpr float pi = 3.14159265F;
  std::vector<Point> outline{{area.x0, area.y1}};
  for (int i = 0; i <= 8; ++i) {
    const float angle = pi + pi / 2 * static_cast<float>(i) / 8;
    outline.push_back({area.x0 + r + std::cos(angle) * r, area.y0 + r + std::sin(angle) * r});
  }
  for (int i = 0; i <= 8; ++i) {
    const float angle = 1.5F * pi + pi / 2 * static_cast<float>(i) / 8;
    outline.push_back({area.x1 - r + std::cos(angle) * r, area.y0 + r + std::sin(angle) * r});
  }
  outline.push_back({area.x1, area.y1});
  paint.polyline(outline, colour, width);
}

void draw_door(const Scene& s, const DoorPlace& place, const Door& door) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Rect& area = place.area;
  const bool grey = door.dimmed && !door.nobody;
  const Painter::Dim dim(paint, grey ? 0.5F : 0.0F, s.kernel());
  const Colour colour = door.mood == Mood::Neutral ? p.muted : s.tone(door.mood);
  if (door.lit || door.opponent) {
    paint.fill({area.x0 - 6, area.y0 - 6, area.x1 + 6, area.y1 + 3}, faded(colour, 0.18F), 16, Corners::Top);
  }
  paint.fill(area, mix(p.dark ? p.ground : p.card, colour, p.dark ? 0.12F : 0.07F), 13, Corners::Top);
  if (door.nobody)
    paint.dashed_rect(area.inset(1), colour, 1.8F);
  else
    draw_arch(paint, area, colour, 2.2F);
  paint.fill({area.x0 - 7, area.y1 - 3, area.x1 + 7, area.y1 + 1}, colour, 2);
  const std::string number = number_of(door);
  const bool udp = door.transport == trace::Transport::Udp;
  const float y = area.mid_y() + (udp ? -4.0F : 1.0F);
  paint.text_fit(Type::DoorNumber, {area.mid_x(), y}, door.nobody ? colour : p.text, number, area.width() - 8,
                 AlignX::Middle);
  if (udp) paint.text(Type::Caption, {area.mid_x(), y + 17}, p.muted, "udp", AlignX::Middle);
}

}  // namespace

void draw_doors(const Scene& s) {
  for (const DoorPlace& place : s.at.doors) {
    const Door& door = s.model.doors[place.door];
    draw_door(s, place, door);
    const std::string id =
        s.id("door/") + number_of(door) + (door.transport == trace::Transport::Udp ? "/udp" : "") +
        (place.door > 0 && s.model.doors[place.door - 1].port == door.port ? "/" + std::to_string(place.door)
                                                                           : "");
    const Hit hit = s.ui.hit(place.area, {.id = id, .label = number_of(door), .kind = Kind::Mark});
    if (hit.hovered || hit.focused) s.ui.tooltip(tip_of(s.model, door));
    if (hit.focused) s.ui.focus_ring(place.area, 10);
  }
}

void draw_stems(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  for (const ColumnPlace& place : s.at.columns) {
    const Column& column = s.model.columns[place.column];
    if (place.sockets.empty()) continue;
    const bool owned = std::any_of(column.sockets.begin(), column.sockets.end(),
                                   [&](std::size_t i) { return s.model.sockets[i].owned; });
    const Colour quiet = p.strong_border;
    if (owned && column.process) {
      paint.line({place.x, place.process.y1}, {place.x, place.sockets_area.y0}, quiet, 2);
    }
    for (const DoorPlace& door : s.at.doors) {
      const Door& view = s.model.doors[door.door];
      if (view.column != place.column || view.dimmed || view.nobody) continue;
      const Colour colour = view.lit || view.opponent ? mix(quiet, s.tone(view.mood), 0.7F) : quiet;
      const Point from{place.x, place.sockets.back().area.y1};
      const Point to{door.area.mid_x(), door.area.y0};
      if (std::abs(from.x - to.x) < 2)
        paint.line({to.x, from.y}, to, colour, view.lit ? 3.0F : 2.0F);
      else
        paint.curve(from, {from.x, to.y}, {to.x, from.y}, to, colour, view.lit ? 3.0F : 2.0F);
    }
  }
}

/// The descriptors on the line of the calls: a small badge each, 'fd 3'.
void draw_descriptors(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  for (const ColumnPlace& place : s.at.columns) {
    std::vector<std::string> badges;
    for (const std::size_t i : s.model.columns[place.column].sockets) {
      if (s.model.sockets[i].owned) badges.push_back("fd " + std::to_string(s.model.sockets[i].entry.fd));
    }
    if (badges.size() > 3) badges = {badges[0], badges[1], "+" + std::to_string(badges.size() - 2)};
    float total = -6;
    for (const std::string& badge : badges) total += paint.width(Type::SmallMono, badge) + 14 + 6;
    float x = place.x - total / 2;
    for (const std::string& badge : badges) {
      const float width = paint.width(Type::SmallMono, badge) + 14;
      const Rect area{x, s.at.calls_y - 10, x + width, s.at.calls_y + 10};
      paint.fill(area, s.kernel(), 6);
      paint.stroke(area, p.strong_border, 6);
      paint.text(Type::SmallMono, area.centre(), p.muted, badge, AlignX::Middle);
      x += width + 6;
    }
  }
}

void draw_knock(const Scene& s) {
  if (!s.model.knock) return;
  const Knock& knock = *s.model.knock;
  const ColumnPlace* from = s.at.find_column(knock.column);
  const DoorPlace* door = s.at.find_door(knock.door);
  if (from == nullptr || door == nullptr) return;
  const Painter& paint = s.paint();
  const Colour bad = s.tone(Mood::Bad);
  const bool rightwards = door->area.mid_x() > from->x;
  const Rect card = from->sockets.empty() ? from->sockets_area : from->sockets.back().area;
  const Point start{rightwards ? card.x1 + 6 : card.x0 - 6, card.y1 - 22};
  const float y = s.at.wall.y0 + 16;
  const Point end{rightwards ? door->area.x0 - 26 : door->area.x1 + 26, y};
  const float middle = (start.x + end.x) / 2;
  paint.curve(start, {middle, start.y}, {middle, y}, {end.x + (rightwards ? -10.0F : 10.0F), y}, bad, 2.6F);
  paint.disc(end, 12, s.kernel());
  paint.icon(end, 22, bad, icon::Cancel);
  if (s.at.gap.width() > paint.width(Type::SmallMono, knock.call) + 16) {
    paint.text(Type::SmallMono, {s.at.gap.mid_x(), from->sockets_area.y0 + 40}, bad, knock.call,
               AlignX::Middle);
  }
  s.ui.note("stage/knock", knock.call, {end.x - 12, y - 12, end.x + 12, y + 12});
}

}  // namespace loopscope::app::stage
