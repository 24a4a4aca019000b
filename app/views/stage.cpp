#include "app/views/stage.hpp"

#include "app/views/lesson_parts.hpp"
#include "app/views/remedy_list.hpp"
#include "app/views/stage_draw.hpp"
#include "app/views/stage_world_draw.hpp"

namespace loopscope::app {
namespace {

const std::vector<lessons::Act>* acts_of(const Snapshot& now) {
  if (now.lesson == nullptr || now.page < 0 || static_cast<std::size_t>(now.page) >= now.lesson->pages.size())
    return nullptr;
  return &now.lesson->pages[static_cast<std::size_t>(now.page)].acts;
}

void draw_empty(Ui& ui, const Rect& area, const Snapshot& now) {
  const Palette& p = ui.palette();
  ui.paint().icon({area.mid_x(), area.mid_y() - 34}, 30, p.faint, icon::Computer);
  const bool refused = !now.refusal.empty();
  const std::string_view words =
      refused ? std::string_view("This machine makes no private lab") : "Nothing has happened yet";
  ui.paint().text(Type::H3, {area.mid_x(), area.mid_y()}, p.text, words, AlignX::Middle);
  if (!refused) {
    const bool by_hand = acts_of(now) != nullptr && !acts_of(now)->empty();
    ui.paint().text(Type::Small, {area.mid_x(), area.mid_y() + 28}, p.muted,
                    by_hand ? "No program runs here. The buttons in the lesson start them."
                            : "Step (\xe2\x86\x92) takes the first call.",
                    AlignX::Middle);
    return;
  }
  const std::string_view hint = now.refusal;
  const float width = std::min(520.0F, area.width() - 40);
  ui.paint().paragraph(Type::Small, {area.mid_x() - width / 2, area.mid_y() + 18}, width, p.muted, hint);
}

void draw_scene(const stage::Scene& scene) {
  stage::draw_machine(scene);
  stage::draw_track(scene);
  stage::draw_stems(scene);
  stage::draw_doors(scene);
  stage::draw_columns(scene);
  stage::draw_descriptors(scene);
  stage::draw_callout(scene);
  stage::draw_knock(scene);
  stage::draw_guards(scene);
  stage::draw_packets(scene);
  stage::draw_words_of_network(scene);
  stage::draw_verdict(scene);
}

/// The machine is there, and no program on it yet.
void draw_nobody(const stage::Scene& scene, bool opening) {
  const Rect& box = scene.at.box;
  const float y = (box.y0 + 36 + scene.at.calls_y) / 2;
  const bool by_hand = scene.acts != nullptr && !scene.acts->empty();
  if (opening) {
    scene.paint().text(Type::H3, {box.mid_x(), y}, scene.palette().muted, "A fresh machine is being made",
                       AlignX::Middle);
    return;
  }
  scene.paint().text(Type::H3, {box.mid_x(), y - 14}, scene.palette().text, "No program runs here yet",
                     AlignX::Middle);
  scene.paint().text(
      Type::Small, {box.mid_x(), y + 14}, scene.palette().muted,
      by_hand ? "The buttons in the lesson start them." : "Step (\xe2\x86\x92) takes the first call.",
      AlignX::Middle);
}

/// Keys for the packet that is held now; the buttons say which.
void take_keys(const stage::Scene& scene) {
  if (!scene.can_act) return;
  for (const auto* packets : {&scene.model.packets, &scene.model.packets_elsewhere}) {
    for (const stage::PacketView& packet : *packets) {
      if (!packet.held) continue;
      if (scene.ui.shortcut(Key::L)) scene.actions.push_back(action::LetGo{*packet.held});
      if (scene.ui.shortcut(Key::D)) scene.actions.push_back(action::DropPacket{*packet.held});
      return;
    }
  }
}

bool can_act(const Snapshot& now) {
  return now.live.has_value() && now.live->phase != lab::Phase::Ended && now.at_end;
}

std::string addresses_of(const stage::Machine& machine, bool roomy) {
  std::string words;
  for (const IpAddress& ip : machine.addresses) {
    if (ip.is_v6() && !roomy) continue;
    words += (words.empty() ? "" : "   ") + to_string(ip);
  }
  return words;
}

/// Several machines, and the cable between them.
void draw_world(Ui& ui, const Rect& area, const Snapshot& now, const stage::World& world, Actions& actions) {
  stage::Opened& opened = stage::opened_of(ui);
  if (opened.step != world.step) opened = {};
  const stage::WorldLayout layout = stage::lay_out(world, area, opened.host);
  std::vector<std::string> addresses;
  for (const stage::FullPlace& place : layout.full)
    addresses.push_back(addresses_of(world.machines[place.machine], place.at.box.width() > 440));
  std::vector<stage::Scene> boxes;
  for (std::size_t i = 0; i < layout.full.size(); ++i) {
    const stage::Machine& machine = world.machines[layout.full[i].machine];
    boxes.push_back({ui, machine.model, layout.full[i].at, *now.timeline, can_act(now), acts_of(now), nullptr,
                     actions, machine.host, machine.title, addresses[i]});
  }
  const stage::Model told = stage::told_of(world);
  stage::Layout room;
  room.area = area;
  room.free = layout.words;
  room.verdict = layout.verdict;
  room.folded = layout.folded;
  room.boxed = true;
  const stage::Scene words{
      ui,     told, room, *now.timeline, can_act(now), acts_of(now), offers_remedies(now) ? &now : nullptr,
      actions};
  const stage::WorldScene scene{ui, world, layout, std::move(boxes), told, words};
  const Painter::Clip clip(ui.paint(), area.inset(1));
  for (std::size_t i = 0; i < scene.boxes.size(); ++i) stage::draw_box(scene, i);
  stage::draw_cable(scene);
  stage::draw_lit_ways(scene);
  stage::draw_gates(scene);
  stage::draw_eth0(scene);
  stage::draw_small(scene);
  stage::draw_frames(scene);
  stage::draw_words_of_network(words);
  if (layout.folded) stage::draw_verdict(words);
  for (const stage::Scene& box : scene.boxes) {
    stage::draw_menu(box, now);
    if (box.host == experiment::here) stage::draw_firewall(box);
  }
  take_keys(words);
}

stage::Input input_of(const Snapshot& now) {
  stage::Input input;
  input.timeline = now.timeline;
  input.moment = now.moment;
  input.progress = now.progress_of_motion;
  input.experiment = now.experiment;
  if (now.live) {
    if (now.live->phase == lab::Phase::Asking) input.asking = now.live->next_statement;
    input.predictions = now.live->predictions;
  }
  input.selected = now.selected;
  if (now.at_end) input.delays = now.delays;
  input.explanation = now.explanation;
  input.trial = now.trial;
  return input;
}

}  // namespace

stage::Model stage_model_of(const Snapshot& now) { return stage::model_at(input_of(now)); }

std::optional<stage::World> stage_world_of(const Snapshot& now) {
  const stage::Input input = input_of(now);
  if (!stage::has_neighbours(input)) return std::nullopt;
  return stage::world_at(input);
}

void draw_stage(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  draw_panel(ui, area);
  ui.paint().fill(area.inset(1), mix(ui.palette().panel, ui.palette().ground, 0.5F), radius::panel);
  if (now.timeline == nullptr) return draw_empty(ui, area, now);
  if (const auto world = stage_world_of(now); world && now.refusal.empty()) {
    Rect inside = area.inset(12, 8);
    draw_run_notice(ui, inside, now, actions);
    if (inside.y0 > area.y0 + 8) area.y0 = inside.y0 - 8;
    return draw_world(ui, area, now, *world, actions);
  }
  const stage::Model model = stage_model_of(now);
  const bool nobody = model.empty && model.processes.empty();
  if (nobody && !now.refusal.empty()) return draw_empty(ui, area, now);
  Rect inside = area.inset(12, 8);
  draw_run_notice(ui, inside, now, actions);
  if (inside.y0 > area.y0 + 8) area.y0 = inside.y0 - 8;
  const stage::Layout layout = stage::lay_out(model, area);
  const stage::Scene scene{
      ui,     model, layout, *now.timeline, can_act(now), acts_of(now), offers_remedies(now) ? &now : nullptr,
      actions};
  const Painter::Clip clip(ui.paint(), area.inset(1));
  draw_scene(scene);
  if (nobody) draw_nobody(scene, now.live && now.live->opening);
  stage::draw_menu(scene, now);
  // This machine's own firewall is nobody's to play with.
  if (!now.live || !now.live->on_this_machine) stage::draw_firewall(scene);
  take_keys(scene);
}

}  // namespace loopscope::app
