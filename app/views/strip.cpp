#include <array>

#include "app/views/lesson_parts.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"
#include "sim/trace/journey.hpp"

namespace loopscope::app {
namespace {

using trace::JourneyStep;

/// Where the journey is at the moment, and when each step was reached first.
struct Progress {
  std::optional<std::size_t> current;
  std::array<std::optional<Nanoseconds>, trace::journey_steps> reached;
};

Progress progress_at(const trace::Timeline& timeline, Nanoseconds moment) {
  Progress progress;
  trace::Journey journey;
  for (const trace::Event& event : timeline.events()) {
    const std::optional<JourneyStep> step = journey.take(event);
    if (!step) continue;
    const auto index = static_cast<std::size_t>(*step);
    if (!progress.reached[index]) progress.reached[index] = event.at;
    if (event.at <= moment) progress.current = index;
  }
  return progress;
}

struct Entry {
  std::size_t index;
  bool done, now;
  std::string_view name;
};

void draw_dot(Ui& ui, Point centre, float radius, const Entry& entry) {
  const Painter& paint = ui.paint();
  const Palette& p = ui.palette();
  if (entry.now) paint.disc(centre, radius + 4, faded(p.accent, 0.2F));
  paint.disc(centre, radius, entry.done ? mix(p.panel, p.accent, 0.28F) : entry.now ? p.accent : p.raised);
  if (!entry.now) paint.ring(centre, radius, entry.done ? faded(p.accent, 0.7F) : p.strong_border, 1.4F);
  if (entry.done) {
    paint.icon(centre, radius + 3, p.accent, icon::Check);
  } else {
    paint.text(Type::SmallBold, centre, entry.now ? p.on_accent : p.muted, std::to_string(entry.index + 1),
               AlignX::Middle);
  }
}

/// A click goes to where the step began.
void react(Ui& ui, const Rect& area, const Entry& entry, const Progress& progress, Actions& actions) {
  const auto& reached = progress.reached[entry.index];
  const Hit hit = ui.hit(area, {.id = "strip/" + std::to_string(entry.index + 1),
                                .label = entry.name,
                                .kind = Kind::Choice,
                                .enabled = reached.has_value(),
                                .on = entry.now});
  if (hit.focused) ui.focus_ring(area, 8);
  const std::string state = entry.now ? "this is where we are"
                            : reached ? "go to its beginning"
                                      : "not reached yet";
  ui.tooltip(std::string(entry.name) + ": " + state);
  if (hit.pressed && reached) actions.push_back(action::JumpTo{*reached});
}

std::pair<std::string_view, std::string_view> two_lines(std::string_view name) {
  const std::size_t space = name.find(' ');
  if (space == std::string_view::npos) return {name, {}};
  return {name.substr(0, space), name.substr(space + 1)};
}

void draw_wide(Ui& ui, const Rect& area, const Progress& progress, Actions& actions) {
  const Painter& paint = ui.paint();
  const Palette& p = ui.palette();
  const float step = (area.width() - 40) / static_cast<float>(trace::journey_steps);
  const float y = area.mid_y();
  for (std::size_t i = 0; i < trace::journey_steps; ++i) {
    const Entry entry{i, progress.current && i < *progress.current, progress.current == i,
                      trace::to_string(static_cast<JourneyStep>(i))};
    const float x = area.x0 + 20 + step * static_cast<float>(i);
    react(ui, {x - 6, y - 26, x + step - 14, y + 26}, entry, progress, actions);
    draw_dot(ui, {x + 14, y}, 14, entry);
    const auto [first, second] = two_lines(entry.name);
    const Type type = entry.now ? Type::SmallBold : Type::Small;
    const Colour ink = entry.now ? p.text : p.muted;
    const float room = step - 52;
    const float wide = std::max(paint.text_fit(type, {x + 40, y - 9}, ink, first, room),
                                paint.text_fit(type, {x + 40, y + 9}, ink, second, room));
    const float from = x + 40 + wide + 12;
    const float to = x + step - 10;
    if (i + 1 < trace::journey_steps && to - from > 8) {
      paint.line({from, y}, {to, y}, entry.done ? faded(p.accent, 0.7F) : p.strong_border, 1.5F);
    }
  }
}

void draw_row(Ui& ui, const Rect& area, const Progress& progress, Actions& actions) {
  const Painter& paint = ui.paint();
  const Palette& p = ui.palette();
  const float y = area.mid_y();
  // dots of 24, lines between of 10 with 8 around: what is left is for the name
  const float dots = 5 * 24 + 4 * 22;
  const float room = area.width() - 14 - dots - 20;
  float x = area.x0 + 14;
  for (std::size_t i = 0; i < trace::journey_steps; ++i) {
    const Entry entry{i, progress.current && i < *progress.current, progress.current == i,
                      trace::to_string(static_cast<JourneyStep>(i))};
    float right = x + 24;
    if (entry.now && room > 40) {
      right += 8 + paint.text_fit(Type::SmallBold, {right + 8, y}, p.text, entry.name, room);
    }
    react(ui, {x - 2, y - 16, right + 2, y + 16}, entry, progress, actions);
    draw_dot(ui, {x + 12, y}, 12, entry);
    x = right;
    if (i + 1 == trace::journey_steps) break;
    paint.line({x + 6, y}, {x + 16, y}, p.strong_border, 1.5F);
    x += 22;
  }
}

}  // namespace

void draw_strip(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Progress progress = now.timeline != nullptr ? progress_at(*now.timeline, now.moment) : Progress{};
  if (area.width() >= 640)
    draw_wide(ui, area, progress, actions);
  else
    draw_row(ui, area, progress, actions);
}

}  // namespace loopscope::app
