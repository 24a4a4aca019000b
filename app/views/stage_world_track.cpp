#include <algorithm>
#include <cmath>

#include "app/views/stage_world_draw.hpp"

/// The cable, the cards at its ends, and the ways that have been used.
namespace loopscope::app::stage {
namespace {

constexpr float bed_width = 22, gate_half = 18;

/// The doors that the cable's bed reaches: those of this step's packets, else the one nearest to eth0.
std::vector<std::size_t> cable_doors(const Scene& s) {
  std::vector<std::size_t> doors;
  for (const CableEnd& end : s.model.cable) {
    if (s.at.find_door(end.door) != nullptr && std::find(doors.begin(), doors.end(), end.door) == doors.end())
      doors.push_back(end.door);
  }
  if (doors.empty() && !s.at.doors.empty())
    doors.push_back(s.at.eth0_right ? s.at.doors.back().door : s.at.doors.front().door);
  return doors;
}

void draw_bed(const Scene& s, std::size_t door) {
  const float x = s.at.find_door(door)->area.mid_x();
  const Lane lane({{x, s.at.wall.y1}, {x, s.at.cable_y}, {s.at.cable_x(), s.at.cable_y}}, 12);
  s.paint().polyline(lane.piece(0, lane.length()), s.bed(), bed_width);
  for (const float offset : {-5.0F, 5.0F}) {
    const float side = s.at.eth0_right ? -offset : offset;
    const Lane one({{x + side, s.at.wall.y1},
                    {x + side, s.at.cable_y + offset},
                    {s.at.cable_x(), s.at.cable_y + offset}},
                   10);
    s.paint().polyline(one.piece(0, one.length()), mix(s.bed(), s.palette().strong_border, 0.7F), 1.8F);
  }
}

void draw_piece(const WorldScene& s, const FrameWay& way, float from, float to, Mood mood) {
  if (to - from < 1) return;
  const Colour tone = s.boxes.back().tone(mood);
  const std::vector<Point> points = way.lane().piece(from, to);
  s.paint().polyline(points, faded(tone, 0.22F), 8);
  s.paint().polyline(points, tone, 2.8F);
}

bool lit_at(const WorldScene& s, std::size_t machine) {
  const auto ends_here = [&](const Frame& frame) {
    return (frame.from == std::optional(machine) && frame.leg != Leg::OutGate) ||
           (frame.to == std::optional(machine) && (frame.leg == Leg::Arriving || frame.leg == Leg::InGate));
  };
  const auto& frames = s.world.frames;
  return s.world.machines[machine].eth0_used || std::any_of(frames.begin(), frames.end(), ends_here);
}

void draw_card(const WorldScene& world, const FullPlace& place) {
  const Scene& s = world.boxes.back();
  const Palette& p = world.palette();
  const Painter& paint = world.paint();
  const Machine& machine = world.world.machines[place.machine];
  const bool lit = lit_at(world, place.machine);
  const Rect& card = place.at.eth0;
  paint.fill(card, mix(p.panel, p.card, 0.5F), radius::button);
  paint.stroke(card, lit ? p.accent : mix(s.bed(), p.strong_border, 0.8F), radius::button, lit ? 2.0F : 1.5F);
  const Colour ink = lit ? p.text : p.faint;
  paint.icon({card.x0 + 17, card.mid_y()}, 16, lit ? p.accent : p.faint, icon::Ethernet);
  paint.text(Type::SmallMono, {card.x0 + 30, card.mid_y()}, ink, "eth0");
  const std::string id = "stage/" + machine.host + "/eth0";
  const Hit hit = world.ui.hit(card, {.id = id, .label = "eth0", .kind = Kind::Mark, .on = lit});
  if (hit.focused) world.ui.focus_ring(card, radius::button);
  if (!hit.hovered && !hit.focused) return;
  std::string tip = "eth0 of " + machine.title;
  for (const IpAddress& ip : machine.addresses) tip += "\n" + to_string(ip);
  tip += "\n" + std::to_string(machine.model.packets_by_cable) + " frames in this step, in and out";
  world.ui.tooltip(tip);
}

/// Posts and a lintel over one leg; the firewall's shield where the machine has rules, its bar where one has
/// just stopped a frame.
void draw_gate(const Scene& s, float x, bool lit, bool closed) {
  const Painter& paint = s.paint();
  const Colour colour = closed ? s.tone(Mood::Bad) : lit ? s.palette().accent : s.palette().strong_border;
  const float y = s.at.gate_y;
  for (const float sign : {-1.0F, 1.0F})
    paint.fill({x + sign * gate_half - 3, y - 11, x + sign * gate_half + 3, y + 11}, colour, 3);
  paint.line({x - gate_half, y - 9}, {x + gate_half, y - 9}, colour, 2);
  if (closed) {
    const Rect bar{x - gate_half + 3, y - 5, x + gate_half - 3, y + 5};
    paint.fill(bar, mix(s.kernel(), s.tone(Mood::Bad), 0.35F), 2);
    const Painter::Clip clip(paint, bar);
    paint.hatch(bar, s.tone(Mood::Bad), 8, 2.4F);
  }
  const bool input = s.model.firewall.guards(trace::Hook::Input);
  const bool output = s.model.firewall.guards(trace::Hook::Output);
  if (!input && !output) return;
  paint.disc({x, y - 10}, 8, s.kernel());
  paint.icon({x, y - 10}, 15, s.palette().accent, icon::Shield);
  const std::string_view words = input && output ? "in, out" : input ? "input" : "output";
  const float wide = paint.width(Type::Caption, words);
  const bool left = x - gate_half - 8 - wide > s.at.box.x0 + 6;
  paint.text(Type::Caption, {left ? x - gate_half - 8 : x + gate_half + 8, y}, s.palette().muted, words,
             left ? AlignX::Right : AlignX::Left);
}

void draw_gates_of(const WorldScene& world, const FullPlace& place, const Scene& s) {
  const Machine& machine = world.world.machines[place.machine];
  std::vector<std::size_t> doors = cable_doors(s);
  if (machine.lo_used && machine.model.way) {
    for (const std::size_t door : {machine.model.way->first, machine.model.way->second}) {
      if (s.at.find_door(door) != nullptr && std::find(doors.begin(), doors.end(), door) == doors.end())
        doors.push_back(door);
    }
  }
  for (const std::size_t door : doors) {
    const bool closed =
        std::any_of(world.world.frames.begin(), world.world.frames.end(),
                    [&](const Frame& frame) {
                      const bool out =
                          frame.leg == Leg::OutGate && frame.from == std::optional(place.machine);
                      const bool in = frame.leg == Leg::InGate && frame.to == std::optional(place.machine);
                      return frame.packet.dropped &&
                             ((out && frame.from_door == door) || (in && frame.to_door == door));
                    }) ||
        std::any_of(s.model.packets.begin(), s.model.packets.end(), [&](const PacketView& packet) {
          const bool input = packet.end == Stop::InputGate;
          return packet.dropped && !packet.held && door == (input ? packet.to : packet.from);
        });
    const bool used = std::any_of(s.model.cable.begin(), s.model.cable.end(),
                                  [&](const CableEnd& end) { return end.door == door; });
    draw_gate(s, s.at.find_door(door)->area.mid_x(), used || machine.lo_used, closed);
  }
}

}  // namespace

void draw_cable(const WorldScene& world) {
  if (world.at.folded) return;
  const Scene& s = world.boxes.back();
  const Painter& paint = world.paint();
  const Palette& p = world.palette();
  const Colour cable = mix(s.bed(), p.strong_border, 0.55F);
  const float y = world.at.cable_y;
  const float from = world.at.full.front().at.cable_x();
  const float to = world.at.full.back().at.cable_x();
  paint.line({from, y}, {to, y}, cable, 14);
  if (!world.at.small.empty()) {
    const float x = world.at.cable_middle;
    paint.line({x, y}, {x, world.at.bus_y}, cable, 8);
    float left = x, right = x;
    for (const SmallPlace& one : world.at.small) {
      left = std::min(left, one.area.mid_x());
      right = std::max(right, one.area.mid_x());
      paint.line({one.area.mid_x(), world.at.bus_y}, {one.area.mid_x(), one.area.y0}, cable, 5);
    }
    paint.line({left - 2, world.at.bus_y}, {right + 2, world.at.bus_y}, cable, 8);
  }
  const auto& frames = world.world.frames;
  const bool covered = std::any_of(frames.begin(), frames.end(), [](const Frame& one) {
    return one.leg != Leg::OutGate && one.leg != Leg::InGate;
  });
  if (!covered)
    paint.caps({world.at.cable_middle, y - 22}, p.faint, world.at.small.empty() ? "cable" : "network",
               AlignX::Middle);
  world.ui.note("stage/cable", world.at.small.empty() ? "cable" : "network", {from, y - 7, to, y + 7},
                !world.world.frames.empty() || !world.world.lit.empty());
}

void draw_beds(const Scene& box) {
  for (const std::size_t door : cable_doors(box)) draw_bed(box, door);
}

void draw_lit_ways(const WorldScene& world) {
  if (world.at.folded) return;
  for (const LitWay& one : world.world.lit) {
    const FrameWay way = way_of(world.at, one.way);
    if (one.left) draw_piece(world, way, 0, way.middle(), one.way.packet.mood);
    if (one.arrived)
      draw_piece(world, way, way.middle(), one.stopped ? way.in_gate : way.length, one.way.packet.mood);
  }
  for (const Frame& frame : world.world.frames) {
    const FrameWay way = way_of(world.at, frame);
    const float d = distance_of(way, frame);
    const bool second = frame.leg == Leg::Arriving || frame.leg == Leg::InGate;
    draw_piece(world, way, second ? way.middle() : 0, d, frame.packet.mood);
  }
}

void draw_eth0(const WorldScene& world) {
  if (world.at.folded) return;
  for (const FullPlace& place : world.at.full) draw_card(world, place);
}

void draw_gates(const WorldScene& world) {
  if (world.at.folded) return;
  for (std::size_t i = 0; i < world.boxes.size(); ++i) draw_gates_of(world, world.at.full[i], world.boxes[i]);
}

}  // namespace loopscope::app::stage
