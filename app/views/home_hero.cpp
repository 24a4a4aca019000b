#include <array>
#include <cmath>
#include <numbers>

#include "app/views/home_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

constexpr std::array<std::string_view, 6> stage_names{"Question", "Predict",   "Watch",
                                                      "Why",      "Change it", "Check"};

// The share of the pages of one stage that lie before the learner's page.
float stage_share(const lessons::Lesson& lesson, int page, bool done, std::size_t stage) {
  int all = 0, passed = 0;
  for (std::size_t i = 0; i < lesson.pages.size(); ++i) {
    if (static_cast<std::size_t>(lesson.pages[i].stage) != stage) continue;
    ++all;
    if (done || static_cast<int>(i) < page) ++passed;
  }
  return all == 0 ? 0.0F : static_cast<float>(passed) / static_cast<float>(all);
}

void draw_arc(Ui& ui, Rect area, const lessons::Lesson& lesson, int page, bool done) {
  const Palette& p = ui.palette();
  const float wide = std::min(84.0F, (area.width() - 5 * 8) / 6);
  const auto here = page >= 0 && static_cast<std::size_t>(page) < lesson.pages.size()
                        ? static_cast<std::size_t>(lesson.pages[static_cast<std::size_t>(page)].stage)
                        : std::size_t{0};
  for (std::size_t i = 0; i < stage_names.size(); ++i) {
    const Rect bar = Rect::at(area.x0 + static_cast<float>(i) * (wide + 8), area.mid_y() - 10, wide, 5);
    const float share = stage_share(lesson, page, done, i);
    const bool now = i == here && !done;
    ui.paint().fill(bar, p.strong_border, 2.5F);
    if (share >= 1)
      ui.paint().fill(bar, p.of(Tone::Good), 2.5F);
    else if (now)
      ui.paint().fill({bar.x0, bar.y0, bar.x0 + bar.width() * std::max(0.25F, share), bar.y1}, p.accent,
                      2.5F);
    ui.paint().text_fit(now ? Type::CaptionBold : Type::Caption, {bar.x0, bar.y1 + 14},
                        now ? p.text : p.muted, stage_names[i], wide + 6);
  }
}

// A drawing of the idea, not of a state: two processes on one machine, the way through lo, the network card
// aside.
void draw_figure(Ui& ui, Rect area) {
  constexpr float pi = std::numbers::pi_v<float>;
  const Palette& p = ui.palette();
  const Painter& paint = ui.paint();
  const Rect box{area.x0, area.y0, area.x1 - 104, area.y1};
  paint.fill(box, p.dark ? p.ground : p.raised, 12);
  const float wall = box.y0 + box.height() * 0.40F;
  paint.fill({box.x0, wall, box.x1, box.y1}, p.dark ? p.card : p.card, 12, Corners::Bottom);
  paint.stroke(box, p.strong_border, 12);
  paint.dashes({box.x0 + 12, wall}, {box.x1 - 12, wall}, p.strong_border, 1.2F, 6, 5);
  const auto process = [&](float x, std::string_view name, const char* sign) {
    const Rect r = Rect::around({x, box.y0 + 30}, 132, 34);
    paint.fill(r, p.raised, 8);
    paint.stroke(r, p.strong_border, 8);
    paint.icon({r.x0 + 20, r.mid_y()}, 18, p.of(Tone::Call), sign);
    paint.text(Type::SmallBold, {r.x0 + 38, r.mid_y()}, p.text, name);
  };
  const float left = box.x0 + box.width() * 0.22F;
  const float right = box.x1 - box.width() * 0.22F;
  const float floor = box.y1 - 30;
  const float r = 24;
  process(left, "client", icon::Terminal);
  process(right, "server", icon::Server);
  std::vector<Point> way{{left, box.y0 + 47}};
  for (int i = 0; i <= 12; ++i) {
    const float a = pi - pi / 2 * static_cast<float>(i) / 12;
    way.push_back({left + r + std::cos(a) * r, floor - r + std::sin(a) * r});
  }
  for (int i = 0; i <= 12; ++i) {
    const float a = pi / 2 - pi / 2 * static_cast<float>(i) / 12;
    way.push_back({right - r + std::cos(a) * r, floor - r + std::sin(a) * r});
  }
  way.push_back({right, wall + 34});
  paint.polyline(way, p.dark ? p.ground : p.border, 12);
  paint.polyline(way, p.accent, 2.4F);
  paint.arrow_head({right, wall + 26}, {0, -1}, p.accent, 10);
  const auto plate = [&](Point c, float wide, std::string_view text, Colour line, Colour ink) {
    const Rect t = Rect::around(c, wide, 26);
    paint.fill(t, p.dark ? p.ground : p.card, 7);
    paint.stroke(t, line, 7, 1.5F);
    paint.text(Type::MonoBold, t.centre(), ink, text, AlignX::Middle);
  };
  plate({right, wall}, 80, "62893", p.accent, p.text);
  plate({box.mid_x(), floor}, 52, "lo", p.accent, p.accent);
  plate({box.x1, floor}, 64, "eth0", p.strong_border, p.faint);
  paint.dashes({box.x1 + 34, floor}, {area.x1, floor}, p.strong_border, 1.4F, 5, 5);
}

struct Words {
  std::string_view eyebrow, button;
};

Words words_for(bool begun, bool done) {
  if (done) return {"All lessons done", "Look again"};
  if (begun) return {"Continue where you were", "Continue"};
  return {"Start here", "Start"};
}

}  // namespace

float draw_hero(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const float tall = area.width() < 1100 ? 208 : 196;  // the summary takes a second line
  const Rect card = Rect::at(area.x0, area.y0, area.width(), tall);
  ui.paint().fill(card, mix(p.card, p.accent, p.dark ? 0.07F : 0.04F), radius::machine);
  ui.paint().stroke(card, mix(p.border, p.accent, 0.45F), radius::machine);
  Rect inside = card.inset(32, 24);
  if (inside.width() > 900) draw_figure(ui, inside.cut_right(std::min(660.0F, inside.width() * 0.46F), 32));
  const lessons::Lesson* lesson = lesson_to_continue(now);
  if (lesson == nullptr) {
    ui.paint().text(Type::H1, {inside.x0, inside.y0 + 44}, p.text, "No lessons here");
    const std::string why = now.library != nullptr && !now.library->problems.empty()
                                ? to_string(now.library->problems.front())
                                : "The folder of lessons is empty.";
    ui.paint().paragraph(Type::Body, {inside.x0, inside.y0 + 68}, inside.width(), p.muted, why);
    return tall;
  }
  const auto* progress = progress_of(now.progress, lesson->id);
  const int page = progress != nullptr ? progress->page : 0;
  const bool done = progress != nullptr && progress->done;
  const bool begun = progress != nullptr && now.progress->last_lesson == lesson->id;
  const Words words = words_for(begun, done);
  ui.paint().caps({inside.x0, inside.y0 + 8}, p.accent, words.eyebrow);
  ui.paint().text_fit(Type::Display, {inside.x0 - 1, inside.y0 + 40}, p.text, lesson->title, inside.width());
  const std::string number = "Lesson " + std::to_string(lesson->number) + ". " + lesson->summary;
  ui.paint().paragraph(Type::Body, {inside.x0, inside.y0 + 62}, inside.width(), p.muted, number, 23, 2);
  const Button go{.id = "home/continue",
                  .label = words.button,
                  .icon = icon::ArrowRight,
                  .look = Look::Primary,
                  .icon_after = true,
                  .type = Type::H3};
  const float wide = std::max(148.0F, button_width(ui, go) + 16);
  Rect foot = inside.cut_bottom(40);
  if (button(ui, foot.cut_left(wide, 28), go)) actions.push_back(action::OpenLesson{lesson->id});
  if (begun || done)
    draw_arc(ui, foot, *lesson, page, done);
  else
    ui.paint().text(Type::Small, {foot.x0, foot.mid_y()}, p.muted,
                    std::to_string(lesson->minutes) + " minutes");
  return tall;
}

}  // namespace loopscope::app
