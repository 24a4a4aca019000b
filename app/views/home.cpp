#include "app/views/home.hpp"

#include "app/views/home_parts.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {

const lessons::LessonProgress* progress_of(const lessons::Progress* progress, const std::string& lesson) {
  if (progress == nullptr) return nullptr;
  const auto found = progress->lessons.find(lesson);
  return found == progress->lessons.end() ? nullptr : &found->second;
}

float share_done(const lessons::Lesson& lesson, const lessons::Progress* progress) {
  const auto* done = progress_of(progress, lesson.id);
  if (done == nullptr) return 0;
  if (done->done) return 1;
  const auto pages = static_cast<float>(std::max<std::size_t>(1, lesson.pages.size()));
  return std::min(0.95F, static_cast<float>(done->page) / pages);
}

const lessons::Lesson* lesson_to_continue(const Snapshot& now) {
  if (now.lessons == nullptr || now.lessons->empty()) return nullptr;
  const lessons::Lesson* first_open = nullptr;
  for (const auto& lesson : *now.lessons) {
    const auto* done = progress_of(now.progress, lesson.id);
    const bool finished = done != nullptr && done->done;
    if (!finished && now.progress != nullptr && now.progress->last_lesson == lesson.id) return &lesson;
    if (!finished && first_open == nullptr) first_open = &lesson;
  }
  return first_open != nullptr ? first_open : &now.lessons->front();
}

void draw_home(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  ScrollArea scroll(ui, "home", area, ui.palette().ground);
  Rect at = scroll.content();
  const float margin = std::clamp((at.width() - 1560) / 2, at.width() < 1366 ? 24.0F : 40.0F, 400.0F);
  at.x0 += margin;
  at.x1 -= margin - 12;  // the scroll bar's gutter is already taken off
  const float space = at.height() > 900 ? 24 : 16;
  at.y0 += space;
  at.y0 += draw_hero(ui, at, now, actions) + space;
  at.y0 += draw_lessons(ui, at, now, actions);
  at.y0 += draw_cases(ui, at, now, actions);
  at.y0 += draw_surprises(ui, at, now, actions);
  at.y0 += draw_machine(ui, at, now, actions) + space;
  scroll.end_at(at.y0);
}

}  // namespace loopscope::app
