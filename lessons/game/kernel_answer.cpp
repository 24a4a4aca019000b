#include "lessons/game/kernel_answer.hpp"

#include <poll.h>

#include <utility>

#include "sim/experiment/parser.hpp"

namespace loopscope::game {
namespace {

bool is_words(const experiment::Body& body) {
  return std::holds_alternative<experiment::Title>(body) ||
         std::holds_alternative<experiment::Chapter>(body) ||
         std::holds_alternative<experiment::Narration>(body);
}

}  // namespace

KernelAnswer::KernelAnswer(sandbox::Launcher& launcher, experiment::Experiment experiment)
    : experiment_(std::move(experiment)),
      opening_(std::make_unique<lab::Lab::Opening>(launcher, lab::Lab::Options{})) {}

int KernelAnswer::fd() const noexcept {
  if (over_) return -1;
  return lab_ ? lab_->fd() : opening_->fd();
}

bool KernelAnswer::pump() {
  if (over_) return true;
  if (!lab_) {
    auto opened = opening_->take();
    if (!opened) return false;
    if (!*opened) {
      no_lab_ = true;
      end(sandbox::to_string(opened->error()));
      return true;
    }
    lab_ = std::move(**opened);
    opening_.reset();
    begin_next();
  }
  for (const trace::Event& event : lab_->pump()) {
    if (!over_) take(event);
  }
  if (!over_ && !lab_->alive()) end("the private world ended unexpectedly");
  if (over_) lab_.reset();
  return over_;
}

void KernelAnswer::wait() {
  while (!pump()) {
    pollfd ready{fd(), POLLIN, 0};
    if (ready.fd >= 0) (void)::poll(&ready, 1, 1000);
  }
}

void KernelAnswer::begin_next() {
  const auto& statements = experiment_.statements;
  while (next_ < statements.size() && is_words(statements[next_].body)) ++next_;
  if (next_ == statements.size()) return end(result_ ? "" : "its last step gave no result");
  under_way_ = lab_->perform(statements[next_], next_);
}

void KernelAnswer::take(const trace::Event& event) {
  if (const auto* started = std::get_if<trace::RunStarted>(&event.fact)) {
    kernel_ = started->kernel;
  } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
    if (finished->step != under_way_) return;
    if (!finished->trouble.empty()) return end(finished->trouble);
    if (next_ + 1 == experiment_.statements.size()) {
      if (auto result = experiment::parse_result(finished->result)) result_ = std::move(*result);
    }
    ++next_;
    begin_next();
  } else if (const auto* ended = std::get_if<trace::RunEnded>(&event.fact)) {
    end("the private world ended: " + ended->reason);
  }
}

void KernelAnswer::end(std::string trouble) {
  over_ = true;
  trouble_ = std::move(trouble);
}

}  // namespace loopscope::game
