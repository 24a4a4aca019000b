#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/notation/times.hpp"
#include "app/views/inspector_parts.hpp"
#include "app/views/stage_facts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "sim/trace/words.hpp"

namespace loopscope::app {
namespace {

using trace::Packet;

constexpr float row_height = 46;
constexpr std::string_view wire = "wire";  // trace::PacketHeld::host between machines

struct Row {
  std::size_t event = 0;  ///< its index in the timeline
  const Packet* packet = nullptr;
  Nanoseconds at{};
  std::string_view host;
  std::string_view device;
  std::string_view remark;  ///< 'held', 'dropped', 'again', 'inferred'
};

/// What is held between machines is on no device any more, and on none yet.
std::string_view device_of(std::string_view host) { return host == wire ? "cable" : "lo"; }

std::vector<Row> rows_of(const Snapshot& now) {
  std::vector<Row> rows;
  if (now.timeline == nullptr) return rows;
  const auto events = now.timeline->until(now.moment);
  const auto held = now.timeline->held_at(now.moment);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& event = events[i];
    if (const auto* seen = std::get_if<trace::PacketSeen>(&event.fact)) {
      rows.push_back({i, &seen->packet, event.at, seen->host, seen->device,
                      seen->derived ? "inferred"
                      : seen->held  ? "was held"
                                    : ""});
    } else if (const auto* again = std::get_if<trace::Retransmission>(&event.fact)) {
      rows.push_back({i, &again->packet, event.at, again->host, device_of(again->host), "sent again"});
    } else if (const auto* stopped = std::get_if<trace::PacketHeld>(&event.fact)) {
      const bool still =
          std::any_of(held.begin(), held.end(), [&](const auto& one) { return one.event == &event; });
      if (still)
        rows.push_back({i, &stopped->packet, event.at, stopped->host, device_of(stopped->host), "held"});
    }
  }
  return rows;
}

/// Packets that carry data to the process of a pending question about what it receives.
bool hides_data(const notation::Mask& mask, const Packet& packet) {
  return mask.bytes && packet.payload_length > 0;
}

Tone tone_of(const Packet& packet) {
  if (packet.flags.rst) return Tone::Bad;
  if (packet.payload_length > 0) return Tone::Data;
  return packet.flags.ack ? Tone::Good : Tone::Info;
}

std::string selection_of(const Row& row) { return fmt::format("packet:{}", row.event); }

/// 'eth0 of laptop', 'on the cable'
std::string place_of(const Row& row) {
  if (row.device == "cable") return "on the cable";
  return fmt::format("{} of {}", row.device, title_of(row.host));
}

void draw_row(Ui& ui, const Rect& area, const Row& row, bool several, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const auto name = selection_of(row);
  const bool selected = now.selected == name;
  const Hit hit = app::row(ui, area, "packet/" + std::to_string(row.event), label(*row.packet), selected);
  const float first = area.y0 + 14;
  const float second = area.y0 + 33;
  const float wide =
      ui.paint().text(Type::SmallBold, {area.x0 + 8, first}, p.of(tone_of(*row.packet)), label(*row.packet));
  float x = area.x0 + wide + 16;
  if (row.remark == "held") {
    x += draw_chip(ui, {x, first}, {.label = "held", .icon = icon::Hold, .tone = Tone::Waiting}) + 8;
  } else if (!row.remark.empty()) {
    x += ui.paint().text(Type::Caption, {x, first}, p.muted, row.remark) + 10;
  }
  const float time =
      ui.paint().text(Type::Mono, {area.x1 - 8, first}, p.muted, notation::short_time(row.at), AlignX::Right);
  if (several)
    ui.paint().text_fit(Type::Caption, {x, first}, p.muted, place_of(row), area.x1 - 16 - time - x);
  const auto length =
      hides_data(mask_of(now), *row.packet) ? std::string("?") : std::to_string(row.packet->payload_length);
  const auto tail = "len " + length;
  const float tail_width = ui.paint().text(Type::Mono, {area.x1 - 8, second}, p.muted, tail, AlignX::Right);
  const auto way = mask_of(now).hides_packet_ends() ? std::string("? → ?")
                                                    : trace::packet_end(row.packet->source) + " → " +
                                                          trace::packet_end(row.packet->destination);
  ui.paint().text_fit(Type::Mono, {area.x0 + 8, second}, p.text, way, area.width() - tail_width - 24);
  ui.paint().line({area.x0, area.y1}, {area.x1, area.y1}, mix(p.panel, p.border, 0.7F));
  if (hit.focused && ui.shortcut(Key::C, with_ctrl)) {
    actions.push_back(action::CopyText{notation::seconds(row.at) + " " + tcpdump_line(*row.packet)});
  }
  if (hit.pressed) actions.push_back(action::Select{selected ? "" : name});
}

std::string tcpdump_text(const std::vector<Row>& rows) {
  std::string text;
  for (const auto& row : rows) text += notation::seconds(row.at) + " " + tcpdump_line(*row.packet) + "\n";
  return text;
}

std::string flags_words(const Packet& packet) {
  const auto& f = packet.flags;
  std::string out;
  const auto add = [&](bool set, const char* name) {
    if (set) out += (out.empty() ? "" : " ") + std::string(name);
  };
  add(f.syn, "SYN"), add(f.fin, "FIN"), add(f.rst, "RST"), add(f.psh, "PSH"), add(f.ack, "ACK"),
      add(f.urg, "URG"), add(f.ece, "ECE"), add(f.cwr, "CWR");
  return out.empty() ? "none" : out;
}

std::string options_words(const Packet& packet) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  if (packet.mss) add(fmt::format("mss {}", *packet.mss));
  if (packet.sack_permitted) add("sackOK");
  if (packet.window_scale) add(fmt::format("wscale {}", *packet.window_scale));
  if (packet.timestamps) add("TS");
  return out.empty() ? "none" : out;
}

/// The first bytes of the data as a C string would show them.
std::string data_words(const Packet& packet) {
  std::string out = "\"";
  for (const char c : packet.payload) {
    if (out.size() > 60) return out + "…\"";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (byte >= 0x20 && byte < 0x7F)
      out += c;
    else
      out += fmt::format("\\x{:02x}", byte);
  }
  return out + "\"";
}

std::size_t count_on(const std::vector<Row>& rows, std::string_view host, std::string_view device) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
    return stage::machine_of(row.host) == host && row.device == device && row.remark != "held";
  }));
}

}  // namespace

float draw_packet_fields(Ui& ui, Point at, float width, std::string_view title, const Packet& packet,
                         Nanoseconds made, const notation::Mask& mask) {
  float y = at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24), title, Provenance::Measured);
  const auto field = [&](std::string_view name, std::string value, std::optional<Tone> tone = {}) {
    y += draw_field(ui, {at.x, y}, width, {name, std::move(value), Provenance::Measured, tone});
  };
  const bool tcp = packet.transport == trace::Transport::Tcp;
  field("from", mask.hides_packet_ends() ? "?" : trace::packet_end(packet.source));
  field("to", mask.hides_packet_ends() ? "?" : trace::packet_end(packet.destination));
  if (tcp) field("flags", flags_words(packet), Tone::Info);
  if (tcp) field("sequence", std::to_string(packet.sequence));
  if (tcp && packet.flags.ack) field("acknowledges", std::to_string(packet.acknowledgment));
  if (tcp) field("window", std::to_string(packet.window));
  if (tcp) field("options", options_words(packet));
  if (packet.icmp_type)
    field("ICMP type, code", fmt::format("{}, {}", *packet.icmp_type, packet.icmp_code.value_or(0)));
  const bool hidden = hides_data(mask, packet);
  field("length", hidden ? "?" : fmt::format("{} bytes, {} of data", packet.length, packet.payload_length));
  if (packet.payload_length > 0) field("data", hidden ? "?" : data_words(packet), Tone::Data);
  field("time to live", std::to_string(packet.ttl));
  field("made at", notation::short_time(made));
  return y - at.y;
}

float draw_held_packet(Ui& ui, Point at, float width, const Snapshot& now) {
  if (now.timeline == nullptr) return 0;
  const auto held = now.timeline->held_at(now.moment);
  if (held.empty()) return 0;
  const auto& stopped = std::get<trace::PacketHeld>(held.front().event->fact);
  const auto title = held.size() == 1 ? std::string("the held packet")
                                      : fmt::format("the first of {} held packets", held.size());
  float y =
      at.y + draw_packet_fields(ui, at, width, title, stopped.packet, held.front().event->at, mask_of(now));
  if (machines_of(now).size() > 1) {
    const auto where =
        stopped.host == wire ? std::string("the cable") : fmt::format("lo of {}", title_of(stopped.host));
    y += draw_field(ui, {at.x, y}, width, {"held on", where, Provenance::Measured, Tone::Waiting});
  }
  y += draw_field(
      ui, {at.x, y}, width,
      {"held for", notation::short_time(held.front().held_for), Provenance::Measured, Tone::Waiting});
  y += draw_field(ui, {at.x, y}, width, {"sent again", fmt::format("{}×", held.front().retransmissions)});
  return y - at.y;
}

float draw_packets_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions) {
  const Rect& column = place.column;
  const auto rows = rows_of(now);
  const auto machines = machines_of(now);
  const bool several = machines.size() > 1;
  float y = column.y0;
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), "as tcpdump shows them",
                    Provenance::Measured);
  if (rows.empty()) y += draw_nothing(ui, {column.x0, y}, column.width(), "No packet has been made yet.");
  const auto first = static_cast<std::size_t>(std::max(0.0F, (place.visible.y0 - y) / row_height));
  const auto shown = static_cast<std::size_t>(place.visible.height() / row_height) + 2;
  for (std::size_t i = first; i < std::min(rows.size(), first + shown); ++i) {
    draw_row(ui,
             Rect::at(column.x0 - 8, y + static_cast<float>(i) * row_height, column.width() + 8, row_height),
             rows[i], several, now, actions);
  }
  y += static_cast<float>(rows.size()) * row_height + 12;
  if (!rows.empty()) {
    if (button(ui, Rect::at(column.x0, y, 148, height::small_button),
               {.id = "packets/copy",
                .label = "Copy as tcpdump",
                .tip = "All of them, as tcpdump prints them"})) {
      actions.push_back(action::CopyText{tcpdump_text(rows)});
    }
    y += height::small_button + 12;
  }
  for (const auto& row : rows) {
    if (now.selected != selection_of(row)) continue;
    y += draw_packet_fields(ui, {column.x0, y}, column.width(), "the selected packet", *row.packet, row.at,
                            mask_of(now)) +
         18;
  }
  const float held = draw_held_packet(ui, {column.x0, y}, column.width(), now);
  if (held > 0) y += held + 18;
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), "where they went", Provenance::Measured);
  for (const std::string& host : machines) {
    const auto field = [&](const char* device, std::optional<Tone> tone) {
      const auto count = count_on(rows, host, device);
      const auto name =
          several ? fmt::format("{} of {}", device, title_of(host)) : fmt::format("packets on {}", device);
      ui.note("packets/on/" + host + "/" + device, std::to_string(count),
              Rect::at(column.x0, y, column.width(), 24));
      y += draw_field(ui, {column.x0, y}, column.width(),
                      {name, std::to_string(count), Provenance::Measured, tone});
    };
    field("lo", Tone::Info);
    field("eth0", {});
  }
  return y;
}

}  // namespace loopscope::app
