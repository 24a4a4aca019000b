#include <cmath>

#include "app/views/home_parts.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

constexpr float card_height = 104, card_gap = 12, least_card = 228;

bool is_done(const Snapshot& now, const lessons::Case& one) {
  if (now.progress == nullptr) return false;
  const auto found = now.progress->cases.find(one.id);
  return found != now.progress->cases.end() && found->second.done;
}

void draw_case_card(Ui& ui, const Rect& area, const lessons::Case& one, bool done, Actions& actions) {
  const Palette& p = ui.palette();
  const Hit hit = ui.hit(area, {.id = "home/case/" + one.id, .label = one.title, .on = done});
  ui.paint().fill(area, hit.hovered ? mix(p.panel, p.accent, p.dark ? 0.08F : 0.05F) : p.panel, radius::card);
  ui.paint().stroke(area, hit.hovered ? p.strong_border : p.border, radius::card);
  const Rect inside = area.inset(16, 12);
  const Point mark{inside.x0 + 12, inside.y0 + 11};
  if (done) {
    ui.paint().disc(mark, 12, p.of(Tone::Good));
    ui.paint().icon(mark, 16, p.on_tone(Tone::Good), icon::Check);
  } else {
    draw_progress_ring(ui, mark, 11, 0, Tone::Info, 3);
    ui.paint().text(Type::Chip, mark, p.muted, std::to_string(one.number), AlignX::Middle);
  }
  ui.paint().text(Type::Caption, {inside.x1, mark.y}, done ? p.of(Tone::Good) : p.muted,
                  done ? "solved" : one.level + ", " + std::to_string(one.minutes) + " min", AlignX::Right);
  ui.paint().paragraph(Type::SmallBold, {inside.x0, inside.y0 + 30}, inside.width(), p.text, one.title, 20,
                       3);
  if (hit.focused) ui.focus_ring(area, radius::card);
  ui.tooltip(one.summary);
  if (hit.pressed) actions.push_back(action::OpenCase{one.id});
}

}  // namespace

float draw_cases(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  if (now.cases == nullptr || now.cases->empty()) return 0;
  const Palette& p = ui.palette();
  const float label = area.width() < 1366 ? 168 : 190;
  const float room = area.width() - label;
  const int columns = std::clamp(static_cast<int>((room + card_gap) / (least_card + card_gap)), 1, 5);
  const float wide = std::floor((room + card_gap) / static_cast<float>(columns) - card_gap);
  int done = 0, column = 0;
  float y = area.y0;
  for (const lessons::Case& one : *now.cases) {
    if (column == columns) {
      column = 0;
      y += card_height + card_gap;
    }
    const bool solved = is_done(now, one);
    done += solved ? 1 : 0;
    const float x = area.x0 + label + static_cast<float>(column++) * (wide + card_gap);
    draw_case_card(ui, Rect::at(x, y, wide, card_height), one, solved, actions);
  }
  ui.paint().caps({area.x0, area.y0 + 12}, p.muted, "Case files");
  float at = area.y0 + 24;
  at += ui.paint().paragraph(Type::H3, {area.x0, at}, label - 16, p.text, "Find out why it does not answer",
                             22, 3) +
        4;
  const int all = static_cast<int>(now.cases->size());
  ui.paint().text(Type::Caption, {area.x0, at + 6}, done == all ? p.of(Tone::Good) : p.muted,
                  std::to_string(done) + " of " + std::to_string(all) + " solved");
  return y + card_height + 16 - area.y0;
}

}  // namespace loopscope::app
