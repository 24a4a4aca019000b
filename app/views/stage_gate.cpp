#include "app/views/stage_draw.hpp"

/// The firewall where packets pass it: a shield over each lane that has rules, the bar of a gate that has
/// just been closed to a packet, and the rule that did it.
namespace loopscope::app::stage {
namespace {

void draw_shield(const Scene& s, bool reply, trace::Hook hook) {
  const Lane lane = lane_of(s.at, reply);
  const Stop stop = hook == trace::Hook::Output ? Stop::OutputGate : Stop::InputGate;
  const Point on_lane = lane.at(distance_of(s.at, lane, reply, stop));
  const Point centre{on_lane.x, s.at.gate_y - 13};
  s.paint().disc(centre, 8, s.kernel());
  s.paint().icon(centre, 15, s.palette().accent, icon::Shield);
}

void draw_bar(const Scene& s, const PacketView& packet) {
  const Lane lane = lane_of(s.at, packet.reply);
  const Point at = lane.at(distance_of(s.at, lane, packet.reply, packet.end));
  const bool left = at.x < (s.at.left_x + s.at.right_x) / 2;
  const float x = left ? s.at.left_x : s.at.right_x;
  const Rect bar{x - 24, s.at.gate_y - 6, x + 24, s.at.gate_y + 6};
  s.paint().fill(bar, mix(s.kernel(), s.tone(Mood::Bad), 0.35F), 2);
  const Painter::Clip clip(s.paint(), bar);
  s.paint().hatch(bar, s.tone(Mood::Bad), 8, 2.4F);
}

}  // namespace

void draw_guards(const Scene& s) {
  if (s.at.folded) return;
  for (const PacketView& packet : s.model.packets) {
    if (packet.dropped && !packet.held && s.model.firewall.stopped) draw_bar(s, packet);
  }
  for (const trace::Hook hook : {trace::Hook::Output, trace::Hook::Input}) {
    if (!s.model.firewall.guards(hook)) continue;
    for (const bool reply : {false, true}) draw_shield(s, reply, hook);
  }
}

void draw_stopped(const Scene& s, float y) {
  const GateVerdict& stopped = *s.model.firewall.stopped;
  const Painter& paint = s.paint();
  const bool input = stopped.hook == trace::Hook::Input;
  const std::string count = stopped.count > 1 ? " \xc3\x97" + std::to_string(stopped.count) : "";
  const std::string words = stopped.packet + count + " " + words_of(stopped.judgement) +
                            (input ? " at input" : " at output") +
                            (s.model.firewall.stopped_by.empty() ? "" : " of " + s.model.firewall.stopped_by);
  const Chip chip{.label = words, .icon = icon::Shield, .tone = Tone::Bad, .solid = true};
  const float chip_wide = chip_width(s.ui, chip);
  const float room = s.at.free.width() - 16;
  const float rule_wide =
      std::min(paint.width(Type::Mono, stopped.rule), std::max(0.0F, room - chip_wide - 10));
  const bool fits = rule_wide > 60;
  float x = s.at.free.mid_x() - (chip_wide + (fits ? rule_wide + 10 : 0)) / 2;
  x += draw_chip(s.ui, {x, y}, chip) + 10;
  if (fits) paint.text_fit(Type::Mono, {x, y}, s.tone(Mood::Bad), stopped.rule, rule_wide + 1);
  s.ui.note("stage/stopped", words + ": " + stopped.rule, {s.at.free.x0, y - 11, s.at.free.x1, y + 11});
}

}  // namespace loopscope::app::stage
