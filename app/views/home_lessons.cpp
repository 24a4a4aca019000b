#include <cmath>

#include "app/views/home_parts.hpp"
#include "app/views/home_tiles.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

constexpr float card_height = 132, card_gap = 12, least_card = 228;

/// A lesson that is there, or one that is still to be written.
struct Entry {
  const lessons::Lesson* lesson = nullptr;
  const lessons::Planned* planned = nullptr;
  [[nodiscard]] int number() const { return lesson != nullptr ? lesson->number : planned->number; }
};

struct Group {
  int number = 0;
  std::string title;
  std::vector<Entry> entries;
};

std::vector<Group> groups_of(const Snapshot& now) {
  std::vector<Group> groups;
  const auto group = [&](int part) -> Group& {
    for (auto& known : groups)
      if (known.number == part) return known;
    return groups.emplace_back(Group{part, "Part " + std::to_string(part), {}});
  };
  if (now.library != nullptr)
    for (const auto& part : now.library->parts) groups.push_back({part.number, part.title, {}});
  if (now.lessons != nullptr)
    for (const auto& lesson : *now.lessons) group(lesson.part).entries.push_back({&lesson, nullptr});
  if (now.library != nullptr)
    for (const auto& planned : now.library->planned)
      group(planned.part).entries.push_back({nullptr, &planned});
  for (auto& one : groups)
    std::stable_sort(one.entries.begin(), one.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.number() < b.number(); });
  std::erase_if(groups, [](const Group& one) { return one.entries.empty(); });
  return groups;
}

void draw_number(Ui& ui, Point centre, int number, float share, bool here) {
  const Palette& p = ui.palette();
  if (share >= 1) {
    ui.paint().disc(centre, 13, p.of(Tone::Good));
    ui.paint().icon(centre, 18, p.on_tone(Tone::Good), icon::Check);
    return;
  }
  draw_progress_ring(ui, centre, 12, share, Tone::Info, 3);
  ui.paint().text(Type::Chip, centre, here || share > 0 ? p.text : p.muted, std::to_string(number),
                  AlignX::Middle);
}

std::string state_words(const lessons::Lesson& lesson, const lessons::LessonProgress* progress, bool here) {
  if (progress != nullptr && progress->done) return "done";
  if (here) return "you are here";
  if (progress != nullptr && progress->page > 0)
    return "page " + std::to_string(progress->page + 1) + " of " + std::to_string(lesson.pages.size());
  return std::to_string(lesson.minutes) + " min";
}

void draw_lesson_card(Ui& ui, const Rect& area, const lessons::Lesson& lesson, const Snapshot& now,
                      Actions& actions) {
  const Palette& p = ui.palette();
  const float share = share_done(lesson, now.progress);
  const auto* progress = progress_of(now.progress, lesson.id);
  const bool here = share < 1 && now.progress != nullptr && now.progress->last_lesson == lesson.id;
  const Hit hit = ui.hit(area, {.id = "home/lesson/" + lesson.id, .label = lesson.title, .on = here});
  const Colour ground = here ? mix(p.card, p.accent, p.dark ? 0.16F : 0.08F) : p.panel;
  ui.paint().fill(area,
                  hit.held      ? mix(ground, p.accent, 0.2F)
                  : hit.hovered ? mix(ground, p.accent, p.dark ? 0.08F : 0.05F)
                                : ground,
                  radius::card);
  ui.paint().stroke(area,
                    here          ? p.accent
                    : hit.hovered ? p.strong_border
                                  : p.border,
                    radius::card, here ? 1.5F : 1);
  const Rect inside = area.inset(16, 14);
  draw_number(ui, {inside.x0 + 12, inside.y0 + 13}, lesson.number, share, here);
  const Colour words = share >= 1 ? p.of(Tone::Good) : here ? p.accent : p.muted;
  ui.paint().text(here ? Type::CaptionBold : Type::Caption, {inside.x1, inside.y0 + 13}, words,
                  state_words(lesson, progress, here), AlignX::Right);
  ui.paint().text_fit(Type::H3, {inside.x0, inside.y0 + 47}, p.text, lesson.title, inside.width());
  const Point words_at{inside.x0, inside.y0 + 60};
  if (ui.paint().paragraph_height(Type::Small, inside.width(), lesson.summary, 19) <= 38)
    ui.paint().paragraph(Type::Small, words_at, inside.width(), p.muted, lesson.summary, 19);
  else
    ui.paint().paragraph(Type::Caption, {words_at.x, words_at.y - 2}, inside.width(), p.muted, lesson.summary,
                         16, 3);
  if (hit.focused) ui.focus_ring(area, radius::card);
  if (hit.pressed) actions.push_back(action::OpenLesson{lesson.id});
}

// Lessons that are named and not written: listed, in what does not look as if it could be opened.
void draw_planned(Ui& ui, const Rect& area, const std::vector<const lessons::Planned*>& planned) {
  const Palette& p = ui.palette();
  ui.paint().dashed_rect(area.inset(1), p.border, 1, 5, 5);
  Rect inside = area.inset(16, 12);
  if (inside.height() > 60) {
    ui.paint().text(Type::Caption, {inside.x0, inside.y0 + 9}, p.faint, "Not written yet");
    inside.y0 += 24;
  } else {
    inside.y0 = area.mid_y() - 11;
  }
  constexpr float step = 23;
  const auto lines = static_cast<std::size_t>(std::max(1.0F, inside.height() / step));
  const std::size_t columns = (planned.size() + lines - 1) / lines;
  const float wide = std::min(300.0F, inside.width() / static_cast<float>(columns));
  for (std::size_t i = 0; i < planned.size(); ++i) {
    // Read along the line where all fit beside each other, else down.
    const Rect cell = Rect::at(inside.x0 + static_cast<float>(i / lines) * wide,
                               inside.y0 + static_cast<float>(i % lines) * step, wide, step);
    const std::string number = std::to_string(planned[i]->number);
    ui.paint().text(Type::CaptionBold, {cell.x0 + 14, cell.mid_y()}, p.faint, number, AlignX::Right);
    const bool fits = ui.paint().width(Type::Small, planned[i]->title) <= wide - 28;
    ui.paint().text_fit(fits ? Type::Small : Type::Caption, {cell.x0 + 24, cell.mid_y()}, p.muted,
                        planned[i]->title, wide - 26);
    ui.note("home/planned/" + number, planned[i]->title, cell);
  }
}

void draw_part(Ui& ui, Rect area, const Group& group, const Snapshot& now) {
  const Palette& p = ui.palette();
  ui.paint().caps({area.x0, area.y0 + 12}, p.muted, "Part " + std::to_string(group.number));
  float y = area.y0 + 24;
  y += ui.paint().paragraph(Type::H3, {area.x0, y}, area.width() - 16, p.text, group.title, 22, 2) + 4;
  int there = 0, done = 0;
  for (const auto& entry : group.entries) {
    if (entry.lesson == nullptr) continue;
    ++there;
    if (share_done(*entry.lesson, now.progress) >= 1) ++done;
  }
  const std::string words =
      there == 0 ? "not written yet" : std::to_string(done) + " of " + std::to_string(there) + " done";
  ui.paint().text(Type::Caption, {area.x0, y + 6}, there > 0 && done == there ? p.of(Tone::Good) : p.muted,
                  words);
}

}  // namespace

namespace {

/// The columns of the lessons' cards.
struct Grid {
  float x0 = 0, wide = 0;
  int columns = 1;
  [[nodiscard]] Rect cell(int column, int span, float y) const {
    const float x = x0 + static_cast<float>(column) * (wide + card_gap);
    return Rect::at(x, y, static_cast<float>(span) * (wide + card_gap) - card_gap, card_height);
  }
};

/// Puts tiles into the free places of a row: two at most, so that none is lost among the lessons.
void fill_row(Ui& ui, const Grid& grid, int column, float y, std::vector<HomeTile>& tiles, Actions& actions) {
  int free = grid.columns - column;
  while (free > 0 && !tiles.empty()) {
    const bool another = free >= 2 && tiles.size() > 1 && free != 2;
    const int span = another ? free / 2 : std::min(free, 2);
    draw_tile(ui, grid.cell(column, span, y), tiles.front(), actions);
    tiles.erase(tiles.begin());
    column += span;
    free -= span;
  }
}

/// What found no free place.
float draw_practice(Ui& ui, Rect area, const Grid& grid, std::vector<HomeTile>& tiles, Actions& actions) {
  if (tiles.empty()) return 0;
  const Palette& p = ui.palette();
  const float top = area.y0;
  ui.paint().caps({area.x0, area.y0 + 12}, p.muted, "Practice");
  ui.paint().paragraph(Type::H3, {area.x0, area.y0 + 24}, grid.x0 - area.x0 - 16, p.text, "On your own", 22,
                       2);
  while (!tiles.empty()) {
    const int together = std::min(static_cast<int>(tiles.size()), grid.columns);
    for (int i = 0; i < together; ++i) {
      const int from = i * grid.columns / together, to = (i + 1) * grid.columns / together;
      draw_tile(ui, grid.cell(from, std::min(2, to - from), area.y0), tiles.front(), actions);
      tiles.erase(tiles.begin());
    }
    area.y0 += card_height + 16;
  }
  return area.y0 - top;
}

}  // namespace

float draw_lessons(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const float top = area.y0;
  const float label = area.width() < 1366 ? 168 : 190;
  const float room = area.width() - label;
  Grid grid;
  grid.x0 = area.x0 + label;
  grid.columns = std::clamp(static_cast<int>((room + card_gap) / (least_card + card_gap)), 1, 5);
  grid.wide = std::floor((room + card_gap) / static_cast<float>(grid.columns) - card_gap);
  std::vector<HomeTile> tiles = home_tiles(now);
  for (const Group& group : groups_of(now)) {
    std::vector<const lessons::Planned*> planned;
    int column = 0;
    const float y = area.y0;
    for (const Entry& entry : group.entries) {
      if (entry.planned != nullptr) planned.push_back(entry.planned);
      if (entry.lesson == nullptr) continue;
      if (column == grid.columns) {
        column = 0;
        area.y0 += card_height + card_gap;
      }
      draw_lesson_card(ui, grid.cell(column++, 1, area.y0), *entry.lesson, now, actions);
    }
    // What is to come takes the rest of the row; a part of which nothing is written is a low row.
    const float tall = column == 0 ? 64 : card_height;
    if (!planned.empty()) {
      if (column == grid.columns) {
        column = 0;
        area.y0 += card_height + card_gap;
      }
      // A part of which nothing is written has a low row to itself; else a few take one place.
      const bool few = column > 0 && planned.size() <= 3;
      Rect rest = grid.cell(column, few ? 1 : grid.columns - column, area.y0);
      rest.y1 = rest.y0 + tall;
      draw_planned(ui, rest, planned);
      column = few ? column + 1 : grid.columns;
    }
    fill_row(ui, grid, column, area.y0, tiles, actions);
    draw_part(ui, Rect::at(area.x0, y, label, tall), group, now);
    area.y0 += tall + 16;
  }
  area.y0 += draw_practice(ui, area, grid, tiles, actions);
  return area.y0 - top;
}

}  // namespace loopscope::app
