#include <cmath>
#include <numbers>

#include "app/views/stage_draw.hpp"

namespace loopscope::app::stage {
namespace {

constexpr float lane_offset = 7;
constexpr float gate_stop = 36;  // a packet stops so far below the gate's middle

/// The fork to the network card: dark, and without a cable where there is no other machine.
void draw_fork(const Scene& s) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Layout& at = s.at;
  const bool plugged = !s.model.neighbours.empty();
  const bool held = !s.model.packets_elsewhere.empty();
  const bool lit = plugged && (held || s.model.packets_by_cable > 0);
  const Colour dead =
      lit ? s.tone(held ? Mood::Waiting : Mood::Info) : mix(s.bed(), p.strong_border, plugged ? 0.8F : 0.55F);
  const float r = at.radius;
  std::vector<Point> way{{at.left_x, at.bed_y - r}};
  for (int i = 0; i <= 12; ++i) {
    const float angle = std::numbers::pi_v<float> / 2 * static_cast<float>(i) / 12;
    way.push_back({at.left_x - r + std::cos(angle) * r, at.bed_y - r + std::sin(angle) * r});
  }
  way.push_back({at.eth0.x1 - 10, at.bed_y});
  paint.polyline(way, mix(s.bed(), s.kernel(), 0.4F), 22);
  paint.polyline(way, dead, lit ? 3.0F : 2.0F);
  const float half = at.folded ? 12.0F : 17.0F;
  const Rect card{at.eth0.x0, at.bed_y - half, at.eth0.x1, at.bed_y + half};
  paint.fill(card, mix(p.panel, p.card, 0.5F), radius::button);
  paint.stroke(card, mix(s.bed(), p.strong_border, 0.8F), radius::button, 1.5F);
  paint.icon({card.x0 + 17, at.bed_y}, 16, plugged ? p.muted : p.faint, icon::Ethernet);
  paint.text(Type::SmallMono, {card.x0 + 30, at.bed_y}, plugged ? p.muted : p.faint, "eth0");
  if (at.box.x0 - at.area.x0 < 80) return;
  const Point plug{plugged ? card.x0 - 12 : at.box.x0 - 62, at.bed_y};
  paint.fill({plug.x - 12, plug.y - 8, plug.x + 6, plug.y + 8}, dead, 3);
  for (const float pin : {-4.0F, 4.0F})
    paint.line({plug.x + 6, plug.y + pin}, {plug.x + 12, plug.y + pin}, dead, 2);
  paint.curve({plug.x - 12, plug.y}, {plug.x - 26, plug.y}, {at.area.x0 + 14, plug.y - 4},
              {at.area.x0 + 1, plug.y + half + 5}, dead, 4);
  if (at.folded) return;
  const std::string words = plugged ? "to " + s.model.neighbours : "no cable";
  paint.text_fit(Type::Caption, {at.area.x0 + 40, at.bed_y - 34}, plugged ? p.muted : p.faint, words, 78,
                 AlignX::Middle);
}

struct Lanes {
  Lane out, back, middle;
};
Lanes lanes_of(const Layout& at) {
  return {lane_of(at, false), lane_of(at, true),
          Lane(at.left_x, at.right_x, at.wall.y1, at.bed_y, at.radius, 0)};
}

/// How far a lane is lit: up to the packet that is on it, or all of it where one has passed in this step.
std::pair<float, float> lit_part(const Scene& s, const Lane& lane, bool reply) {
  for (const PacketView& packet : s.model.packets) {
    if (packet.reply != reply) continue;
    const float d = distance_of(s.at, lane, packet);
    return reply ? std::pair{d, lane.length()} : std::pair{0.0F, d};
  }
  const bool lit = reply ? s.model.back_lane_lit : s.model.out_lane_lit;
  return lit ? std::pair{0.0F, lane.length()} : std::pair{0.0F, 0.0F};
}

void draw_lane(const Scene& s, const Lane& lane, bool reply) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  paint.polyline(lane.piece(0, lane.length()), mix(s.bed(), p.strong_border, reply ? 0.6F : 0.8F), 2);
  const auto [from, to] = lit_part(s, lane, reply);
  if (to - from < 1) return;
  Mood mood = reply ? s.model.back_mood : s.model.out_mood;
  for (const PacketView& packet : s.model.packets) {
    if (packet.reply == reply) mood = packet.mood;
  }
  const std::vector<Point> lit = lane.piece(from, to);
  paint.polyline(lit, faded(s.tone(mood), 0.22F), 9);
  paint.polyline(lit, s.tone(mood), reply ? 2.6F : 3.2F);
}

void draw_chevron(const Scene& s, const Lane& lane, float distance, bool reply, bool lit) {
  const Point u = lane.direction(distance) * (reply ? -1.0F : 1.0F);
  const Point n{-u.y, u.x};
  const Point q = lane.at(distance);
  const Colour colour =
      lit ? s.tone(reply ? s.model.back_mood : s.model.out_mood) : s.palette().strong_border;
  s.paint().polyline({q - u * 4 + n * 4.5F, q + u * 1.5F, q - u * 4 - n * 4.5F}, colour, 2);
}

void draw_chevrons(const Scene& s, const Lanes& lanes) {
  const float leg = s.at.gate_y - s.at.wall.y1 + 30;
  for (const bool reply : {false, true}) {
    const Lane& lane = reply ? lanes.back : lanes.out;
    const auto [from, to] = lit_part(s, lane, reply);
    for (const float d : {leg, lane.length() - leg}) draw_chevron(s, lane, d, reply, d >= from && d < to);
  }
}

/// Two posts and a lintel across both lanes.
void draw_gate(const Scene& s, float x, bool left) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const float y = s.at.gate_y;
  constexpr float half = 26;
  bool outer_lit = false, inner_lit = false;
  for (const bool reply : {false, true}) {
    const Lane lane = lane_of(s.at, reply);
    const auto [from, to] = lit_part(s, lane, reply);
    const float d = y - s.at.wall.y1;
    const float here = left ? d : lane.length() - d;
    if (here >= from && here < to) (reply ? inner_lit : outer_lit) = true;
  }
  const Colour colour = outer_lit || inner_lit ? s.palette().accent : p.strong_border;
  for (const float sign : {-1.0F, 1.0F}) {
    paint.fill({x + sign * half - 4, y - 14, x + sign * half + 4, y + 14}, colour, 3);
  }
  paint.line({x - half, y - 12}, {x + half, y - 12}, colour, 2);
  // a packet that stands in the gate would cover half of its words
  for (const PacketView& packet : s.model.packets) {
    const Lane lane = lane_of(s.at, packet.reply);
    const Point at = lane.at(distance_of(s.at, lane, packet));
    if (std::abs(at.y - y) < 30 && std::abs(at.x - x) < half + 12) return;
  }
  // the outer lane goes down on the left (output) and up on the right (input); the inner one the other way
  const std::string_view outer = left ? "output" : "input";
  const std::string_view inner = left ? "input" : "output";
  const AlignX outside_align = left ? AlignX::Right : AlignX::Left;
  const AlignX inside_align = left ? AlignX::Left : AlignX::Right;
  const float sign = left ? -1.0F : 1.0F;
  paint.text(Type::SmallBold, {x + sign * (half + 12), y}, outer_lit ? p.text : p.muted, outer,
             outside_align);
  if (s.at.right_x - s.at.left_x < 440) return;
  paint.text(inner_lit ? Type::SmallBold : Type::Small, {x - sign * (half + 12), y},
             inner_lit ? p.text : p.muted, inner, inside_align);
}

/// lo: where the way turns round.
void draw_plate(const Scene& s, const Lanes& lanes) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Rect& plate = s.at.plate;
  const bool lit = s.model.out_lane_lit || s.model.back_lane_lit || !s.model.packets.empty();
  paint.fill(plate, mix(p.card, p.accent, p.dark ? 0.06F : 0.03F), 12);
  paint.stroke(plate, lit ? faded(p.accent, 0.75F) : p.strong_border, 12, 1.6F);
  if (s.at.loop) {
    const Painter::Clip clip(paint, plate.inset(1));
    paint.polyline(lanes.middle.piece(0, lanes.middle.length()), s.bed(), 34);
    draw_lane(s, lanes.out, false);
    draw_lane(s, lanes.back, true);
  }
  const Rect name = plate.width() > 110 ? Rect{plate.x0 + 12, s.at.bed_y - 14, plate.x0 + 60, s.at.bed_y + 14}
                                        : Rect::around({plate.mid_x(), s.at.bed_y}, 44, 28);
  paint.fill(name, lit ? p.accent : p.raised, radius::button);
  if (!lit) paint.stroke(name, p.strong_border, radius::button);
  paint.text(Type::DoorNumber, {name.mid_x(), s.at.bed_y}, lit ? p.on_accent : p.text, "lo", AlignX::Middle);
  if (plate.width() < 240) return;
  const Rect net{plate.x1 - 108, s.at.bed_y - 13, plate.x1 - 12, s.at.bed_y + 13};
  paint.fill(net, p.raised, radius::button);
  paint.text(Type::SmallMono, net.centre(), p.muted, "127.0.0.1/8", AlignX::Middle);
}

void draw_folded(const Scene& s) {
  const Painter& paint = s.paint();
  const Painter::Dim dim(paint, 0.45F, s.kernel());
  draw_fork(s);
  const Lanes lanes = lanes_of(s.at);
  paint.polyline(lanes.middle.piece(0, lanes.middle.length()), s.bed(), 26);
  draw_lane(s, lanes.out, false);
  draw_lane(s, lanes.back, true);
  const Rect note = Rect::around({(s.at.left_x + s.at.right_x) / 2, s.at.bed_y}, 168, 30);
  paint.fill(note, s.kernel(), 8);
  paint.stroke(note, s.palette().strong_border, 8);
  paint.text(Type::Small, note.centre(), s.palette().text, "no packet involved", AlignX::Middle);
}

}  // namespace

Lane lane_of(const Layout& at, bool reply) {
  const float offset = at.folded || at.boxed ? 5.0F : lane_offset;
  return {at.left_x, at.right_x, at.wall.y1, at.bed_y, at.radius, reply ? -offset : offset};
}

float distance_of(const Layout& at, const Lane& lane, bool reply, Stop stop) {
  const float gate = at.gate_y - at.wall.y1 + (at.boxed ? 23 : gate_stop);
  float d = 0;
  if (stop == Stop::OutputGate) d = gate;
  if (stop == Stop::InputGate) d = lane.length() - gate;
  if (stop == Stop::FarDoor) d = lane.length();
  return reply ? lane.length() - d : d;
}

float distance_of(const Layout& at, const Lane& lane, const PacketView& packet) {
  const float from = distance_of(at, lane, packet.reply, packet.start);
  const float to = distance_of(at, lane, packet.reply, packet.end);
  const float smooth = packet.share * packet.share * (3 - 2 * packet.share);
  return from + (to - from) * smooth;
}

void draw_loop(const Scene& s) {
  const Lanes lanes = lanes_of(s.at);
  if (!s.at.loop) return draw_plate(s, lanes);
  s.paint().polyline(lanes.middle.piece(0, lanes.middle.length()), s.bed(), s.at.boxed ? 28.0F : 34.0F);
  draw_lane(s, lanes.out, false);
  draw_lane(s, lanes.back, true);
  draw_plate(s, lanes);
}

void draw_track(const Scene& s) {
  if (s.at.folded) {
    if (s.at.box.y1 - s.at.wall.y1 > 40) draw_folded(s);
    return;
  }
  draw_fork(s);
  const Lanes lanes = lanes_of(s.at);
  s.paint().polyline(lanes.middle.piece(0, lanes.middle.length()), s.bed(), 34);
  draw_lane(s, lanes.out, false);
  draw_lane(s, lanes.back, true);
  draw_chevrons(s, lanes);
  draw_gate(s, s.at.left_x, true);
  draw_gate(s, s.at.right_x, false);
  draw_plate(s, lanes);
}

}  // namespace loopscope::app::stage
