#include <algorithm>
#include <cmath>

#include "app/notation/times.hpp"
#include "app/views/sequence_draw.hpp"

namespace loopscope::app::sequence {
namespace {

constexpr float bar_from = 44;     // a call wider than this is a bar
constexpr float arrow_slant = 13;  // points to each side: only the moment on lo is known

class Marks {
 public:
  Marks(const Drawing& d, Nanoseconds from, Nanoseconds to, bool react)
      : d_(d), from_(from), to_(to), react_(react) {}

  void draw() {
    for (std::size_t i = 0; i < d_.model.lanes.size(); ++i) {
      if (!shows(i)) continue;
      const Lane& lane = d_.model.lanes[i];
      for_visible(lane.states, [&](const StateBar& bar) { state(i, bar); });
      for_visible(lane.holds, [&](const HoldBar& bar) { hold(i, bar); });
      call_bars(i, lane);
      stopped(i, lane);
    }
    draw_breaks(d_);
    for (const Words& words : words_) {
      d_.ui.paint().text_fit(Type::Chip, {words.x, words.y}, words.colour, words.text, words.room);
    }
    arrows();
    for (std::size_t i = 0; i < d_.model.lanes.size(); ++i) {
      if (!shows(i)) continue;
      diamonds(i, d_.model.lanes[i]);
      queues(i, d_.model.lanes[i]);
      ended(i, d_.model.lanes[i]);
    }
  }

 private:
  struct Words {
    float x, y, room;
    Colour colour;
    std::string text;
  };

  [[nodiscard]] bool shows(std::size_t lane) const {
    return d_.y(lane) > d_.body.y0 - 20 && d_.y(lane) < d_.body.y1 + 20;
  }
  static Nanoseconds end_of(const std::optional<Nanoseconds>& to, Nanoseconds now) {
    return to ? std::min(*to, now) : now;
  }
  [[nodiscard]] Nanoseconds until() const { return to_; }

  /// Bars of one lane are in the order of time and do not overlap: the first visible one is found by
  /// bisection.
  template <typename Bar, typename Do>
  void for_visible(const std::vector<Bar>& bars, Do&& each) const {
    const Nanoseconds left = d_.frame.moment_at(d_.lanes.x0);
    auto it = std::upper_bound(bars.begin(), bars.end(), left,
                               [](Nanoseconds time, const Bar& bar) { return time < bar.from; });
    if (it != bars.begin()) --it;
    for (; it != bars.end() && it->from <= to_; ++it) {
      if (d_.frame.x(it->from) > d_.lanes.x1) break;
      each(*it);
    }
  }

  void bar(std::size_t lane, float x0, float x1, Mood mood, bool hatched, const std::string& label) {
    const Painter& paint = d_.ui.paint();
    const Palette& p = d_.ui.palette();
    const Colour colour = d_.tone(mood);
    const float half = d_.bar_height() / 2;
    const float y = d_.y(lane);
    const Rect area{x0, y - half, std::max(x1, x0 + 3), y + half};
    paint.fill(area, mix(p.panel, colour, p.dark ? 0.22F : 0.13F), 5);
    if (hatched) {
      const Painter::Clip clip(paint, area);
      paint.hatch(area, faded(colour, 0.20F));
    }
    paint.stroke(area, faded(colour, 0.65F), 5);
    // the label stands where the bar can be seen, and over the breaks
    const float left = std::max(area.x0, d_.lanes.x0) + 9;
    const float right = std::min(area.x1, d_.lanes.x1) - 6;
    const float wide = paint.width(Type::Chip, label);
    const bool first_word = wide > right - left && label.find(' ') != std::string::npos;
    const std::string shown = first_word ? label.substr(0, label.find(' ')) : label;
    if (paint.width(Type::Chip, shown) <= right - left) {
      words_.push_back({left, y, right - left, mood == Mood::Neutral ? p.text : colour, shown});
    }
    labels_.take(lane, area.x0, area.x1);
  }

  void state(std::size_t lane, const StateBar& one) {
    const Nanoseconds end = end_of(one.to, to_);
    if (end < from_) return;
    const bool current = one.from <= d_.now.moment && (!one.to || *one.to > d_.now.moment);
    const bool masked = d_.mask.state && d_.model.lanes[lane].process == d_.mask.process && current;
    const float x0 = d_.frame.x(one.from);
    const float x1 = d_.frame.x(end);
    if (!d_.visible(x0, x1)) return;
    bar(lane, x0, x1, masked ? Mood::Neutral : one.mood, false, masked ? "?" : one.label);
    react(lane, x0, x1, "socket:" + std::to_string(one.cookie), masked ? "?" : one.label,
          masked || one.cause.empty() ? "" : "\nsince: " + one.cause + " (derived)");
    if (!masked && !one.cause.empty() && x1 - x0 > 16 && x0 >= d_.lanes.x0)
      draw_provenance(d_.ui, {x0, d_.y(lane)}, Provenance::Derived);
  }

  void hold(std::size_t lane, const HoldBar& one) {
    const Nanoseconds end = end_of(one.to, to_);
    if (end < from_) return;
    const float x0 = d_.frame.x(one.from);
    const float x1 = d_.frame.x(end);
    if (!d_.visible(x0, x1)) return;
    bar(lane, x0, x1, Mood::Info, true, one.label);
    react(lane, x0, x1, "packet:" + std::to_string(one.index), one.label,
          one.swallowed > 0 ? "\nsent again " + std::to_string(one.swallowed) + "\xc3\x97 meanwhile" : "");
    if (one.sender) arrow(*one.sender, lane, x0 - arrow_slant, x0, Mood::Info);
    if (!one.dropped || !one.to || *one.to > to_) return;
    const Painter& paint = d_.ui.paint();
    paint.disc({x1, d_.y(lane)}, 9, d_.ui.palette().panel);
    paint.icon({x1, d_.y(lane)}, 18, d_.ui.tone(Tone::Bad), icon::Cancel);
  }

  [[nodiscard]] bool is_bar(const CallMark& call) const {
    if (!call.to || *call.to > to_) return true;
    return d_.frame.x(*call.to) - d_.frame.x(call.from) > bar_from;
  }

  void call_bars(std::size_t lane, const Lane& of) {
    for_visible(of.calls, [&](const CallMark& call) {
      if (!is_bar(call)) return;
      const float x0 = d_.frame.x(call.from);
      const float x1 = d_.frame.x(end_of(call.to, to_));
      if (!d_.visible(x0, x1)) return;
      bar(lane, x0, x1, Mood::Waiting, true, call.name + "()  blocked");
      react(lane, x0, x1, "call:" + std::to_string(call.id), call.name + "()");
    });
  }

  /// What the process waits before: known for the playhead's moment only.
  void stopped(std::size_t lane, const Lane& of) {
    if (of.kind != LaneKind::Process || !react_) return;
    const auto process = std::find_if(d_.at_moment.processes.begin(), d_.at_moment.processes.end(),
                                      [&](const stage::ProcessView& one) { return one.name == of.process; });
    if (process == d_.at_moment.processes.end() || process->doing != stage::Doing::Stopped) return;
    Nanoseconds since{};
    for (auto it = of.calls.rbegin(); it != of.calls.rend(); ++it) {
      if (it->to && *it->to <= d_.now.moment) {
        since = *it->to;
        break;
      }
    }
    if (since.count() == 0) return;
    const float wide = of.calls.empty() ? 0 : d_.ui.paint().width(Type::Chip, of.calls.back().name) + 22;
    const float x0 = d_.frame.x(since) + wide;
    const float x1 = d_.frame.x(d_.now.moment);
    if (x1 - x0 > 24 && d_.visible(x0, x1)) bar(lane, x0, x1, Mood::Neutral, false, process->words);
  }

  void ended(std::size_t lane, const Lane& of) {
    if (!of.ended || *of.ended > to_ || *of.ended < from_) return;
    const float x = d_.frame.x(*of.ended);
    if (!d_.visible(x, x)) return;
    d_.ui.paint().disc({x, d_.y(lane)}, 8, d_.ground(lane));
    d_.ui.paint().icon({x, d_.y(lane)}, 16, d_.ui.tone(Tone::Bad), icon::Power);
  }

  void diamonds(std::size_t lane, const Lane& of) {
    const Painter& paint = d_.ui.paint();
    float last = -1e9F;
    const Nanoseconds left = d_.frame.moment_at(d_.lanes.x0 - 80);
    auto it = std::lower_bound(of.calls.begin(), of.calls.end(), left,
                               [](const CallMark& call, Nanoseconds time) { return call.from < time; });
    if (it != of.calls.begin()) --it;
    for (; it != of.calls.end() && it->from <= to_; ++it) {
      const bool wide = is_bar(*it);
      if (wide && (!it->to || *it->to > to_)) continue;
      const Nanoseconds at = wide ? *it->to : it->from;
      if (at < from_) continue;
      const float x = d_.frame.x(at);
      if (x > d_.lanes.x1 + 6) break;
      if (x - last < 1.5F) continue;  // thousands: what would lie on the one before is not drawn
      last = x;
      const Colour colour = it->failed ? d_.ui.tone(Tone::Bad)
                            : wide     ? d_.ui.tone(Tone::Good)
                                       : d_.ui.tone(Tone::Call);
      std::string label = wide ? it->result : it->failed ? it->name + "  " + it->result : it->name;
      float wide_label = paint.width(Type::Chip, label);
      const float next = next_mark(of, it);
      const float playhead = d_.frame.x(d_.now.moment);
      float from = x + 10;
      bool room = from + wide_label + 4 < next && !(x <= playhead + 1 && from + wide_label > playhead - 4);
      if (!room) {
        from = x - 10 - wide_label;
        room = from > d_.lanes.x0 && labels_.is_free(lane, from - 4, x - 7);
      }
      if (!room && x <= playhead + 1 && playhead - x < (it->failed ? 140 : 40)) {
        // the newest one, behind the playhead
        if (it->failed && playhead + 8 + wide_label > d_.lanes.x1 + 8) {
          label = it->result;
          wide_label = paint.width(Type::Chip, label);
        }
        from = playhead + 8;
        room = from + wide_label < d_.lanes.x1 + 8;
      }
      room = room && labels_.take(lane, from - 2, from + wide_label + 4);
      if (room)
        paint.fill({std::min(from - 3, x - 6), d_.y(lane) - 8, std::max(x + 6, from + wide_label + 4),
                    d_.y(lane) + 8},
                   d_.ground(lane), 4);
      draw_diamond(paint, {x, d_.y(lane)}, colour);
      if (room) paint.text(Type::Chip, {from, d_.y(lane)}, colour, label);
      const float label_end = x + 8;
      react(lane, x - 8, label_end, "call:" + std::to_string(it->id),
            it->name + "() " + it->result +
                (it->to ? ", took " + notation::short_time(*it->to - it->from) : std::string()));
    }
  }

  /// Where the next call of the lane begins.
  [[nodiscard]] float next_mark(const Lane& of, std::vector<CallMark>::const_iterator it) const {
    const auto next = std::next(it);
    if (next == of.calls.end() || next->from > to_) return 1e9F;
    return d_.frame.x(next->from) - 6;
  }

  void queues(std::size_t lane, const Lane& of) {
    if (d_.mask.process == of.process && (d_.mask.bytes || d_.mask.state)) return;
    float last = -1e9F;
    for (const QueueMark& mark : of.queues) {
      if (mark.at < from_ || mark.at > to_ || !mark.filled) continue;
      float x = d_.frame.x(mark.at) + 4;
      const Chip chip{.label = mark.label, .icon = icon::Inbox, .tone = Tone::Good, .solid = true};
      const float wide = chip_width(d_.ui, chip);
      const float playhead = d_.frame.x(d_.now.moment);
      if (x < playhead && x + wide > playhead - 4) x = playhead - 6 - wide;
      if (!d_.visible(x, x + wide) || x < last + 4) continue;
      draw_chip(d_.ui, {x, d_.y(lane)}, chip);
      last = x + wide;
    }
  }

  void arrow(std::size_t from, std::size_t to, float x0, float x1, Mood mood) {
    const float sign = to > from ? 1.0F : -1.0F;
    const float half = d_.bar_height() / 2;
    const Point tail{x0, d_.y(from) + sign * (d_.model.lanes[from].carries() ? 3 : half)};
    const Point tip{x1, d_.y(to) - sign * half};
    const Point along = tip - tail;
    const float length = std::max(1.0F, std::hypot(along.x, along.y));
    d_.ui.paint().line(tail, tip - along * (6 / length), d_.tone(mood), 2.2F);
    d_.ui.paint().arrow_head(tip, along, d_.tone(mood), 9);
  }

  void arrows() {
    const Nanoseconds left = d_.frame.moment_at(d_.lanes.x0 - 40);
    auto it = std::lower_bound(d_.model.arrows.begin(), d_.model.arrows.end(), left,
                               [](const PacketArrow& one, Nanoseconds time) { return one.at < time; });
    while (it != d_.model.arrows.end() && it->at <= to_) {
      if (it->at < from_) {
        ++it;
        continue;
      }
      const float x = d_.frame.x(it->at);
      if (x > d_.lanes.x1 + 20) break;
      // what would lie on the first one is counted with it
      const PacketArrow& first = *it;
      std::size_t more = 0;
      while (++it != d_.model.arrows.end() && it->at <= to_ && it->via == first.via &&
             d_.frame.x(it->at) - x < 4)
        ++more;
      const bool last = it == d_.model.arrows.end() || it->at > to_;
      one_arrow(first, x, more, last ? 1e9F : d_.frame.x(it->at) - arrow_slant);
    }
  }

  /// From machine to machine: the half that leads to the receiver begins when it came in.
  void came_in(const PacketArrow& one, float x) {
    d_.ui.paint().disc({x, d_.y(one.via)}, 3, d_.tone(one.mood));
    if (!one.arrives || *one.arrives > to_) return;
    const float begin = d_.frame.x(*one.arrives);
    if (one.to) return arrow(one.via, *one.to, begin, begin + arrow_slant, one.mood);
    d_.ui.paint().icon({begin, d_.y(one.via)}, 16, d_.tone(one.mood), icon::Block);
  }

  /// `next`: where the following arrow begins.
  void one_arrow(const PacketArrow& one, float x, std::size_t more, float next) {
    const Painter& paint = d_.ui.paint();
    const std::size_t lo = one.via;
    if (one.from && !one.was_held) arrow_line(*one.from, lo, x - arrow_slant, x, one.mood);
    if (one.to && !one.by_cable) arrow(lo, *one.to, x, x + arrow_slant, one.mood);
    const std::string label = more == 0 ? one.label : one.label + " and " + std::to_string(more) + " more";
    std::string shown = label;
    float wide = paint.width(Type::Chip, shown);
    if (more > 0 && x + 9 + wide > next) {
      shown = one.label + " +" + std::to_string(more);
      wide = paint.width(Type::Chip, shown);
    }
    const float playhead = d_.frame.x(d_.now.moment);
    float at = x + 9;
    if (x <= playhead + 1 && at + wide > playhead - 4) {
      at = labels_.is_free(lo, x - 14 - wide, x - 6) || playhead - x > 30 ? x - 9 - wide : playhead + 8;
    }
    if (labels_.take(lo, at - 3, at + wide + 5)) {
      paint.fill({at - 3, d_.y(lo) - 9, at + wide + 5, d_.y(lo) + 9}, d_.ground(lo), 5);
      paint.text(Type::Chip, {at, d_.y(lo)}, d_.tone(one.mood), shown);
    }
    if (one.by_cable) {
      came_in(one, x);
    } else if (!one.to) {
      paint.icon({x, d_.y(lo)}, 16, d_.tone(one.mood), icon::Block);
    } else {
      paint.disc({x, d_.y(lo)}, 3, d_.tone(one.mood));
    }
    react(lo, x - 6, at + wide, "packet:" + std::to_string(one.index), label);
  }

  void arrow_line(std::size_t from, std::size_t to, float x0, float x1, Mood mood) {
    const float sign = to > from ? 1.0F : -1.0F;
    d_.ui.paint().line({x0, d_.y(from) + sign * d_.bar_height() / 2}, {x1, d_.y(to)}, d_.tone(mood), 2.2F);
  }

  /// A click selects the thing in all views; it never jumps.
  void react(std::size_t lane, float x0, float x1, const std::string& what, const std::string& label,
             const std::string& more = "") {
    if (!react_ || what == "socket:0") return;
    const float half = d_.bar_height() / 2;
    const Rect area = Rect{x0, d_.y(lane) - half, x1, d_.y(lane) + half}.intersected(d_.lanes);
    if (area.empty()) return;
    if (what == d_.now.selected) d_.ui.paint().stroke(area.inset(-2), d_.ui.palette().accent, 6, 2);
    const std::string id = "sequence/" + what + (what.starts_with("socket:") ? "/" + label : "");
    const Hit hit = d_.ui.hit(
        area,
        {.id = id, .label = label, .kind = Kind::Mark, .on = what == d_.now.selected, .focusable = false});
    d_.ui.tooltip(label + more);
    if (hit.pressed) d_.actions.push_back(action::Select{what == d_.now.selected ? "" : what});
  }

  const Drawing& d_;
  Nanoseconds from_, to_;
  bool react_;
  Labels labels_;
  std::vector<Words> words_;
};

}  // namespace

void draw_marks(const Drawing& d) {
  const float x = std::clamp(d.frame.x(d.now.moment), d.lanes.x0, d.lanes.x1 + 8);
  {
    const Painter::Clip clip(d.ui.paint(),
                             {d.lanes.x0, d.body.y0, d.now.at_end ? d.lanes.x1 + 8 : x, d.body.y1});
    Marks(d, Nanoseconds(0), d.now.moment, true).draw();
  }
  if (d.now.at_end || d.now.moment >= d.now.timeline->end()) return;
  // what has happened after the playhead is there, and steps back
  const Painter::Dim dim(d.ui.paint(), 0.6F, d.ui.palette().panel);
  const Painter::Clip clip(d.ui.paint(), {x, d.body.y0, d.lanes.x1 + 8, d.body.y1});
  Marks(d, d.now.moment, d.now.timeline->end(), false).draw();
}

}  // namespace loopscope::app::sequence
