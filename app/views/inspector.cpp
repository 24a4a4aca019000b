#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/views/inspector_parts.hpp"
#include "app/views/lesson_parts.hpp"
#include "app/views/stage_facts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {
namespace {

constexpr std::array<std::string_view, 5> names{"Sockets", "Packets", "Calls", "Code", "Try it"};
constexpr std::array draws{draw_sockets_tab, draw_packets_tab, draw_calls_tab, draw_code_tab,
                           draw_commands_tab};

}  // namespace

void draw_inspector(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  draw_panel(ui, area);
  Rect rest = area;
  const Rect head = rest.cut_top(48);
  const int tab = std::clamp(now.settings == nullptr ? 0 : now.settings->inspector_tab, 0,
                             static_cast<int>(names.size()) - 1);
  if (const auto chosen = tabs(ui, head.inset(6, 0), "inspector", names, tab))
    actions.push_back(action::SetInspectorTab{*chosen});
  ui.paint().line({area.x0 + 1, head.y1}, {area.x1 - 1, head.y1}, ui.palette().border);
  const Rect foot = rest.cut_bottom(44);
  ui.paint().line({area.x0 + 1, foot.y0}, {area.x1 - 1, foot.y0}, ui.palette().border);
  draw_provenance_legend(ui, {foot.x0 + 18, foot.mid_y()});

  ScrollArea scroll(ui, fmt::format("inspector/{}/list", names[static_cast<std::size_t>(tab)]),
                    {rest.x0 + 18, rest.y0, rest.x1 - 4, rest.y1});
  const Rect content = scroll.content();
  std::optional<std::pair<float, float>> show;
  const InspectorPlace place{
      {content.x0, content.y0 + 16, content.x1 - 2, content.y1}, scroll.visible(), &show};
  scroll.end_at(draws[static_cast<std::size_t>(tab)](ui, place, now, actions) + 16);
  if (show) scroll.show(show->first, show->second);
}

notation::Mask mask_of(const Snapshot& now) {
  if (!now.live || now.live->phase != lab::Phase::Asking || now.experiment == nullptr) return {};
  const auto next = now.live->next_statement;
  if (next >= now.experiment->statements.size()) return {};
  return notation::mask_for(now.experiment->statements[next]);
}

std::vector<std::string> machines_of(const Snapshot& now) {
  std::vector<std::string> machines{std::string(experiment::here)};
  const auto add = [&](std::string_view host) {
    if (std::find(machines.begin(), machines.end(), host) == machines.end()) machines.emplace_back(host);
  };
  if (now.experiment != nullptr) {
    for (const auto& statement : now.experiment->statements) {
      if (const auto* host = std::get_if<experiment::HostDecl>(&statement.body)) add(host->name);
    }
  } else if (now.timeline != nullptr) {
    for (const auto& event : now.timeline->until(now.moment)) {
      if (const auto* table = std::get_if<trace::SocketTable>(&event.fact))
        add(stage::machine_of(table->host));
    }
  }
  return machines;
}

std::string_view title_of(std::string_view host) {
  return stage::machine_of(host) == experiment::here ? "this machine" : host;
}

std::span<const trace::SocketEntry> sockets_of(const Snapshot& now, std::string_view host) {
  if (now.timeline == nullptr) return {};
  return now.timeline->sockets_at(host, now.moment);
}

Tone tone_of(SocketState state) {
  switch (state) {
    case SocketState::Established:
      return Tone::Good;
    case SocketState::Listen:
      return Tone::Info;
    case SocketState::Closed:
    case SocketState::Unconnected:
      return Tone::Neutral;
    default:
      return Tone::Waiting;
  }
}

std::string selection_of(const trace::SocketEntry& socket) {
  return socket.cookie == 0 ? std::string() : fmt::format("socket:{}", socket.cookie);
}

float draw_field(Ui& ui, Point at, float width, const Field& field) {
  const Palette& p = ui.palette();
  constexpr float high = 27;
  const float y = at.y + high / 2;
  draw_provenance(ui, {at.x + 4, y}, field.provenance);
  const float name = ui.paint().text(Type::Small, {at.x + 16, y}, p.text, field.name);
  const Colour ink = field.tone                                  ? p.of(*field.tone)
                     : field.provenance == Provenance::Predicted ? p.of(Tone::Call)
                                                                 : p.text;
  ui.paint().text_fit(Type::Mono, {at.x + width, y}, ink, field.value, width - name - 32, AlignX::Right);
  ui.paint().line({at.x, at.y + high}, {at.x + width, at.y + high}, mix(p.panel, p.border, 0.7F));
  return high;
}

float draw_nothing(Ui& ui, Point at, float width, std::string_view words) {
  return 8 + ui.paint().paragraph(Type::Small, {at.x, at.y + 8}, width, ui.palette().muted, words, 20) + 8;
}

}  // namespace loopscope::app
