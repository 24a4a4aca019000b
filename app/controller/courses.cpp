#include <algorithm>
#include <filesystem>

#include "app/controller/controller.hpp"
#include "lessons/check/programs.hpp"
#include "lessons/engine/lesson_source.hpp"

/// Lessons of one's own: asked about as a stranger's file, and read again as they are saved.
namespace loopscope::app {
namespace {

constexpr std::size_t most_told = 6;

}  // namespace

/// False: the learner is asked first; nothing of the lesson has been run.
bool Controller::may_open(const lessons::Lesson& lesson) {
  if (lesson.course.empty() || options_.allow_programs || allowed_lessons_.contains(lesson.id)) return true;
  auto programs = lessons::check::programs_of(lesson);
  if (programs.empty()) return true;
  const std::string path = lesson.folder + "/lesson.md";
  const auto text = lessons::read_small_file(path, lessons::max_lesson_bytes, lessons::Origin::Stranger);
  files_.problems.reset();
  files_.question = ProgramsQuestion{path, std::move(programs), text.value_or("")};
  asked_about_.reset();
  asked_lesson_ = lesson.id;
  return false;
}

void Controller::answer_lesson(bool yes) {
  const std::string id = std::exchange(asked_lesson_, "");
  if (!yes) return say("Nothing of " + id + " was run.");
  allowed_lessons_.insert(id);
  open_lesson(id);
}

// ---- a lesson that is being written

bool Controller::look_at_preview() {
  if (!preview_ || !preview_->saved()) return false;
  reload_preview();
  return true;
}

/// What is wrong is shown on the screen; what was there before it stays.
void Controller::tell_of_preview(const std::vector<lessons::LessonProblem>& problems) {
  std::erase_if(notices_, [&](const std::string& notice) {
    return std::find(preview_notices_.begin(), preview_notices_.end(), notice) != preview_notices_.end();
  });
  preview_notices_.clear();
  for (const auto& problem : problems) {
    if (preview_notices_.size() == most_told) {
      preview_notices_.push_back("… and " + std::to_string(problems.size() - most_told) +
                                 " more: `loopscope lessons check`");
      break;
    }
    preview_notices_.push_back(to_string(problem));
  }
  notices_.insert(notices_.end(), preview_notices_.begin(), preview_notices_.end());
}

void Controller::reload_preview() {
  auto read = lessons::load_lesson(options_.preview, 0, lessons::Origin::Stranger);
  if (!read) return tell_of_preview(read.error());
  tell_of_preview({});
  auto& all = library_.lessons;
  const auto old =
      std::find_if(all.begin(), all.end(), [](const lessons::Lesson& one) { return !one.course.empty(); });
  if (old == all.end()) {  // it could not be read until now
    const std::string open = lesson_ == nullptr ? "" : lesson_->id;
    lessons::add_course(library_, options_.preview);  // the lessons move
    lesson_ = open.empty() ? nullptr : lessons::find_lesson(library_, open);
    if (!all.back().course.empty()) open_lesson(all.back().id);
    return;
  }
  read->id = old->id;
  read->course = old->course;
  read->part = old->part;
  const bool shown = lesson_ == &*old;
  // What was done in an experiment that is the same still stands.
  const auto* before = shown ? experiment_of(*old, run_file_) : nullptr;
  const auto* after = shown ? experiment_of(*read, run_file_) : nullptr;
  const bool same_run = before != nullptr && after != nullptr && *before == *after;
  const std::string id = old->id;
  if (!shown) {
    *old = std::move(*read);
    return;
  }
  if (!same_run) {
    leave_trial();
    end_run();
  }
  *old = std::move(*read);
  if (!may_open(*old)) return go_home();
  if (!same_run) run_file_.clear();
  go_to_page(page_);
  say("Read again: " + id);
}

}  // namespace loopscope::app
