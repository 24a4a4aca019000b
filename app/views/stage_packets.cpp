#include <algorithm>

#include "app/views/stage_draw.hpp"
#include "sim/trace/words.hpp"

namespace loopscope::app::stage {
namespace {

constexpr int delay_milliseconds = 1000;

std::string words_on(const PacketView& packet) {
  return packet.count > 1 ? packet.name + " \xc3\x97" + std::to_string(packet.count) : packet.name;
}

std::string tip_of(const PacketView& packet) {
  const trace::Packet& it = *packet.packet;
  std::string tip = packet.name + "\n" + trace::packet_end(it.source) + " \xe2\x86\x92 " +
                    trace::packet_end(it.destination);
  tip += "\n" + std::to_string(it.length) + " bytes, " + std::to_string(it.payload_length) + " of data";
  if (it.transport == trace::Transport::Tcp) {
    tip += "\nsequence " + std::to_string(it.sequence) + ", window " + std::to_string(it.window);
  }
  if (packet.held) tip += "\nheld for " + notation::short_time(packet.held_for);
  if (packet.dropped) tip += packet.rejected ? "\nrejected here: its sender was told" : "\ndropped here";
  return tip;
}

Point place_of(const Scene& s, const PacketView& packet) {
  if (!packet.where.empty()) return {s.at.eth0.x0 - 6, s.at.bed_y};
  const Lane lane = lane_of(s.at, packet.reply);
  const float d = distance_of(s.at, lane, packet);
  return lane.at(d);
}

void draw_pill_in_place(const Scene& s, const PacketView& packet) {
  Point c = place_of(s, packet);
  if (!s.at.boxed)
    c.x = std::max(c.x, s.at.area.x0 + s.paint().width(Type::SmallBold, words_on(packet)) / 2 + 34);
  draw_pill(s, packet, c);
}

}  // namespace

void draw_pill(const Scene& s, const PacketView& packet, Point c) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const std::string words = words_on(packet);
  const float half = paint.width(Type::SmallBold, words) / 2 + 20;
  const Rect pill{c.x - half, c.y - 15, c.x + half, c.y + 15};
  if (packet.held) {
    const Rect ring = pill.inset(-8);
    paint.fill(pill.inset(-12), faded(s.tone(Mood::Waiting), 0.13F), 27);
    paint.fill(ring, s.kernel(), 23);
    paint.stroke(ring, s.tone(Mood::Waiting), 23, 2.6F);
  }
  if (packet.count > 1) paint.fill(pill.moved(4, -4), mix(s.kernel(), s.tone(packet.mood), 0.5F), 15);
  paint.fill(pill, s.tone(packet.mood), 15);
  const Colour ink = packet.mood == Mood::Info ? p.on_accent : p.on_tone(tone_of(packet.mood));
  paint.icon({pill.x0 + 16, c.y}, 16, ink, packet.dropped ? icon::Close : icon::Mail);
  paint.text(Type::SmallBold, {pill.x0 + 29, c.y}, ink, words);
  const Hit hit = s.ui.hit(pill, {.id = "stage/packet/" + packet.name, .label = words, .kind = Kind::Mark});
  if (hit.hovered || hit.focused) s.ui.tooltip(tip_of(packet));
  if (hit.pressed) s.actions.push_back(action::Select{packet.selection});
  if (hit.focused) s.ui.focus_ring(pill, 15);
}

namespace {

const PacketView* held_packet(const Model& model) {
  const auto held = std::find_if(model.packets.begin(), model.packets.end(),
                                 [](const PacketView& one) { return one.held.has_value(); });
  if (held != model.packets.end()) return &*held;
  return model.packets_elsewhere.empty() ? nullptr : &model.packets_elsewhere.front();
}

std::string held_words(const Model& model, const PacketView& packet) {
  std::size_t all = 0;
  for (const PacketView& one : model.packets) all += one.held ? one.count : 0;
  all += model.packets_elsewhere.size();
  if (all > 1) return std::to_string(all) + " packets held, " + packet.name + " first";
  if (!packet.where.empty()) return packet.name + " held " + packet.where;
  return packet.name + " held at " + (packet.end == Stop::OutputGate ? "output" : "input");
}

/// Of the held packet's buttons; its words stand above them.
float buttons_top(const Rect& free) { return std::min(free.y0 + 28, free.y1 - 32); }

void draw_held_words(const Scene& s, const PacketView& packet) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Rect& free = s.at.free;
  const float middle = free.mid_x();
  const std::string words = held_words(s.model, packet);
  std::string time = packet.goes_in ? "goes by itself in " + notation::tenths(*packet.goes_in)
                                    : notation::short_time(packet.held_for);
  if (packet.retransmissions > 0) {
    time += packet.retransmissions == 1
                ? ", sent again once"
                : ", sent again " + std::to_string(packet.retransmissions) + "\xc3\x97";
  }
  const float with_time = 24 + paint.width(Type::SmallBold, words) + 10 + paint.width(Type::SmallMono, time);
  const bool timed = with_time <= free.width() + 40;
  const float total = timed ? with_time : std::min(free.width(), 24 + paint.width(Type::SmallBold, words));
  float x = middle - total / 2;
  const float y = buttons_top(free) - 18;
  paint.icon({x + 9, y}, 18, s.tone(Mood::Waiting), icon::Hold);
  x += 24;
  x += paint.text_fit(Type::SmallBold, {x, y}, p.text, words, timed ? total : total - 24) + 10;
  if (timed) paint.text(Type::SmallMono, {x, y}, s.tone(Mood::Waiting), time);
  s.ui.note("stage/held", words, {free.x0, y - 10, free.x1, y + 10});
}

void draw_held_buttons(const Scene& s, const PacketView& packet) {
  const Rect& free = s.at.free;
  Button let_go{.id = "stage/let-go",
                .label = "Let go",
                .icon = icon::Play,
                .look = Look::Primary,
                .tip = "Let it go on its way (L)"};
  Button drop{.id = "stage/drop",
              .label = "Drop",
              .icon = icon::Delete,
              .look = Look::Danger,
              .tip = "Lose it: the kernel will send it again (D)"};
  Button delay{.id = "stage/delay",
               .label = "Delay 1 s",
               .icon = icon::Timer,
               .enabled = !packet.goes_in,
               .tip = packet.goes_in ? "It is delayed already" : "Let it go by itself after one second"};
  const auto needed = [&] {
    return button_width(s.ui, let_go) + button_width(s.ui, drop) + button_width(s.ui, delay) + 16;
  };
  if (needed() > free.width() + 20) let_go.icon = drop.icon = delay.icon = nullptr;
  if (needed() > free.width() + 20) delay.label = "Delay";
  const float widths[] = {button_width(s.ui, let_go), button_width(s.ui, drop), button_width(s.ui, delay)};
  float x = free.mid_x() - (widths[0] + widths[1] + widths[2] + 16) / 2;
  const float top = buttons_top(free);
  const auto next = [&](int i) {
    const Rect area{x, top, x + widths[i], top + 32};
    x += widths[i] + 8;
    return area;
  };
  if (button(s.ui, next(0), let_go)) s.actions.push_back(action::LetGo{*packet.held});
  if (button(s.ui, next(1), drop)) s.actions.push_back(action::DropPacket{*packet.held});
  if (button(s.ui, next(2), delay))
    s.actions.push_back(action::DelayPacket{*packet.held, delay_milliseconds});
}

struct PassedEntry {
  std::string name, time;
  const Passed* passed = nullptr;
  float width = 0;
};

/// As many kinds of packets as there is room for.
std::vector<PassedEntry> fitting(const Scene& s, float room, bool with_times) {
  std::vector<PassedEntry> entries;
  float total = 0;
  for (const Passed& one : s.model.passed) {
    PassedEntry entry{one.count > 1 ? one.name + " \xc3\x97" + std::to_string(one.count) : one.name, "", &one,
                      0};
    if (with_times) entry.time = notation::short_time(one.at);
    entry.width = chip_width(s.ui, {.label = entry.name, .icon = icon::Check}) + 10;
    if (with_times) entry.width += s.paint().width(Type::SmallMono, entry.time) + 13;
    if (total + entry.width > room && !entries.empty()) break;
    total += entry.width;
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// The kinds of packets of this step in one row; what finds no place is counted.
void draw_passed(const Scene& s, float y) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const float room = s.at.free.width() + 20;
  const std::vector<Passed>& all = s.model.passed;
  std::vector<PassedEntry> entries = fitting(s, room, true);
  if (entries.size() < all.size()) entries = fitting(s, room - 30, false);
  const std::size_t rest = all.size() - entries.size();
  const std::string more = rest > 0 ? "+" + std::to_string(rest) : "";
  float total = rest > 0 ? paint.width(Type::SmallBold, more) + 8 : 0;
  for (const PassedEntry& entry : entries) total += entry.width;
  float x = s.at.free.mid_x() - (total - 10) / 2;
  for (const PassedEntry& entry : entries) {
    const Mood mood = entry.passed->mood;
    const Chip chip{
        .label = entry.name, .icon = mood == Mood::Bad ? icon::Block : icon::Check, .tone = tone_of(mood)};
    const float wide = draw_chip(s.ui, {x, y}, chip);
    if (!entry.time.empty()) paint.text(Type::SmallMono, {x + wide + 7, y}, p.muted, entry.time);
    x += entry.width;
  }
  if (rest > 0) paint.text(Type::SmallBold, {x, y}, p.muted, more);
}

std::string passed_words(const Model& model) {
  std::size_t count = 0;
  for (const Passed& one : model.passed) count += one.count;
  return std::to_string(count) + (count == 1 ? " packet" : " packets") + " in this step";
}

/// One line in the network's middle: what was predicted, and what the kernel said.
void draw_short_verdict(const Scene& s, float y) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Verdict& verdict = *s.model.verdict;
  bool asked = verdict.asked;
  const std::string guess = verdict.predicted.empty() ? "no guess" : verdict.predicted;
  const Chip predicted{
      .label = guess, .icon = asked && verdict.agrees ? icon::Check : nullptr, .tone = Tone::Call};
  const Chip said{.label = verdict.measured, .tone = tone_of(verdict.mood), .solid = true};
  std::string_view before = "You predicted";
  std::string_view after = "The kernel said";
  const auto width = [&] {
    float sum = paint.width(Type::SmallBold, after) + 8 + chip_width(s.ui, said);
    if (asked) sum += paint.width(Type::SmallBold, before) + 8 + chip_width(s.ui, predicted) + 16;
    return sum;
  };
  float total = width();
  if (total > s.at.free.width() + 20) {
    before = "You";
    after = "Kernel";
    total = width();
  }
  if (asked && total > s.at.free.width() + 20) {  // the guess is in the card at the left, too
    asked = false;
    total = width();
  }
  float x = s.at.free.mid_x() - total / 2;
  if (asked) {
    x += paint.text(Type::SmallBold, {x, y}, p.text, before) + 8;
    x += draw_chip(s.ui, {x, y}, predicted) + 16;
  }
  x += paint.text(Type::SmallBold, {x, y}, p.text, after) + 8;
  draw_chip(s.ui, {x, y}, said);
  s.ui.note("stage/verdict", verdict.measured, {s.at.free.x0, y - 11, s.at.free.x1, y + 11});
}

}  // namespace

void draw_packets(const Scene& s) {
  if (s.at.folded) return;
  for (auto it = s.model.packets_elsewhere.rbegin(); it != s.model.packets_elsewhere.rend(); ++it)
    draw_pill_in_place(s, *it);
  for (auto it = s.model.packets.rbegin(); it != s.model.packets.rend(); ++it) draw_pill_in_place(s, *it);
}

void draw_words_of_network(const Scene& s) {
  if (s.at.folded || s.at.free.width() < 120) return;
  const Palette& p = s.palette();
  const Rect& free = s.at.free;
  if (const PacketView* held = held_packet(s.model)) {
    draw_held_words(s, *held);
    if (s.can_act) draw_held_buttons(s, *held);
    return;
  }
  float y = free.y0 + 13;
  if (s.model.firewall.stopped) {
    draw_stopped(s, y);
    y += 30;
    if (!s.model.verdict && !s.model.passed.empty()) return draw_passed(s, y);
  } else if (!s.model.passed.empty()) {
    draw_passed(s, y);
    y += 30;
  }
  if (s.model.verdict) return draw_short_verdict(s, y);
  const bool noted = s.model.passed.empty() || !s.model.network_note.empty();
  const std::string words = noted ? s.model.network_note : passed_words(s.model);
  if (!words.empty())
    s.paint().text_fit(Type::Small, {free.mid_x(), y}, p.muted, words, free.width(), AlignX::Middle);
}

}  // namespace loopscope::app::stage
