#include "app/views/sequence_draw.hpp"

#include <algorithm>
#include <cmath>

#include "app/notation/times.hpp"
#include "app/views/stage_draw.hpp"

namespace loopscope::app::sequence {
namespace {

const char* icon_of(const Lane& lane) {
  if (lane.kind == LaneKind::Socket) return icon::Swap;
  if (lane.kind == LaneKind::Loopback) return icon::Reply;
  if (lane.kind == LaneKind::Network) return icon::Ethernet;
  return lane.contends ? icon::PanTool : lane.serves ? icon::Server : icon::Terminal;
}

void draw_break(const Drawing& d, float x) {
  const Painter& paint = d.ui.paint();
  const Palette& p = d.ui.palette();
  paint.fill({x - 3, d.body.y0, x + 3, d.body.y1}, p.panel);
  for (const float side : {-3.0F, 3.0F}) {
    paint.dashes({x + side, d.body.y0}, {x + side, d.body.y1}, faded(p.strong_border, 0.7F), 1, 2, 4);
  }
}

/// Lanes of one machine stand together: a line at their left, its name at the first of them, and a rule where
/// the next machine begins. Returns the width of the name.
float draw_host(const Drawing& d, std::size_t i) {
  const Lane& lane = d.model.lanes[i];
  const Painter& paint = d.ui.paint();
  const Palette& p = d.ui.palette();
  const float y = d.y(i);
  const float half = d.rows.height / 2;
  const bool first = i == 0 || d.model.lanes[i - 1].host != lane.host;
  if (first && i > 0) paint.line({d.body.x0, y - half}, {d.body.x1, y - half}, p.strong_border, 1.2F);
  if (lane.host.empty()) return 0;
  const bool here = lane.host == experiment::here;
  paint.fill({d.body.x0 + 2, y - half + 2, d.body.x0 + 5, y + half - 2}, here ? p.accent : p.muted, 1.5F);
  if (!first) return 0;
  const std::string& name = lane.host;
  const float wide = std::min(paint.width(Type::Caption, name), (d.lanes.x0 - d.body.x0 - 44) * 0.6F);
  paint.text_fit(Type::Caption, {d.lanes.x0 - 8 - wide, y}, p.muted, name, wide + 1);
  d.ui.note("sequence/host/" + lane.host, name, {d.body.x0, y - half, d.lanes.x0, y + half});
  return wide + 6;
}

}  // namespace

Colour Drawing::ground(std::size_t lane) const {
  const Palette& p = ui.palette();
  return lane % 2 == 0 ? mix(p.panel, p.raised, p.dark ? 0.45F : 0.6F) : p.panel;
}
Colour Drawing::tone(Mood mood) const {
  if (mood == Mood::Info) return ui.palette().accent;
  return ui.tone(stage::tone_of(mood));
}

bool Labels::is_free(std::size_t lane, float x0, float x1) const {
  if (lane >= taken_.size()) return true;
  return std::none_of(taken_[lane].begin(), taken_[lane].end(),
                      [&](const auto& one) { return x0 < one.second && x1 > one.first; });
}

bool Labels::take(std::size_t lane, float x0, float x1) {
  if (!is_free(lane, x0, x1)) return false;
  if (taken_.size() <= lane) taken_.resize(lane + 1);
  taken_[lane].push_back({x0, x1});
  return true;
}

void draw_diamond(const Painter& paint, Point c, Colour colour) {
  constexpr float r = 5.4F;
  paint.polygon({{c.x, c.y - r}, {c.x + r, c.y}, {c.x, c.y + r}, {c.x - r, c.y}}, colour);
}

void draw_rows(const Drawing& d) {
  const Painter& paint = d.ui.paint();
  const Palette& p = d.ui.palette();
  const Painter::Clip clip(paint, d.body);
  const float now_x = std::min(d.frame.x(d.now.moment), d.lanes.x1);
  for (std::size_t i = 0; i < d.model.lanes.size(); ++i) {
    const Lane& lane = d.model.lanes[i];
    const float y = d.y(i);
    const float half = d.rows.height / 2;
    if (y + half < d.body.y0 || y - half > d.body.y1) continue;
    paint.fill({d.body.x0, y - half, d.body.x1, y + half}, d.ground(i), 6);
    const bool program = lane.kind == LaneKind::Process;
    paint.icon({d.body.x0 + 20, y}, 16, program ? d.ui.tone(Tone::Call) : p.accent, icon_of(lane));
    const float host = draw_host(d, i);
    paint.text_fit(Type::Small, {d.body.x0 + 36, y}, p.text, lane.name, d.lanes.x0 - d.body.x0 - 44 - host);
    const float end = lane.ended ? std::min(now_x, d.frame.x(*lane.ended)) : now_x;
    if (end > d.lanes.x0) paint.line({d.lanes.x0, y}, {end, y}, faded(p.strong_border, 0.8F), 1.2F);
  }
}

void draw_ruler(const Drawing& d) {
  const Painter& paint = d.ui.paint();
  const Palette& p = d.ui.palette();
  const float y = d.lanes.y0 - 11;
  const float playhead = d.frame.x(d.now.moment);
  const auto shown = [&](float x) {
    return Nanoseconds(static_cast<std::int64_t>(std::max(0.0, d.frame.shown_at(x))));
  };
  const Nanoseconds from = shown(d.lanes.x0);
  const Nanoseconds to = std::min(shown(d.lanes.x1), d.model.axis.shown_end());
  const int count = std::max(2, static_cast<int>(d.lanes.width() / 70));
  const Painter::Clip clip(paint, {d.lanes.x0 - 30, d.lanes.y0 - 24, d.lanes.x1 + 8, d.body.y1});
  float last = d.lanes.x0 - 40;
  std::string before;
  std::vector<trace::Tick> ticks = d.model.axis.ticks(from, to, count);
  // the beginning of a stretch is named first; the steps in it where there is room left
  for (const bool first : {true, false}) {
    last = d.lanes.x0 - 40;
    for (const trace::Tick& tick : ticks) {
      const float x = d.frame.x_of_shown(static_cast<double>(tick.shown.count()));
      const float half = paint.width(Type::Caption, tick.label) / 2;
      if (tick.first != first) continue;
      paint.line({x, d.lanes.y0}, {x, d.body.y1}, p.grid);
      if (x - half < last + 10 || std::abs(x - playhead) < half + 44) continue;
      bool free = true;
      if (!first) {
        for (const trace::Tick& other : ticks) {
          if (!other.first) continue;
          const float ox = d.frame.x_of_shown(static_cast<double>(other.shown.count()));
          free = free && std::abs(ox - x) > half + paint.width(Type::Caption, other.label) / 2 + 10;
        }
      }
      if (!free || (first && tick.label == before)) continue;
      before = tick.label;
      paint.text(Type::Caption, {x, y}, first ? p.muted : p.faint, tick.label, AlignX::Middle);
      last = x + half;
    }
  }
}

void draw_breaks(const Drawing& d) {
  const Painter::Clip clip(d.ui.paint(), {d.lanes.x0, d.body.y0, d.lanes.x1, d.body.y1});
  for (const trace::Gap& gap : d.model.axis.gaps()) {
    const float x0 = d.frame.x_of_shown(static_cast<double>(gap.shown_from.count()));
    const float x1 = d.frame.x_of_shown(static_cast<double>((gap.shown_from + gap.shown_width).count()));
    if (d.visible(x0, x1) && x1 - x0 > 3) draw_break(d, (x0 + x1) / 2);
  }
  if (d.frame.tail()) draw_break(d, *d.frame.tail());
}

void draw_playhead(const Drawing& d) {
  const Painter& paint = d.ui.paint();
  const Palette& p = d.ui.palette();
  const float x = std::floor(d.frame.x(d.now.moment));
  if (x < d.lanes.x0 - 1 || x > d.lanes.x1 + 1) return;
  std::string label = trace::clock_words(d.now.moment);
  for (const stage::PacketView& packet : d.at_moment.packets) {
    if (packet.held) {
      label = "held " + notation::short_time(packet.held_for);
      break;
    }
  }
  if (!d.now.at_end && d.lanes.x1 - x > 70) {
    paint.text(Type::Caption, {(x + d.lanes.x1) / 2, d.body.y1 - 8}, p.faint, "later", AlignX::Middle);
  }
  paint.line({x, d.lanes.y0 - 4}, {x, d.body.y1 + 2}, p.accent, 2);
  const float half = paint.width(Type::Chip, label) / 2 + 10;
  const float middle = std::clamp(x, d.lanes.x0 + half - 20, d.lanes.x1 + 12 - half);
  paint.fill({middle - half, d.lanes.y0 - 22, middle + half, d.lanes.y0}, p.accent, 11);
  paint.text(Type::Chip, {middle, d.lanes.y0 - 11}, p.on_accent, label, AlignX::Middle);
  d.ui.note("sequence/playhead", label, {middle - half, d.lanes.y0 - 22, middle + half, d.lanes.y0});
}

}  // namespace loopscope::app::sequence
