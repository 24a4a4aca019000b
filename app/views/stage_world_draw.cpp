#include "app/views/stage_world_draw.hpp"

#include <algorithm>

namespace loopscope::app::stage {
namespace {

std::string tip_of(const Machine& machine) {
  std::string tip = machine.title;
  for (const IpAddress& ip : machine.addresses) tip += "\n" + to_string(ip);
  for (const ProcessView& process : machine.model.processes)
    tip += "\n" + process.name + ": " + process.words;
  for (const SocketView& socket : machine.model.sockets)
    tip += "\n" + socket.state + " " + (socket.door.empty() ? "" : ":" + socket.door + " ") + socket.address;
  const auto& rules = machine.model.firewall.rules;
  const auto active = std::count_if(rules.begin(), rules.end(), [](const auto& one) { return one.active; });
  if (active > 0) tip += "\nfirewall: " + std::to_string(active) + (active == 1 ? " rule" : " rules");
  return tip + "\nPress: draw it in full";
}

/// 'visitor', '2 processes'; empty where nobody is there.
std::string who_is_on(const Machine& machine) {
  const auto& processes = machine.model.processes;
  if (processes.size() == 1) return processes.front().name;
  return processes.empty() ? std::string() : std::to_string(processes.size()) + " processes";
}

void draw_small_box(const WorldScene& s, const SmallPlace& place) {
  const Machine& machine = s.world.machines[place.machine];
  const Palette& p = s.palette();
  const Painter& paint = s.paint();
  const Rect& area = place.area;
  const bool acts = s.world.acting == std::optional(place.machine);
  const bool lit = machine.eth0_used || acts;
  const Hit hit =
      s.ui.hit(area, {.id = "stage/host/" + machine.host, .label = machine.title, .kind = Kind::Button});
  paint.fill(area, s.boxes.back().user(), radius::card);
  const Colour border = lit ? p.accent : p.strong_border;
  paint.stroke(area, hit.hovered ? mix(border, p.accent, 0.6F) : border, radius::card, lit ? 2.0F : 1.4F);
  const bool wide = area.width() > 90;
  float x = area.x0 + 8;
  if (wide) {
    paint.icon({x + 9, area.mid_y()}, 16, lit ? p.accent : p.muted, icon::Computer);
    x += 24;
  }
  const std::string who = wide ? who_is_on(machine) : std::string();
  const float y = who.empty() ? area.mid_y() : area.mid_y() - 8;
  paint.text_fit(Type::SmallBold, {x, y}, p.text, wide ? machine.title : machine.host, area.x1 - 6 - x);
  if (!who.empty()) paint.text_fit(Type::Caption, {x, area.mid_y() + 9}, p.muted, who, area.x1 - 6 - x);
  if (hit.hovered || hit.focused) s.ui.tooltip(tip_of(machine));
  if (hit.focused) s.ui.focus_ring(area, radius::card);
  if (hit.pressed) opened_of(s.ui) = {machine.host, s.world.step};
}

/// Above lo: why it is lit although the call was for an address of the network.
void say_own_address(const Scene& s, const Machine& machine) {
  if (machine.own_address.empty()) return;
  const std::string words = machine.own_address + " is its own address";
  const float half = s.paint().width(Type::CaptionBold, words) / 2;
  const float x = std::clamp(s.at.plate.mid_x(), s.at.box.x0 + half + 8,
                             std::max(s.at.box.x0 + half + 8, s.at.box.x1 - half - 8));
  const float y = s.at.plate.y0 - 10;
  s.paint().fill({x - half - 5, y - 8, x + half + 5, y + 8}, s.kernel(), 4);
  s.paint().text(Type::CaptionBold, {x, y}, s.palette().text, words, AlignX::Middle);
  s.ui.note(s.id("own-address"), words, {x - half, y - 8, x + half, y + 8});
}

}  // namespace

Opened& opened_of(Ui& ui) { return ui.state<Opened>("stage/host/opened"); }

void draw_small(const WorldScene& s) {
  for (const SmallPlace& place : s.at.small) draw_small_box(s, place);
}

void draw_box(const WorldScene& world, std::size_t full) {
  const Scene& s = world.boxes[full];
  draw_machine(s);
  if (!s.at.folded) {
    const Machine& machine = world.world.machines[world.at.full[full].machine];
    if (machine.lo_used) draw_beds(s);  // what is used lies above
    {
      const Painter::Dim dim(s.paint(), machine.lo_used ? 0.0F : 0.35F, s.kernel());
      draw_loop(s);
    }
    if (!machine.lo_used) draw_beds(s);
    say_own_address(s, machine);
  }
  if (s.model.columns.empty())
    s.paint().text_fit(Type::Small, {s.at.box.mid_x(), (s.at.title_y + s.at.calls_y) / 2 + 6},
                       s.palette().muted, "no program runs here", s.at.box.width() - 24, AlignX::Middle);
  draw_stems(s);
  draw_doors(s);
  draw_columns(s);
  draw_descriptors(s);
  draw_callout(s);
  draw_knock(s);
  s.ui.note(s.id("box"), s.title, s.at.box);
}

void draw_frames(const WorldScene& world) {
  if (world.at.folded) return;
  for (const Scene& s : world.boxes) draw_packets(s);
  for (auto it = world.world.frames.rbegin(); it != world.world.frames.rend(); ++it) {
    const FrameWay way = way_of(world.at, *it);
    draw_pill(world.boxes.back(), it->packet, way.lane().at(distance_of(way, *it)));
  }
}

}  // namespace loopscope::app::stage
