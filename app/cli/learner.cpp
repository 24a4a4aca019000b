#include "app/cli/learner.hpp"

#include <algorithm>
#include <iostream>

namespace loopscope::app::cli {

Learner::Learner(const lessons::Lesson& lesson, bool keeps)
    : lesson_(lesson), keeps_(keeps), path_(lessons::usual_progress_path()) {
  keeps_ = keeps_ && !path_.empty();
  if (!keeps_) return;
  auto loaded = lessons::load_progress(path_);
  if (loaded) {
    progress_ = std::move(*loaded);
  } else {
    std::cerr << loaded.error() << "\n";
    keeps_ = false;  // so that nothing old is lost
  }
  progress_.last_lesson = lesson_.id;
}

int Learner::page() const {
  const auto known = progress_.lessons.find(lesson_.id);
  if (known == progress_.lessons.end() || known->second.done) return 0;
  const int last = static_cast<int>(lesson_.pages.size()) - 1;
  return std::clamp(known->second.page, 0, std::max(last, 0));
}

bool Learner::done() const {
  const auto known = progress_.lessons.find(lesson_.id);
  return known != progress_.lessons.end() && known->second.done;
}

void Learner::goes_to(int page) {
  own().page = page;
  keep();
}

void Learner::answers(const lessons::Quiz& quiz, int choice) {
  own().answers[quiz.id] = choice;
  keep();
}

void Learner::meets_goal(int page) {
  own().goals_met.insert(page);
  keep();
}

void Learner::is_surprised(lessons::Surprise surprise) {
  surprise.lesson = lesson_.id;
  lessons::note_surprise(progress_, std::move(surprise));
  keep();
}

void Learner::keep() {
  own().done = own().done || lessons::check_is_met(lesson_, own());
  if (!keeps_) return;
  if (const auto kept = lessons::save_progress(path_, progress_); !kept) {
    std::cerr << "What you have done cannot be kept: " << kept.error() << "\n";
    keeps_ = false;
  }
}

}  // namespace loopscope::app::cli
