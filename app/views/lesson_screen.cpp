#include "app/views/lesson_screen.hpp"

#include <array>

#include "app/views/experiment_panel.hpp"
#include "app/views/induce_bar.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"

namespace loopscope::app {

namespace {

constexpr float narrow = 1366;  // under this width the inspector is a rail
constexpr float usual_rail_width = 52, projector_rail_width = 72;
constexpr float drawer_width = 352;        // the inspector that opens from the rail
constexpr float least_stage = 520;         // the machine with two processes
constexpr float least_stage_height = 446;  // with the words of a held packet below the wall of ports

float or_automatic(float chosen, float automatic, float least, float most) {
  return std::clamp(chosen > 0 ? chosen : automatic, least, std::max(least, most));
}

struct RailEntry {
  const char* icon;
  std::string_view label;
};
constexpr std::array<RailEntry, 5> rail_entries{{{icon::Swap, "sockets"},
                                                 {icon::Mail, "packets"},
                                                 {icon::List, "calls"},
                                                 {icon::Code, "code"},
                                                 {icon::Terminal, "try it"}}};

// The rail, and the inspector over the stage where it was opened.
void draw_rail(Ui& ui, const LessonLayout& at, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  bool& open = ui.state<bool>("inspector/open");
  draw_panel(ui, at.inspector);
  Rect column = at.inspector.inset(4, 12);
  const float cell_height = std::clamp((column.height() - 48) / 5 - 8, 32.0F, 56.0F);
  const bool named = cell_height >= 48;
  for (std::size_t i = 0; i < rail_entries.size(); ++i) {
    const auto& [sign, label] = rail_entries[i];
    const Rect cell = column.cut_top(cell_height, 8);
    const bool on = open && now.settings->inspector_tab == static_cast<int>(i);
    const Hit hit = row(ui, cell, "rail/" + std::string(label), label, on);
    const Colour ink = on ? p.accent : hit.hovered ? p.text : p.muted;
    ui.paint().icon({cell.mid_x(), named ? cell.y0 + 21 : cell.mid_y()}, 20, ink, sign);
    if (named) ui.paint().text(Type::Caps, {cell.mid_x(), cell.y0 + 42}, ink, label, AlignX::Middle);
    if (!hit.pressed) continue;
    open = !on;
    actions.push_back(action::SetInspectorTab{static_cast<int>(i)});
  }
  const Rect foot = Rect::around({at.inspector.mid_x(), at.inspector.y1 - 26}, 36, 36);
  if (button(ui, foot,
             {.id = "rail/open",
              .label = {},
              .icon = open ? icon::ChevronRight : icon::ChevronLeft,
              .look = Look::Ghost,
              .tip = open ? "Close the inspector" : "Open the inspector"}))
    open = !open;
}

void draw_drawer(Ui& ui, const LessonLayout& at, const Snapshot& now, Actions& actions) {
  // Below the transport: the learner goes on stepping while it is open.
  const Rect drawer{std::max(gutter, at.inspector.x0 - drawer_width - 4), at.stage.y0, at.inspector.x0 - 4,
                    at.inspector.y1};
  const Overlay overlay(ui, "inspector/drawer", drawer);
  ui.paint().glow(drawer, ui.palette().shadow, radius::panel, 16);
  draw_inspector(ui, drawer, now, actions);
}

void draw_splitters(Ui& ui, const LessonLayout& at, Actions& actions) {
  action::SetPanels sizes{at.lesson_width, at.inspector_width, at.sequence_height};
  bool moved = splitter(ui, {at.lesson.x1, at.lesson.y0, at.stage.x0, at.lesson.y1}, "splitter/lesson",
                        "width of the lesson", true, sizes.lesson_width, at.lesson_least, at.lesson_most, 1);
  if (!at.rail)
    moved |= splitter(ui, {at.stage.x1, at.inspector.y0, at.inspector.x0, at.inspector.y1},
                      "splitter/inspector", "width of the inspector", true, sizes.inspector_width,
                      at.inspector_least, at.inspector_most, -1);
  if (!at.sequence.empty())
    moved |= splitter(ui, {at.stage.x0, at.induce.y1, at.stage.x1, at.sequence.y0}, "splitter/sequence",
                      "height of the sequence", false, sizes.sequence_height, at.sequence_least,
                      at.sequence_most, -1);
  if (moved) actions.push_back(sizes);
}

// A part that needs more room than there is (a large scale in a small window) is drawn smaller, whole.
void draw_at_least(Ui& ui, Rect area, float width, float height, const Snapshot& now, Actions& actions,
                   void (*draw)(Ui&, Rect, const Snapshot&, Actions&)) {
  const float factor = std::min({1.0F, area.width() / width, height > 0 ? area.height() / height : 1.0F});
  if (factor > 0.97F) {
    draw(ui, area, now, actions);
    return;
  }
  const Ui::Zoom zoom(ui, area.top_left(), factor);
  draw(ui, Rect::at(area.x0, area.y0, area.width() / factor, area.height() / factor), now, actions);
}

// Keys that work wherever the focus is; controls with the focus came first.
void take_shortcuts(Ui& ui, Actions& actions) {
  if (ui.shortcut(Key::Right) || ui.shortcut(Key::PageDown)) actions.push_back(action::StepForward{});
  if (ui.shortcut(Key::Left) || ui.shortcut(Key::PageUp)) actions.push_back(action::StepBack{});
  if (ui.shortcut(Key::Space)) actions.push_back(action::PlayPause{});
  if (ui.shortcut(Key::Home)) actions.push_back(action::JumpToStart{});
  if (ui.shortcut(Key::End)) actions.push_back(action::JumpToEnd{});
  if (ui.shortcut(Key::R)) actions.push_back(action::StartOver{});
  if (ui.shortcut(Key::Escape)) {
    if (bool& open = ui.state<bool>("inspector/open"); open)
      open = false;
    else
      actions.push_back(action::GoHome{});
  }
}

}  // namespace

LessonLayout lay_out_lesson_screen(Rect area, const Settings& settings) {
  LessonLayout at;
  at.rail = area.width() < narrow;
  const float rail_width = settings.projector ? projector_rail_width : usual_rail_width;
  Rect rest = area.inset(gutter);
  // A large screen gives the text and the tables a little more room.
  const float generous = std::clamp((area.width() - 1600) * 0.15F, 0.0F, 64.0F);
  at.lesson_least = 260;
  at.inspector_least = 280;
  const float spare = rest.width() - least_stage - 2 * gutter;
  at.lesson_most =
      std::max(at.lesson_least, std::min(640.0F, spare - (at.rail ? rail_width : at.inspector_least)));
  at.lesson_width =
      or_automatic(settings.lesson_width, at.rail ? 320 : 352 + generous, at.lesson_least, at.lesson_most);
  at.inspector_most = std::max(at.inspector_least, std::min(720.0F, spare - at.lesson_width));
  at.inspector_width =
      or_automatic(settings.inspector_width, 352 + generous, at.inspector_least, at.inspector_most);
  at.lesson = rest.cut_left(at.lesson_width, gutter);
  at.inspector = rest.cut_right(at.rail ? rail_width : at.inspector_width, gutter);

  const bool two_rows = !at.rail || rest.width() < 600;
  at.steps_panel = rest.cut_top(two_rows ? 112 : 60, gutter);
  at.strip = at.steps_panel;
  if (two_rows)
    at.transport = at.strip.cut_bottom(50);
  else
    at.transport = at.strip.cut_right(std::min(480.0F, at.strip.width() * 0.56F));
  // On a projector, or in a very low window, the stage has the room.
  const bool low = rest.height() < 500;
  at.sequence_least = 120;
  at.sequence_most = std::max(at.sequence_least, std::min(rest.height() * 0.6F, rest.height() - 240 - gutter -
                                                                                    induce_bar_height - 4));
  at.sequence_height =
      or_automatic(settings.sequence_height, std::clamp(rest.height() * 0.285F - 14, 166.0F, 264.0F),
                   at.sequence_least, at.sequence_most);
  if (!low) at.sequence = rest.cut_bottom(at.sequence_height, gutter);
  at.induce = rest.cut_bottom(induce_bar_height, 4);
  at.stage = rest;
  return at;
}

void draw_lesson_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const LessonLayout at = lay_out_lesson_screen(area, *now.settings);
  const bool drawer = at.rail && ui.state<bool>("inspector/open");
  const bool text = now.lesson == nullptr || experiment_is_open(ui);
  (text ? draw_experiment_panel : draw_lesson_panel)(ui, at.lesson, now, actions);
  draw_panel(ui, at.steps_panel);
  if (!at.rail)
    ui.paint().line({at.steps_panel.x0, at.transport.y0}, {at.steps_panel.x1, at.transport.y0},
                    ui.palette().border);
  draw_at_least(ui, at.strip, at.strip.height() > 60 ? 380 : 320, 0, now, actions, draw_strip);
  draw_at_least(ui, at.transport, 360, 0, now, actions, draw_transport);
  draw_at_least(ui, at.stage, 760, least_stage_height, now, actions, draw_stage);
  draw_induce_bar(ui, at.induce, now, actions);
  if (!at.sequence.empty()) draw_sequence(ui, at.sequence, now, actions);
  if (at.rail)
    draw_rail(ui, at, now, actions);
  else
    draw_inspector(ui, at.inspector, now, actions);
  draw_splitters(ui, at, actions);
  if (drawer) draw_drawer(ui, at, now, actions);
  draw_induce_sheet(ui, {at.stage.x0, at.steps_panel.y1, at.stage.x1, at.induce.y0}, now, actions);
  take_shortcuts(ui, actions);
}

}  // namespace loopscope::app
