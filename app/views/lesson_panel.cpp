#include <algorithm>
#include <array>

#include "app/views/lesson_panel_parts.hpp"
#include "app/views/lesson_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/markdown.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {
namespace {

constexpr float pad = 18;
constexpr int stage_count = 6;

int last_page(const Snapshot& now) { return static_cast<int>(now.lesson->pages.size()) - 1; }
const lessons::Page& page_of(const Snapshot& now) {
  return now.lesson->pages[static_cast<std::size_t>(now.page)];
}
const lessons::LessonProgress* progress_of(const Snapshot& now) {
  if (now.progress == nullptr) return nullptr;
  const auto found = now.progress->lessons.find(now.lesson->id);
  return found == now.progress->lessons.end() ? nullptr : &found->second;
}

/// The page's questions that have no right answer yet.
int questions_left(const Snapshot& now) {
  const auto* progress = progress_of(now);
  const auto& quizzes = page_of(now).quizzes;
  return static_cast<int>(std::count_if(quizzes.begin(), quizzes.end(), [&](const lessons::Quiz& quiz) {
    if (progress == nullptr) return true;
    const auto answer = progress->answers.find(quiz.id);
    if (answer == progress->answers.end() || answer->second < 0) return true;
    const auto choice = static_cast<std::size_t>(answer->second);
    return choice >= quiz.choices.size() || !quiz.choices[choice].right;
  }));
}

/// Six segments for the arc, the stage's name with what follows it, and 'page n of m'.
void draw_arc(Ui& ui, Rect area, const Snapshot& now) {
  const Palette& p = ui.palette();
  const auto& page = page_of(now);
  const int stage = static_cast<int>(page.stage);
  const float each = (area.width() - 5 * 4) / stage_count;
  for (int i = 0; i < stage_count; ++i) {
    const Rect bar = Rect::at(area.x0 + static_cast<float>(i) * (each + 4), area.y0, each, 4);
    ui.paint().fill(bar, i == stage ? p.accent : i < stage ? mix(p.panel, p.accent, 0.6F) : p.border, 2);
  }
  const float y = area.y0 + 20;
  const float wide = ui.paint().text(Type::SmallBold, {area.x0, y}, p.accent, to_string(page.stage));
  std::string then;
  for (int i = now.page + 1; i <= last_page(now) && then.empty(); ++i) {
    const auto next = now.lesson->pages[static_cast<std::size_t>(i)].stage;
    if (next != page.stage) then = "then " + std::string(to_string(next));
  }
  std::transform(then.begin(), then.end(), then.begin(), [](unsigned char c) { return std::tolower(c); });
  ui.paint().text(Type::Small, {area.x0 + wide + 8, y}, p.muted, then);
  const auto count = std::to_string(now.page + 1) + " of " + std::to_string(now.lesson->pages.size());
  ui.paint().text(Type::Small, {area.x1, y}, p.muted, count, AlignX::Right);
  ui.note("lesson/page", count, area);
}

/// The page's text with what belongs to it; what is too much scrolls.
void draw_text(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const auto& page = page_of(now);
  ScrollArea scroll(ui, "lesson/text", area);
  auto& shown = ui.state<std::string>("lesson/shown");
  const auto key = now.lesson->id + "/" + std::to_string(now.page);
  if (shown != key) {
    scroll.to_top();
    shown = key;
  }
  const Rect column{scroll.content().x0, scroll.content().y0, scroll.content().x1 - 4, scroll.content().y1};
  float y = column.y0;
  if (!page.title.empty()) {
    y +=
        ui.paint().paragraph(Type::H1, {column.x0, y}, column.width(), ui.palette().text, page.title, 30) + 8;
  }
  const auto answer = draw_markdown(ui, "lesson/prose", page.markdown, {column.x0, y}, column.width());
  if (answer.link) actions.push_back(action::CopyText{*answer.link});
  if (answer.copy) actions.push_back(action::CopyText{*answer.copy});
  y += answer.height;
  if (!page.acts.empty()) {
    const float full = draw_acts(ui, {{}, column.width(), true}, now, false, actions);
    const bool brief = y - column.y0 + 16 + full > area.height();
    y += 16 + draw_acts(ui, {{column.x0, y + 16}, column.width()}, now, brief, actions);
  }
  const auto* progress = progress_of(now);
  for (const auto& quiz : page.quizzes) {
    std::optional<int> chosen;
    if (progress != nullptr) {
      if (const auto found = progress->answers.find(quiz.id); found != progress->answers.end())
        chosen = found->second;
    }
    y += 16 + draw_quiz(ui, {{column.x0, y + 16}, column.width()}, quiz, chosen, actions);
  }
  scroll.end_at(y + 24);
}

/// With room for a new line in what is one word: 'unshare(CLONE_NEWUSER | CLONE_NEWNET | …)'.
std::string breakable(const std::string& words) {
  std::string text;
  for (const char byte : words) text += byte == '|' ? std::string(" | ") : std::string(1, byte);
  return text;
}

/// The cards at the foot, the most urgent alone. Returns their height; draws nothing where `measure` is set.
float draw_foot(Ui& ui, Point at, float width, bool measure, const Snapshot& now, Actions& actions) {
  const CardPlace place{at, width, measure};
  const lessons::Page* page = now.lesson == nullptr ? nullptr : &page_of(now);
  if (!now.refusal.empty()) {
    const std::string way_on = now.on_this_machine
                                   ? "\nIn a private lab it can be done: choose that at the top."
                                   : "\nIt can run on this machine's own loopback: choose that at the top.";
    return draw_trouble_card(ui, place, "No live lab here", breakable(now.refusal) + way_on);
  }
  if (now.live && now.live->phase == lab::Phase::Ended && !now.live->trouble.empty()) {
    return draw_trouble_card(ui, place, "The run has ended", now.live->trouble);
  }
  if (is_asking(now)) return draw_question_card(ui, place, now, actions);
  if (page != nullptr && page->goal && (now.goal.met || shown_prediction(ui, now) == nullptr)) {
    return draw_goal_card(ui, place, *page->goal, now.goal, page->stage == lessons::Stage::Check,
                          questions_left(now));
  }
  if (shown_prediction(ui, now) != nullptr) return draw_outcome_card(ui, place, now, actions);
  if (has_next_step(now)) return draw_next_step_card(ui, place, now);
  return 0;
}

int check_page(const Snapshot& now) {
  for (int i = 0; i <= last_page(now); ++i) {
    if (now.lesson->pages[static_cast<std::size_t>(i)].stage == lessons::Stage::Check) return i;
  }
  return -1;
}

/// Back, 'I know this', next. Turning a page never meets a check: only what happens does.
void draw_navigation(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const auto& page = page_of(now);
  const bool last = now.page == last_page(now);
  const Rect back = area.cut_left(40, 8);
  const Button next{
      .id = "lesson/next",
      .label = last ? "All lessons" : "Next page",
      .icon = icon::ChevronRight,
      .look = now.goal.met && page.goal && questions_left(now) == 0 ? Look::Primary : Look::Normal,
      .icon_after = true,
      .tip = last ? "Back to the overview" : "The next page (N)"};
  const Rect forth = area.cut_right(button_width(ui, next), 8);
  if (button(ui, back,
             {.id = "lesson/back",
              .icon = icon::ChevronLeft,
              .enabled = now.page > 0,
              .tip = "The page before (B)"})) {
    actions.push_back(action::GoToPage{now.page - 1});
  }
  if (button(ui, forth, next)) {
    actions.push_back(last ? Action{action::GoHome{}} : Action{action::GoToPage{now.page + 1}});
  }
  const int check = check_page(now);
  const auto* progress = progress_of(now);
  const bool done = progress != nullptr && progress->done;
  if (check > now.page && !done) {
    if (button(ui, area,
               {.id = "lesson/skip",
                .label = "I know this",
                .look = Look::Ghost,
                .tip = "Skip to the check: it shows whether you do"})) {
      actions.push_back(action::GoToPage{check});
    }
  }
  if (!last && ui.shortcut(Key::N)) actions.push_back(action::GoToPage{now.page + 1});
  if (now.page > 0 && ui.shortcut(Key::B)) actions.push_back(action::GoToPage{now.page - 1});
}

}  // namespace

void draw_panel_foot(Ui& ui, const Rect& area, Rect& rest, const Snapshot& now, Actions& actions) {
  const float width = area.width() - 24;
  const float foot = draw_foot(ui, {}, width, true, now, actions);
  if (foot > 0) {
    // The text keeps a part of the panel; on a projector, where that is little, an open question has it all.
    const float text = rest.height() < 400 && is_asking(now) ? 0 : std::max(110.0F, rest.height() * 0.24F);
    const float most = rest.height() - text;
    const Rect place = rest.cut_bottom(std::min(foot, most), 10);
    if (foot <= most) {
      draw_foot(ui, {area.x0 + 12, place.y0}, width, false, now, actions);
    } else {
      ScrollArea scroll(ui, "lesson/foot", {area.x0 + 12, place.y0, area.x1 - 4, place.y1});
      const float high = draw_foot(ui, {area.x0 + 12, scroll.content().y0}, width - 4, false, now, actions);
      scroll.end_at(scroll.content().y0 + high);
    }
  }
}

void draw_lesson_panel(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  draw_panel(ui, area);
  if (now.lesson == nullptr || now.page < 0 || now.page > last_page(now)) return;
  Rect rest = area.inset(pad);
  draw_arc(ui, rest.cut_top(32, 14), now);
  draw_navigation(ui, rest.cut_bottom(height::small_button, 12), now, actions);
  draw_panel_foot(ui, area, rest, now, actions);
  rest.x1 += 10;
  if (rest.height() > 40) draw_text(ui, rest, now, actions);
}

}  // namespace loopscope::app
