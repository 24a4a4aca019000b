#include "app/views/induce_bar.hpp"

#include <algorithm>

#include "app/views/induce.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/menu.hpp"
#include "app/widgets/overlay.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {
namespace {

constexpr float item_height = 46, title_height = 26, pad = 14, gap = 6;

/// What there is to induce is looked for when something has changed, not in each frame.
struct Known {
  std::uint64_t revision = 0;
  const void* timeline = nullptr;
  std::size_t next = 0;
  int phase = -1;
  bool at_end = false, replaying = false;
  std::string selected;
  bool operator==(const Known&) const = default;
};
struct Found {
  std::optional<Known> known;
  std::vector<InductionGroup> groups;
};

const std::vector<InductionGroup>& found(Ui& ui, const Snapshot& now) {
  auto& kept = ui.state<Found>("induce/found");
  const Known known{now.timeline == nullptr ? 0 : now.timeline->revision(),
                    now.timeline,
                    now.live ? now.live->next_statement : 0,
                    now.live ? static_cast<int>(now.live->phase) + (now.live->opening ? 100 : 0) : -1,
                    now.at_end,
                    now.replaying,
                    now.selected};
  if (kept.known != known) kept = {known, inductions_in(induce_world_of(now))};
  return kept.groups;
}

struct Quick {
  std::string_view id, label;
};
/// In the order in which they give up their room.
constexpr Quick quick[] = {{"take/same", "Take the port"},
                           {"kill", "Kill"},
                           {"freeze", "Freeze"},
                           {"fill", "Fill the queue"},
                           {"drop-syn", "Drop"},
                           {"reject-rst", "Reject"},
                           {"cable", "Unplug"},
                           {"move/port", "Move"},
                           {"stop", "Stop"},
                           {"ephemeral", "Use up ports"}};

const Induction* named(const std::vector<InductionGroup>& groups, std::string_view id) {
  for (const InductionGroup& group : groups) {
    for (const Induction& item : group.items) {
      if (item.id == id) return &item;
    }
  }
  return nullptr;
}

std::string lines_in_words(const Induction& item) {
  std::string words;
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(most, item.lines.size()); ++i) words += "\n" + item.lines[i];
  if (item.lines.size() > most) words += "\n\xe2\x80\xa6 " + std::to_string(item.lines.size()) + " lines";
  return words;
}

std::string tip_of(const Induction& item) {
  if (!item.possible()) return item.label + "\nNot now: " + item.why_not + ".";
  return item.label + "\n" + item.tip + lines_in_words(item);
}

bool& sheet_is_open(Ui& ui) { return ui.state<bool>("induce/open"); }

void draw_quick(Ui& ui, Rect& area, const Induction& item, std::string_view label, Actions& actions) {
  const bool on = (item.id == "freeze" && item.label.starts_with("Let")) ||
                  (item.id == "cable" && item.label.starts_with("Plug"));
  const std::string words = !on ? std::string(label) : item.id == "cable" ? "Plug in" : "Go on";
  const std::string id = "induce/quick/" + item.id;
  const std::string tip = tip_of(item);
  const Button one{.id = id,
                   .label = words,
                   .icon = item.icon,
                   .look = on ? Look::Warning : Look::Normal,
                   .enabled = item.possible(),
                   .tip = tip,
                   .type = Type::Small};
  const float wide = button_width(ui, one);
  if (wide > area.width()) return;
  if (button(ui, area.cut_left(wide, gap), one)) actions.push_back(item.action());
}

/// At the right end: what has been written, and how to take it back.
void draw_history(Ui& ui, Rect& row, const Snapshot& now, Actions& actions) {
  const std::size_t lines = now.written == nullptr ? 0 : now.written->by_hand;
  const std::string label = lines == 0 ? "Experiment" : "Experiment +" + std::to_string(lines);
  bool& shown = experiment_is_open(ui);
  if (now.screen == Screen::Lesson) {
    const Button text{.id = "induce/experiment",
                      .label = label,
                      .icon = icon::Code,
                      .look = shown ? Look::Normal : Look::Ghost,
                      .on = shown,
                      .tip = "The experiment's text with every line that was done by hand (E)",
                      .type = Type::Small};
    if (button(ui, row.cut_right(button_width(ui, text), gap), text)) shown = !shown;
  }
  const std::string undo = now.written == nullptr ? "" : now.written->can_undo;
  const std::string redo = now.written == nullptr ? "" : now.written->can_redo;
  const std::string undo_tip =
      undo.empty() ? "Nothing was done by hand (Ctrl+Z)"
                   : "Take back what was done last: the run begins anew without it (Ctrl+Z)\n" + undo;
  if (!redo.empty()) {
    const std::string redo_tip = "Do once more what was taken back (Ctrl+Shift+Z)\n" + redo;
    if (button(ui, row.cut_right(32, gap),
               {.id = "induce/redo", .icon = icon::Reply, .look = Look::Ghost, .tip = redo_tip}))
      actions.push_back(action::Redo{});
  }
  if (button(ui, row.cut_right(32, gap),
             {.id = "induce/undo",
              .icon = icon::Undo,
              .look = Look::Ghost,
              .enabled = !undo.empty(),
              .tip = undo_tip}))
    actions.push_back(action::Undo{});
}

/// The line that says most of what is done, and how many more there are.
std::string telling_line(const Induction& item) {
  const auto telling = [](const std::string& line) {
    return line.find("bind(") != std::string::npos || line.find("connect(") != std::string::npos;
  };
  auto line = item.lines.begin();
  if (!line->starts_with("sysctl")) line = std::find_if(item.lines.begin(), item.lines.end(), telling);
  if (line == item.lines.end()) line = item.lines.begin();
  const std::size_t more = item.lines.size() - 1;
  return *line + (more == 0 ? "" : "  +" + std::to_string(more));
}

void draw_item(Ui& ui, const Rect& line, const Induction& item, bool& open, Actions& actions) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(
      line, {.id = "induce/" + item.id, .label = item.label, .kind = Kind::Row, .enabled = item.possible()});
  if (hit.hovered && item.possible()) ui.paint().fill(line, p.raised, radius::button);
  if (hit.focused) ui.focus_ring(line, radius::button);
  ui.tooltip(tip_of(item));
  const Colour ink = !item.possible() ? p.faint : item.ends_something ? ui.tone(Tone::Bad) : p.accent;
  ui.paint().icon({line.x0 + 18, line.y0 + 15}, 18, ink, item.icon);
  const float x = line.x0 + 36, wide = line.width() - 42;
  ui.paint().text_fit(Type::SmallBold, {x, line.y0 + 15}, item.possible() ? p.text : p.muted, item.label,
                      wide);
  const std::string below = !item.possible()     ? "Not now: " + item.why_not
                            : item.lines.empty() ? item.tip
                                                 : telling_line(item);
  const bool code = item.possible() && !item.lines.empty();
  ui.paint().text_fit(code ? Type::SmallMono : Type::Caption, {x, line.y0 + 33}, p.muted, below, wide);
  if (!hit.pressed) return;
  open = false;
  actions.push_back(item.action());
}

float height_of(const InductionGroup& group) {
  return title_height + item_height * static_cast<float>(group.items.size()) + 8;
}

/// Column by column, whole groups; returns the height.
float draw_groups(Ui& ui, Rect area, const std::vector<InductionGroup>& groups, int columns, bool& open,
                  Actions& actions) {
  float all = 0;
  for (const InductionGroup& group : groups) all += height_of(group);
  const float wide = (area.width() - 16 * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  float y = area.y0, most = 0, x = area.x0;
  int column = 0;
  for (const InductionGroup& group : groups) {
    const float high = height_of(group);
    const bool full = y - area.y0 + high / 2 > all / static_cast<float>(columns);
    if (full && column + 1 < columns) {
      ++column;
      x += wide + 16;
      y = area.y0;
    }
    ui.paint().text(Type::CaptionBold, {x, y + title_height / 2}, ui.palette().muted, group.title);
    y += title_height;
    for (const Induction& item : group.items) {
      draw_item(ui, Rect::at(x, y, wide, item_height), item, open, actions);
      y += item_height;
    }
    y += 8;
    most = std::max(most, y - area.y0);
  }
  return most;
}

}  // namespace

bool& experiment_is_open(Ui& ui) { return ui.state<bool>("experiment/open"); }

void draw_induce_bar(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const auto& groups = found(ui, now);
  draw_panel(ui, area);
  Rect row = area.inset(8, 3);
  bool& open = sheet_is_open(ui);
  const Button opener{.id = "induce/open",
                      .label = "Induce",
                      .icon = icon::Bolt,
                      .look = Look::Normal,
                      .on = open,
                      .tip = "All that can be induced now: each is a line of the experiment (I)"};
  const bool pressed = button(ui, row.cut_left(button_width(ui, opener), 10), opener);
  draw_history(ui, row, now, actions);
  for (const Quick& one : quick) {
    const Induction* item = named(groups, one.id);
    if (item != nullptr) draw_quick(ui, row, *item, one.label, actions);
  }
  const bool key = ui.shortcut(Key::I);
  if (pressed || key) open = !open;
  if (key && open) ui.state<bool>("induce/first") = true;
  if (now.screen == Screen::Lesson && ui.shortcut(Key::E)) experiment_is_open(ui) = !experiment_is_open(ui);
  if (ui.shortcut(Key::Z, with_ctrl)) actions.push_back(action::Undo{});
  if (ui.shortcut(Key::Z, {.ctrl = true, .shift = true})) actions.push_back(action::Redo{});
}

void draw_induce_sheet(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  bool& open = sheet_is_open(ui);
  if (!open) return;
  const auto& groups = found(ui, now);
  auto& height = ui.state<float>("induce/height", 480);
  const float wide = std::min(area.width() - 16, 940.0F);
  const int columns = wide > 620 ? 2 : 1;
  const float high = std::min(area.height() - 8, height + 2 * pad + 30);
  const Rect sheet = Rect::at(area.x0 + 8, area.y1 - high - 4, wide, high);
  const Overlay overlay(ui, "induce/sheet", sheet);
  draw_sheet_ground(ui, sheet);
  Rect rest = sheet.inset(pad);
  const Rect head = rest.cut_top(28, 2);
  ui.paint().text(Type::H3, {head.x0, head.mid_y()}, ui.palette().text, "Induce");
  const float x = head.x0 + ui.paint().width(Type::H3, "Induce") + 14;
  ui.paint().text_fit(Type::Small, {x, head.mid_y()}, ui.palette().muted,
                      "Done for real, at once, and written into the experiment: Ctrl+Z takes it back.",
                      head.x1 - 40 - x);
  if (button(ui, Rect::at(head.x1 - 32, head.y0, 32, 28),
             {.id = "induce/close", .icon = icon::Close, .look = Look::Ghost, .tip = "Close (Esc)"}))
    open = false;
  {
    ScrollArea scroll(ui, "induce/items", rest, ui.palette().card);
    height = draw_groups(ui, scroll.content().inset(4, 0), groups, columns, open, actions);
    scroll.end_at(scroll.content().y0 + height);
  }
  if (bool& first = ui.state<bool>("induce/first"); first) {
    first = false;
    for (const InductionGroup& group : groups) {
      const auto one = std::find_if(group.items.begin(), group.items.end(),
                                    [](const Induction& item) { return item.possible(); });
      if (one == group.items.end()) continue;
      ui.focus("induce/" + one->id);
      break;
    }
  }
  if (ui.shortcut(Key::Escape)) open = false;
}

}  // namespace loopscope::app
