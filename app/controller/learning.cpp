#include "lessons/engine/learning.hpp"

#include <filesystem>

#include "app/controller/controller.hpp"

namespace loopscope::app {

const lessons::Page* Controller::current_page() const {
  if (lesson_ == nullptr || lesson_->pages.empty()) return nullptr;
  return &lesson_->pages[static_cast<std::size_t>(page_)];
}

void Controller::load_progress() {
  if (options_.progress_path.empty()) {
    may_keep_progress_ = false;
    return;
  }
  auto loaded = lessons::load_progress(options_.progress_path);
  if (loaded) {
    progress_ = std::move(*loaded);
  } else {
    tell(loaded.error());
    // Neither readable nor kept aside: saving would lose it.
    std::error_code none;
    may_keep_progress_ = may_keep_progress_ && !std::filesystem::exists(options_.progress_path, none);
    if (!may_keep_progress_) tell("What you do this time is not kept, so that nothing old is lost.");
  }
}

void Controller::keep_progress() {
  if (!may_keep_progress_) return;
  if (auto kept = lessons::save_progress(options_.progress_path, progress_); !kept && !told_of_progress_) {
    told_of_progress_ = true;
    tell("What you have done cannot be kept: " + kept.error() + ". The lessons work all the same.");
  }
}

void Controller::look_at_goal() {
  const auto* page = current_page();
  goal_ = {};
  if (page == nullptr || !page->goal) return;
  lessons::LessonProgress& done = progress_.lessons[lesson_->id];
  if (session_) goal_ = lessons::look_at(*page->goal, session_->timeline());
  if (!goal_.met || !done.goals_met.insert(page_).second) return;
  done.done = done.done || lessons::check_is_met(*lesson_, done);
  keep_progress();
}

void Controller::answer(const std::string& quiz, int choice) {
  if (lesson_ == nullptr) return;
  lessons::LessonProgress& done = progress_.lessons[lesson_->id];
  done.answers[quiz] = choice;
  done.done = done.done || lessons::check_is_met(*lesson_, done);
  keep_progress();
}

void Controller::note_surprises() {
  const auto& predictions = session_->predictions();
  bool noted = false;
  while (surprises_noted_ < predictions.size() && predictions[surprises_noted_].outcome) {
    const lab::Prediction& prediction = predictions[surprises_noted_++];
    if (lesson_ == nullptr) continue;  // surprises are told by the lesson they came in
    if (!prediction.guess || agree(*prediction.guess, *prediction.outcome)) continue;
    const auto* forecast = forecast_of(*lesson_, run_file_, prediction.statement);
    lessons::Surprise surprise{lesson_->id,
                               forecast != nullptr
                                   ? forecast->text
                                   : call_text(session_->experiment().statements[prediction.statement]),
                               to_string(*prediction.guess),
                               to_string(*prediction.outcome),
                               run_file_,
                               static_cast<int>(prediction.statement),
                               call_text(session_->experiment().statements[prediction.statement])};
    lessons::note_surprise(progress_, std::move(surprise));
    noted = true;
  }
  if (noted) keep_progress();
}

}  // namespace loopscope::app
