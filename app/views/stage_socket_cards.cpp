#include <algorithm>
#include <cmath>

#include "app/views/stage_draw.hpp"

namespace loopscope::app::stage {
namespace {

const char* icon_of(const SocketView& socket) {
  if (socket.state == "?") return icon::Help;
  if (socket.opponent) return icon::Key;
  switch (mood_of(socket.entry.state)) {
    case Mood::Good:
      return icon::Check;
    case Mood::Waiting:
      return icon::Hourglass;
    default:
      return nullptr;
  }
}

// ------------------------------------------------------------------------------------------------

/// A bar that shows how much is in a buffer: its length grows with the logarithm, so that one byte is seen.
void draw_buffer(const Scene& s, Point left, float width, std::string_view name, std::uint32_t bytes,
                 bool masked) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const std::string count = masked ? "?" : bytes == 0 ? "" : std::to_string(bytes) + " B";
  const Colour data = s.ui.tone(Tone::Data);
  const float name_width = paint.text(Type::Caption, left, bytes > 0 && !masked ? p.text : p.muted, name) + 8;
  const float count_width = count.empty() ? 0 : paint.width(Type::Caption, count) + 6;
  const Rect bar{left.x + name_width, left.y - 4, left.x + width - count_width, left.y + 4};
  if (bar.width() > 12) {
    paint.fill(bar, p.dark ? p.ground : p.raised, 4);
    if (bytes > 0 && !masked) {
      const float share = std::clamp(std::log2(1 + static_cast<float>(bytes)) / 18, 0.08F, 1.0F);
      paint.fill({bar.x0, bar.y0, bar.x0 + std::max(8.0F, bar.width() * share), bar.y1}, data, 4);
    }
    paint.stroke(bar, bytes > 0 && !masked ? data : p.strong_border, 4);
  }
  if (!count.empty())
    paint.text(Type::Caption, {left.x + width, left.y}, masked ? p.muted : p.text, count, AlignX::Right);
}

void draw_buffers(const Scene& s, const Rect& row, const SocketView& socket) {
  const float half = (row.width() - 14) / 2;
  const trace::SocketEntry& entry = socket.entry;
  draw_buffer(s, {row.x0, row.mid_y()}, half, row.width() > 190 ? "send" : "snd", entry.send_queue,
              socket.queues_masked);
  draw_buffer(s, {row.x0 + half + 14, row.mid_y()}, half, row.width() > 190 ? "receive" : "rcv",
              entry.receive_queue, socket.queues_masked);
}

void draw_accept_queue(const Scene& s, const Rect& row, const SocketView& socket) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const std::size_t count = socket.entry.receive_queue;
  const bool filled = count > 0 && !socket.queues_masked;
  const std::string numbers =
      socket.queues_masked ? "?" : std::to_string(count) + "/" + std::to_string(socket.capacity);
  const std::string words = (row.width() > 170 ? "accept queue " : "queue ") + numbers;
  const float width = paint.text(filled ? Type::CaptionBold : Type::Caption, {row.x0, row.mid_y()},
                                 filled ? s.tone(Mood::Good) : p.muted, words);
  const Rect boxes{row.x0 + width + 10, row.mid_y() - 6, row.x1, row.mid_y() + 6};
  const std::size_t cells = std::clamp<std::size_t>(socket.capacity, 1, 32);
  constexpr float space = 3;
  const float cell = (boxes.width() - space * static_cast<float>(cells - 1)) / static_cast<float>(cells);
  if (socket.queues_masked || boxes.width() < 24) return;
  if (cell < 3 || cells < socket.capacity) {  // too many places to draw each: a bar
    const float share =
        std::min(1.0F, static_cast<float>(count) / static_cast<float>(std::max(1U, socket.capacity)));
    paint.fill(boxes, p.dark ? p.ground : p.raised, 3);
    if (filled)
      paint.fill({boxes.x0, boxes.y0, boxes.x0 + std::max(4.0F, boxes.width() * share), boxes.y1},
                 s.tone(Mood::Good), 3);
    paint.stroke(boxes, p.strong_border, 3);
    return;
  }
  for (std::size_t i = 0; i < cells; ++i) {
    const float x = boxes.x0 + static_cast<float>(i) * (std::min(cell, 24.0F) + space);
    const Rect one{x, boxes.y0, x + std::min(cell, 24.0F), boxes.y1};
    paint.fill(one, i < count ? s.tone(Mood::Good) : p.dark ? p.ground : p.raised, 2.5F);
    paint.stroke(one, i < count ? s.tone(Mood::Good) : p.strong_border, 2.5F);
  }
}

void draw_third_row(const Scene& s, const Rect& row, const SocketView& socket) {
  const Palette& p = s.palette();
  if (s.model.knock && !socket.option.empty()) {
    s.paint().text_fit(Type::SmallMono, {row.x0, row.mid_y()}, p.muted, socket.option, row.width());
  } else if (socket.listens() && socket.state != "?") {
    draw_accept_queue(s, row, socket);
  } else if (!socket.owned) {
    const bool timed =
        socket.entry.timer == trace::SocketTimer::TimeWait && socket.entry.timer_left.count() > 0;
    const std::string words =
        timed ? "gone in " + notation::short_time(socket.entry.timer_left) : "no process has it any more";
    s.paint().text_fit(Type::Caption, {row.x0, row.mid_y()}, p.muted, words, row.width());
  } else {
    draw_buffers(s, row, socket);
  }
}

std::string kind_of(const SocketView& socket) {
  std::string kind = socket.entry.transport == trace::Transport::Udp ? "UDP socket" : "socket";
  return socket.owned ? kind : "no process";
}

/// '→ :62893' of '→ 127.0.0.1:62893'; words stay as they are.
std::string brief(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return address;
  const bool away = address.starts_with("\xe2\x86\x92 ");
  return (away ? "\xe2\x86\x92 " : "") + address.substr(colon);
}

std::string tip_of(const SocketView& socket) {
  const trace::SocketEntry& entry = socket.entry;
  std::string tip = socket.owned ? "fd " + std::to_string(entry.fd) + " of " + entry.process
                                 : "no process has a descriptor of it";
  tip += "\n" + socket.state + ", " + socket.address;
  if (!socket.queues_masked) {
    if (socket.listens()) {
      tip += "\n" + std::to_string(entry.receive_queue) + " wait for accept, backlog " +
             std::to_string(socket.capacity);
      for (const Waiting& one : socket.waiting) {
        tip += "\n  " + (one.masked ? "?" : to_string(one.entry.peer)) + " " +
               std::string(to_string(one.entry.state));
      }
    } else {
      tip += "\nReceived and not read: " + std::to_string(entry.receive_queue) + " bytes";
      tip += "\nSent and not acknowledged: " + std::to_string(entry.send_queue) + " bytes";
    }
  }
  if (!socket.option.empty()) tip += "\n" + socket.option;
  tip += socket.known == Known::Measured ? "\nMeasured: the kernel's socket table says so"
                                         : "\nDerived from the process's calls: the table does not list it";
  return tip;
}

Mood shown_mood(const SocketView& socket) {
  if (socket.opponent) return Mood::Waiting;
  if (socket.state == "?") return Mood::Neutral;
  if (!socket.waiting.empty()) return Mood::Good;
  return mood_of(socket.entry.state);
}

void draw_shell(const Scene& s, const Rect& area, const SocketView& socket) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Mood mood = shown_mood(socket);
  const Colour tone = s.tone(mood);
  if (socket.lit || socket.selected)
    paint.glow(area, faded(socket.selected ? p.accent : tone, p.dark ? 0.26F : 0.20F), radius::card, 6);
  paint.fill(area, p.card, radius::card);
  const Colour border = socket.selected ? p.accent : socket.lit ? tone : mix(p.border, tone, 0.55F);
  if (socket.owned)
    paint.stroke(area, border, radius::card, socket.lit || socket.selected ? 2.0F : 1.0F);
  else
    paint.dashed_rect(area, border);
  paint.fill({area.x0, area.y0 + 9, area.x0 + 4, area.y1 - 9}, tone, 2);
}

/// A chip for a low card: 17 points high. Returns its width.
float draw_small_chip(const Scene& s, Point right, std::string_view words, Mood mood) {
  const Palette& p = s.palette();
  const float width = s.paint().width(Type::CaptionBold, words) + 16;
  const Rect area{right.x - width, right.y - 8.5F, right.x, right.y + 8.5F};
  const Colour ink = s.ui.tone(tone_of(mood));
  s.paint().fill(area, p.ground_of(tone_of(mood)), 8.5F);
  s.paint().stroke(area, faded(ink, 0.5F), 8.5F);
  s.paint().text(Type::CaptionBold, area.centre(), ink, words, AlignX::Middle);
  return width;
}

void draw_socket(const Scene& s, const SocketPlace& place, const SocketView& socket) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Rect& area = place.area;
  const Painter::Dim dim(paint, socket.dimmed ? 0.55F : 0.0F, s.kernel());
  draw_shell(s, area, socket);
  const bool full = place.size == CardSize::Full;
  const float left = area.x0 + 16;
  const float right = area.x1 - 12;
  const bool icon_fits = area.width() > 170;
  const Mood mood = socket.opponent       ? Mood::Waiting
                    : socket.state == "?" ? Mood::Neutral
                                          : mood_of(socket.entry.state);
  const Chip chip{
      .label = socket.state, .icon = icon_fits ? icon_of(socket) : nullptr, .tone = tone_of(mood)};
  const float row1 = area.y0 + area.height() * (full ? 0.24F : 0.30F);
  const float chip_room = full ? draw_chip(s.ui, {right, row1}, chip, AlignX::Right)
                               : draw_small_chip(s, {right, row1}, socket.state, mood);
  const Type address_type = socket.opponent ? Type::MonoBold : Type::SmallMono;
  if (full) {
    // Where the state leaves no room the kind goes: a part of the word says nothing.
    const std::string kind = kind_of(socket);
    const bool fits = paint.width(Type::SmallBold, kind) <= right - chip_room - 8 - left;
    const float name = fits ? paint.text(Type::SmallBold, {left, row1}, p.text, kind) : -11.0F;
    if (right - chip_room - left - name > 26)
      draw_provenance(s.ui, {left + name + 11, row1}, provenance_of(socket.known));
    paint.text_fit(address_type, {left, area.y0 + area.height() * 0.51F}, socket.opponent ? p.text : p.muted,
                   socket.address, right - left);
    const float row3 = area.y0 + area.height() * 0.78F;
    draw_third_row(s, {left, row3 - 8, right - 2, row3 + 8}, socket);
    return;
  }
  const float room = right - chip_room - 8 - left;
  const bool whole = paint.width(Type::SmallMono, socket.address) <= room;
  paint.text_fit(Type::SmallMono, {left, row1}, p.muted, whole ? socket.address : brief(socket.address),
                 room);
  const float row2 = area.y0 + area.height() * 0.74F;
  draw_third_row(s, {left, row2 - 8, right - 2, row2 + 8}, socket);
}

void react(const Scene& s, const SocketPlace& place, const SocketView& socket) {
  const trace::SocketEntry& entry = socket.entry;
  const std::string owner = socket.owned ? entry.process + "/" + std::to_string(entry.fd)
                                         : "cookie/" + std::to_string(entry.cookie);
  const std::string label = socket.state + " " + socket.address;
  const Hit hit = s.ui.hit(
      place.area, {.id = "stage/socket/" + owner, .label = label, .kind = Kind::Mark, .on = socket.selected});
  if (hit.hovered || hit.focused) s.ui.tooltip(tip_of(socket));
  if (hit.pressed && entry.cookie != 0) {
    s.actions.push_back(action::Select{socket.selected ? "" : "socket:" + std::to_string(entry.cookie)});
  }
  if (hit.focused) s.ui.focus_ring(place.area, radius::card);
}

}  // namespace

void draw_socket_card(const Scene& s, const SocketPlace& place) {
  draw_socket(s, place, s.model.sockets[place.socket]);
  react(s, place, s.model.sockets[place.socket]);
}

void draw_callout(const Scene& s) {
  const Rect& area = s.at.callout;
  if (area.empty()) return;
  const Palette& p = s.palette();
  const Painter& paint = s.paint();
  for (const SocketView& socket : s.model.sockets) {
    if (socket.waiting.empty() || socket.queues_masked) continue;
    const SocketPlace* place = nullptr;
    for (const ColumnPlace& column : s.at.columns) {
      for (const SocketPlace& one : column.sockets) {
        if (&s.model.sockets[one.socket] == &socket) place = &one;
      }
    }
    if (place == nullptr) continue;
    const Waiting& first = socket.waiting.front();
    const bool done = first.entry.state != SocketState::SynReceived;
    const Colour tone = s.tone(done ? Mood::Good : Mood::Waiting);
    const bool left = area.x1 < place->area.x0;
    const Point end{left ? place->area.x0 : place->area.x1, area.mid_y() + 8};
    paint.line({left ? area.x1 : area.x0, end.y}, end, tone, 1.6F);
    paint.disc(end, 4, tone);
    paint.fill(area, p.card, 8);
    paint.stroke(area, tone, 8, 1.4F);
    const float inside = area.width() - 24;
    std::string who = first.masked ? "?" : to_string(first.entry.peer);
    if (socket.waiting.size() > 1) who = std::to_string(socket.waiting.size()) + " connections";
    paint.text_fit(Type::MonoBold, {area.x0 + 12, area.y0 + 17}, p.text, who, inside);
    paint.text_fit(
        Type::Caption, {area.x0 + 12, area.y0 + 36}, tone,
        done ? std::string(to_string(first.entry.state)) + ", waits here" : "SYN-RECEIVED, half open",
        inside);
    s.ui.note("stage/queue", who, area);
    return;
  }
}

}  // namespace loopscope::app::stage
