#include "app/controller/kernel_game.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lessons/game/catalogue.hpp"
#include "lessons/game/schedule.hpp"

namespace loopscope::app {

KernelGame::KernelGame(sandbox::Launcher& launcher, lessons::Progress& progress, Setting setting)
    : launcher_(launcher), progress_(progress), setting_(std::move(setting)) {
  view_.test = setting_.test;
  if (setting_.test) {
    test_ = game::make_test(setting_.seed);
    view_.of = static_cast<int>(test_.size());
  }
  begin(make_round());
  prepare();
}

int KernelGame::fd() const {
  if (now_ && now_->kernel && !now_->over) return now_->kernel->fd();
  for (const auto& round : done_)
    if (round->kernel && !round->over) return round->kernel->fd();
  if (ahead_ && ahead_->kernel && !ahead_->over) return ahead_->kernel->fd();
  return -1;
}

bool KernelGame::restless() const {
  const auto busy = [](const std::unique_ptr<Round>& round) {
    return round != nullptr && round->kernel != nullptr && !round->over;
  };
  return busy(now_) || busy(ahead_) || std::any_of(done_.begin(), done_.end(), busy);
}

/// Null where the test has no more.
std::unique_ptr<KernelGame::Round> KernelGame::make_round() {
  auto round = std::make_unique<Round>();
  if (setting_.test) {
    if (test_.empty()) return nullptr;
    round->question = std::move(test_.front());
    test_.erase(test_.begin());
  } else {
    const std::string last = now_ ? now_->question.rule : "";
    const std::uint64_t seed = setting_.seed + drawn_++;
    const std::string rule = game::next_rule(progress_.game, last, seed);
    auto question = game::make_question(rule, seed, game::level_of(progress_.game, rule));
    if (!question) question = game::make_question("bind.free", seed, 0);
    round->question = std::move(*question);
  }
  if (no_lab_.empty())
    round->kernel = std::make_unique<game::KernelAnswer>(launcher_, round->question.experiment);
  else
    round->over = true;
  return round;
}

/// The next question, once it is known which: in the game that hangs on the answer to this one.
void KernelGame::prepare() {
  if (ahead_ == nullptr && now_ != nullptr && (setting_.test || noted_)) ahead_ = make_round();
}

void KernelGame::begin(std::unique_ptr<Round> round) {
  now_ = std::move(round);
  noted_ = false;
  asked_at_ = setting_.clock();
  view_.question = now_ ? &now_->question : nullptr;
  view_.answered = false;
  view_.chosen.reset();
  view_.verdict.reset();
  view_.feedback.clear();
  if (now_) settle();
}

bool KernelGame::pump() {
  bool changed = false;
  const auto pump_one = [&](Round* round) {
    if (round == nullptr || round->kernel == nullptr || round->over) return;
    if (!round->kernel->pump()) return;
    round->over = true;
    if (view_.kernel.empty()) view_.kernel = round->kernel->kernel();
    if (round->kernel->no_lab()) no_lab_ = round->kernel->trouble();
    changed = true;
  };
  pump_one(now_.get());
  for (auto& round : done_) pump_one(round.get());
  pump_one(ahead_.get());
  if (changed) settle();
  return changed;
}

std::optional<game::Verdict> KernelGame::verdict_of(const Round& round) const {
  if (!round.over) return std::nullopt;
  return game::judge(round.question, round.kernel ? round.kernel->result() : std::nullopt);
}

/// Where both have answered: whether the learner was right, which is noted once.
bool KernelGame::settle() {
  if (setting_.test) {
    const bool all_over =
        std::all_of(done_.begin(), done_.end(), [](const auto& round) { return round->over; });
    if (now_ == nullptr && all_over && !noted_) finish_test();
    return false;
  }
  if (now_ == nullptr || !now_->over || !view_.answered || noted_) return false;
  const auto verdict = verdict_of(*now_);
  view_.verdict = verdict;
  view_.feedback = game::feedback_to(now_->question, view_.chosen, *verdict);
  view_.no_kernel = verdict->by_kernel || now_->kernel == nullptr ? no_lab_ : now_->kernel->trouble();
  const bool right = view_.chosen == verdict->right;
  noted_ = true;
  ++view_.asked;
  view_.right += right ? 1 : 0;
  game::note_answer(progress_.game, now_->question.rule, right);
  setting_.keep();
  prepare();
  return true;
}

void KernelGame::answer(std::optional<std::size_t> choice) {
  if (now_ == nullptr || view_.answered) return;
  if (choice && *choice >= now_->question.answers.size()) return;
  view_.answered = true;
  view_.chosen = choice;
  if (!setting_.test) {
    settle();
    return;
  }
  const std::chrono::duration<double> time = setting_.clock() - asked_at_;
  given_.push_back({done_.size(), choice, time.count()});
  done_.push_back(std::move(now_));
  auto following = ahead_ ? std::move(ahead_) : make_round();
  if (following) ++view_.number;
  begin(std::move(following));
  if (now_ == nullptr) settle();
  prepare();
}

void KernelGame::next() {
  if (setting_.test || now_ == nullptr || !noted_) return;
  ++view_.number;
  begin(ahead_ ? std::move(ahead_) : make_round());
}

void KernelGame::finish_test() {
  noted_ = true;
  lessons::TestTaken test;
  test.at = setting_.date();
  test.lessons_done = static_cast<int>(std::count_if(progress_.lessons.begin(), progress_.lessons.end(),
                                                     [](const auto& lesson) { return lesson.second.done; }));
  for (const Given& given : given_) {
    const Round& round = *done_[given.round];
    test.answers.push_back(
        game::test_answer(round.question, given.choice, *verdict_of(round), given.seconds));
  }
  view_.right = static_cast<int>(
      std::count_if(test.answers.begin(), test.answers.end(), [](const auto& one) { return one.right; }));
  view_.asked = static_cast<int>(test.answers.size());
  progress_.tests.push_back(std::move(test));
  setting_.keep();
}

}  // namespace loopscope::app
