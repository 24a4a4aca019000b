#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/notation/ss_text.hpp"
#include "app/views/inspector_parts.hpp"
#include "app/widgets/code_box.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {
namespace {

using trace::SocketEntry;

constexpr float card_gap = 10;

bool has_peer(const SocketEntry& socket) { return number(socket.peer.port) != 0; }
bool waits_for_accept(const SocketEntry& socket) {
  return socket.inode == 0 &&
         (socket.state == SocketState::Established || socket.state == SocketState::CloseWait);
}

std::string owner_words(const SocketEntry& socket) {
  if (!socket.process.empty()) return socket.process;
  if (waits_for_accept(socket)) return "nobody yet";
  return socket.state == SocketState::TimeWait ? "the kernel" : "no process";
}

/// What stands in the line below the card's rule: a running timer, or why the socket has no owner.
std::string note_of(const SocketEntry& socket) {
  auto timer = notation::timer_words(socket);
  if (!timer.empty()) return timer;
  if (waits_for_accept(socket)) return "waits in the accept queue";
  if (socket.state == SocketState::Bound) return "holds its port; ss does not list it";
  return {};
}

void draw_queues(Ui& ui, Rect line, const SocketEntry& socket, bool hidden) {
  const Palette& p = ui.palette();
  const bool listens = socket.state == SocketState::Listen;
  const auto number_or = [&](std::uint32_t n) { return hidden ? std::string("?") : std::to_string(n); };
  const auto receive = fmt::format("Recv-Q {}{}", number_or(socket.receive_queue), listens ? " waiting" : "");
  const auto send = fmt::format("Send-Q {}{}", number_or(socket.send_queue), listens ? " backlog" : "");
  const bool busy = !hidden && !listens && socket.receive_queue > 0;
  ui.paint().text(Type::Caption, {line.x0, line.mid_y()}, busy ? p.of(Tone::Waiting) : p.muted, receive);
  ui.paint().text(Type::Caption, {line.x0 + line.width() * 0.5F, line.mid_y()}, p.muted, send);
}

void draw_addresses(Ui& ui, Rect line, const SocketEntry& socket, const notation::Mask& mask) {
  const Palette& p = ui.palette();
  const auto local = mask.hides_local(socket) ? "?" : to_string(socket.local);
  const auto peer = mask.hides_peer(socket) && has_peer(socket) ? "?"
                    : has_peer(socket)                          ? to_string(socket.peer)
                                                                : std::string("*");
  const float wide = ui.paint().text_fit(Type::Mono, {line.x0, line.mid_y()}, p.text, local, line.width());
  const auto rest = (has_peer(socket) ? "→ " : "") + peer;
  if (wide + 16 < line.width())
    ui.paint().text_fit(Type::Mono, {line.x0 + wide + 8, line.mid_y()}, p.muted, rest,
                        line.width() - wide - 8);
}

float card_height(const SocketEntry& socket) { return note_of(socket).empty() ? 98 : 128; }

void draw_socket_card(Ui& ui, const Rect& area, std::size_t index, const SocketEntry& socket,
                      const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const auto mask = mask_of(now);
  const bool hidden = mask.state && mask.covers(socket);
  const auto name = selection_of(socket);
  const bool selected = !name.empty() && now.selected == name;
  const auto id = "socket/" + std::to_string(index + 1);
  const auto state = hidden ? std::string("?") : std::string(to_string(socket.state));
  const Hit hit =
      ui.hit(area, {.id = id, .label = owner_words(socket) + " " + state, .kind = Kind::Row, .on = selected});
  const Tone tone = hidden ? Tone::Neutral : tone_of(socket.state);
  draw_card(
      ui, area,
      {.tone = selected ? Tone::Info : tone, .lit = selected, .toned = !hidden && tone == Tone::Waiting});
  if (hit.hovered) ui.paint().stroke(area, mix(p.strong_border, p.accent, 0.5F), radius::card);
  Rect rest = area.inset(14, 9);
  const Rect head = rest.cut_top(24, 4);
  const bool udp = socket.transport == trace::Transport::Udp;
  const float chip = draw_chip(ui, {head.x1 + 2, head.mid_y()},
                               {.label = state, .icon = nullptr, .tone = tone, .mono = false}, AlignX::Right);
  const float wide = ui.paint().text(Type::SmallBold, {head.x0, head.mid_y()}, p.text, owner_words(socket));
  auto facts = socket.process.empty() ? std::string() : fmt::format("{} fd {}", socket.pid, socket.fd);
  if (udp) facts = "udp " + facts;
  ui.paint().text_fit(Type::Mono, {head.x0 + wide + 8, head.mid_y()}, p.muted, facts,
                      head.width() - wide - chip - 16);
  draw_addresses(ui, rest.cut_top(20, 4), socket, mask);
  draw_queues(ui, rest.cut_top(20), socket, mask.covers(socket) && (mask.bytes || mask.state));
  if (const auto note = note_of(socket); !note.empty()) {
    ui.paint().line({area.x0 + 1, area.y1 - 34}, {area.x1 - 1, area.y1 - 34}, p.border);
    draw_provenance(ui, {area.x0 + 18, area.y1 - 17}, Provenance::Measured);
    ui.paint().text_fit(Type::Small, {area.x0 + 29, area.y1 - 17}, hidden ? p.muted : p.text,
                        hidden ? "?" : note, area.width() - 44);
  }
  if (hit.focused) ui.focus_ring(area, radius::card);
  const bool copy = hit.focused && ui.shortcut(Key::C, with_ctrl);
  if (copy) actions.push_back(action::CopyText{notation::ss_table(std::span(&socket, 1)).text()});
  if (hit.pressed && !name.empty()) actions.push_back(action::Select{selected ? "" : name});
}

/// The accept queue of one listener: a box for each place, filled where a connection waits.
float draw_accept_queue(Ui& ui, Point at, float width, const SocketEntry& listener,
                        std::span<const SocketEntry> all, const notation::Mask& mask) {
  const Palette& p = ui.palette();
  std::vector<const SocketEntry*> waiting;
  for (const auto& socket : all) {
    if (waits_for_accept(socket) && socket.local.port == listener.local.port) waiting.push_back(&socket);
  }
  const auto shown = std::min<std::size_t>(waiting.size(), 4);
  float y = at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24),
                                "accept queue of " + to_string(listener.local), Provenance::Measured);
  const Rect area =
      Rect::at(at.x, y, width, 66 + 20 * static_cast<float>(shown) + (waiting.size() > shown ? 20 : 0));
  const bool full = listener.receive_queue > listener.send_queue;
  const Tone tone = full ? Tone::Bad : listener.receive_queue > 0 ? Tone::Good : Tone::Neutral;
  draw_card(ui, area, {.tone = tone, .lit = false, .toned = tone != Tone::Neutral});
  Rect rest = area.inset(14, 12);
  const Rect boxes = rest.cut_top(12, 12);
  // One place more than the backlog says: the kernel takes a connection while the queue is not longer than it
  // (inet_csk_listen_start).
  const auto places = std::clamp<std::uint32_t>(std::max(listener.send_queue, listener.receive_queue), 1, 16);
  const float each = (boxes.width() - 4 * static_cast<float>(places - 1)) / static_cast<float>(places);
  for (std::uint32_t i = 0; i < places; ++i) {
    const Rect box =
        Rect::at(boxes.x0 + static_cast<float>(i) * (each + 4), boxes.y0, std::min(each, 40.0F), 12);
    if (i < listener.receive_queue) ui.paint().fill(box, p.of(tone), 3);
    ui.paint().stroke(box, i < listener.receive_queue ? p.of(tone) : p.strong_border, 3, 1.2F);
  }
  const Rect line = rest.cut_top(20, 2);
  ui.paint().text(Type::SmallBold, {line.x0, line.mid_y()}, p.text,
                  fmt::format("{} of {} {}", listener.receive_queue, listener.send_queue,
                              listener.receive_queue == 1 ? "waits" : "wait"));
  if (waiting.empty())
    ui.paint().text(Type::Caption, {line.x1, line.mid_y()}, p.muted, "for accept()", AlignX::Right);
  for (std::size_t i = 0; i < shown; ++i) {
    const Rect row = rest.cut_top(20);
    const float wide = ui.paint().text(Type::Mono, {row.x0, row.mid_y()}, p.text,
                                       mask.hides_peer(*waiting[i]) ? "?" : to_string(waiting[i]->peer));
    ui.paint().text_fit(Type::Caption, {row.x0 + wide + 10, row.mid_y()}, p.muted, "no descriptor yet",
                        row.width() - wide - 10);
  }
  if (waiting.size() > shown) {
    const Rect row = rest.cut_top(20);
    ui.paint().text(Type::Caption, {row.x0, row.mid_y()}, p.muted,
                    fmt::format("and {} more", waiting.size() - shown));
  }
  ui.note("accept-queue/" + to_string(listener.local), std::to_string(listener.receive_queue), area);
  return area.y1 - at.y;
}

/// ' on laptop'; nothing where there is one machine only.
std::string on(std::string_view host) {
  return host.empty() ? std::string() : fmt::format(" on {}", title_of(host));
}

/// Who holds which port: one line a port, listeners and bound ones first.
float draw_holders(Ui& ui, Point at, float width, std::span<const SocketEntry> sockets, std::string_view host,
                   const notation::Mask& mask) {
  std::map<std::uint16_t, const SocketEntry*> holders;
  for (const auto& socket : sockets) {
    const bool holds = socket.state == SocketState::Listen || socket.state == SocketState::Bound ||
                       socket.state == SocketState::Unconnected;
    if (holds && number(socket.local.port) != 0 && !mask.covers(socket))
      holders.try_emplace(number(socket.local.port), &socket);
  }
  if (holders.empty()) return 0;
  float y = at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24), "who holds which port" + on(host),
                                Provenance::Measured);
  for (const auto& [port, socket] : holders) {
    const auto name = std::to_string(port);
    y += draw_field(ui, {at.x, y}, width,
                    {name, fmt::format("{}, {}", owner_words(*socket), to_string(socket->state))});
  }
  return y - at.y;
}

}  // namespace

float draw_ss_box(Ui& ui, Point at, float width, const Rect& visible, const Snapshot& now,
                  std::string_view host, Actions& actions) {
  const Palette& p = ui.palette();
  const auto sockets = sockets_of(now, host.empty() ? experiment::here : host);
  const auto mask = mask_of(now);
  float y = at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24), "as ss prints it" + on(host),
                                Provenance::Measured);
  if (mask.any()) {  // its columns would tell
    return y + draw_nothing(ui, {at.x, y}, width, "? until your prediction is locked in") - at.y;
  }
  const auto table = notation::ss_table_within(sockets, code_box_characters(ui, width));
  const auto command = "$ " + table.command;
  std::vector<CodeBoxLine> lines{{{{command, p.accent}}}, {{{table.header, p.muted}}}};
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    const auto& socket = sockets[table.entries[i]];
    const Tone tone = tone_of(socket.state);
    const bool selected = !selection_of(socket).empty() && now.selected == selection_of(socket);
    lines.push_back(
        {{{table.lines[i], tone == Tone::Good || tone == Tone::Waiting ? p.of(tone) : p.text}}, selected});
  }
  const auto id = host.empty() || host == experiment::here ? std::string("ss") : fmt::format("ss/{}", host);
  const auto answer =
      draw_code_box(ui, {at.x, y}, width, {.id = id, .name = "the socket table", .lines = lines}, visible);
  if (answer.copy) actions.push_back(action::CopyText{notation::ss_table(sockets).text()});
  y += answer.height;
  if (table.unlisted > 0) {
    const auto words =
        fmt::format("{} more {} a port without listening: ss lists {} not.", table.unlisted,
                    table.unlisted == 1 ? "holds" : "hold", table.unlisted == 1 ? "it" : "them");
    y += 6 + ui.paint().paragraph(Type::Caption, {at.x, y + 6}, width, p.muted, words, 18);
  }
  return y - at.y;
}

namespace {

/// '2 sockets', and of which machine where there are several.
std::string count_words(std::size_t count, std::string_view host, bool several) {
  auto words =
      count == 0 ? std::string("no sockets") : fmt::format("{} {}", count, count == 1 ? "socket" : "sockets");
  if (several) words += fmt::format(" on {}", title_of(host));
  return words;
}

/// The cards of one machine and its queues. `index`: of the first card.
float draw_machine(Ui& ui, const InspectorPlace& place, float y, std::string_view host, bool several,
                   std::size_t& index, const Snapshot& now, Actions& actions) {
  const Rect& column = place.column;
  const auto sockets = sockets_of(now, host);
  const auto mask = mask_of(now);
  const auto title = count_words(sockets.size(), host, several);
  ui.note("sockets/" + std::string(host), title, Rect::at(column.x0, y, column.width(), 24));
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), title, Provenance::Measured);
  if (sockets.empty()) {
    return y +
           draw_nothing(ui, {column.x0, y}, column.width(), "The kernel's table lists none at this moment.");
  }
  for (const SocketEntry& socket : sockets) {
    const float high = card_height(socket);
    if (y + high >= place.visible.y0 - 200 && y <= place.visible.y1 + 200) {
      draw_socket_card(ui, Rect::at(column.x0, y, column.width(), high), index, socket, now, actions);
    }
    ++index;
    y += high + card_gap;
  }
  for (const auto& socket : sockets) {
    if (socket.state != SocketState::Listen || mask.covers(socket)) continue;
    y += 10;
    y += draw_accept_queue(ui, {column.x0, y}, column.width(), socket, sockets, mask) + 8;
  }
  return y;
}

}  // namespace

float draw_sockets_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions) {
  const Rect& column = place.column;
  const auto mask = mask_of(now);
  const auto machines = machines_of(now);
  const bool several = machines.size() > 1;
  float y = column.y0;
  std::size_t index = 0;
  for (const std::string& host : machines) {
    if (host != machines.front()) y += 14;
    y = draw_machine(ui, place, y, host, several, index, now, actions);
  }
  if (!several && index == 0) return y;
  for (const std::string& host : machines) {
    const auto sockets = sockets_of(now, host);
    if (sockets.empty()) continue;
    y += 10;
    y += draw_ss_box(ui, {column.x0, y}, column.width(), place.visible, now, several ? host : "", actions);
    const float holders =
        draw_holders(ui, {column.x0, y + 18}, column.width(), sockets, several ? host : "", mask);
    if (holders > 0) y += holders + 18;
  }
  const float held = draw_held_packet(ui, {column.x0, y + 18}, column.width(), now);
  return y + (held > 0 ? held + 18 : 0);
}

}  // namespace loopscope::app
