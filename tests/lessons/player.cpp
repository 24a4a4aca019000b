#include "tests/lessons/player.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "lessons/engine/goal.hpp"

namespace loopscope::tests {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto longest = std::chrono::seconds(30);  // only a hung lab takes so long

}  // namespace

Player::Player(sandbox::Launcher& launcher, const lessons::Lesson& lesson, const lessons::Page& page)
    : page_(page) {
  const auto* experiment = lessons::experiment_of(lesson, page.experiment);
  if (!experiment) throw std::runtime_error("page '" + page.title + "' has no experiment");
  auto session = lab::Session::start(launcher, *experiment);
  if (!session) throw std::runtime_error(sandbox::to_string(session.error()));
  session_ = std::move(*session);
}

bool Player::wait_for_news(int milliseconds) {
  pollfd ready{.fd = session_->fd(), .events = POLLIN, .revents = 0};
  (void)::poll(&ready, 1, milliseconds);
  return session_->pump();
}

void Player::wait_while_running() {
  const auto end = Clock::now() + longest;
  while (session_->phase() == lab::Phase::Running) {
    if (Clock::now() > end) throw std::runtime_error("the lab hangs:\n" + story());
    wait_for_news(100);
  }
}

void Player::step_to_the_end() {
  for (;;) {
    wait_while_running();
    switch (session_->phase()) {
      case lab::Phase::Ready:
      case lab::Phase::Holding:
        session_->go_on();
        break;
      case lab::Phase::Asking:
        session_->predict(std::nullopt);
        break;
      case lab::Phase::Running:
        break;
      case lab::Phase::Finished:
        return;
      case lab::Phase::Ended:
        throw std::runtime_error("the lab ended: " + session_->trouble() + "\n" + story());
    }
  }
}

void Player::press(const std::string& label) {
  const auto act = std::find_if(page_.acts.begin(), page_.acts.end(),
                                [&](const lessons::Act& one) { return one.label == label; });
  if (act == page_.acts.end())
    throw std::runtime_error("no act '" + label + "' on page '" + page_.title + "'");
  for (const auto& line : act->lines)
    if (const auto taken = session_->act(line); !taken) throw std::runtime_error(line + ": " + taken.error());
  wait_while_running();
}

void Player::press_line(const std::string& line) {
  if (!session_->act(line)) return;
  const auto end = Clock::now() + std::chrono::milliseconds(500);
  while (session_->phase() == lab::Phase::Running && Clock::now() < end) wait_for_news(100);
}

bool Player::reaches_goal(Milliseconds patience) {
  // The table comes a little after the step that changed it.
  const auto end = Clock::now() + patience;
  while (!lessons::look_at(*page_.goal, session_->timeline()).met) {
    const auto left = std::chrono::duration_cast<Milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    wait_for_news(static_cast<int>(left));
  }
  return true;
}

std::vector<std::string> Player::missing() const {
  return lessons::look_at(*page_.goal, session_->timeline()).missing;
}

std::string Player::story() const {
  std::string text;
  for (const auto& event : session_->timeline().events()) {
    if (const auto* step = std::get_if<trace::StepStarted>(&event.fact))
      text += (step->statement ? "  step " : "  act ") + std::to_string(step->step) + " " + step->process +
              " | " + step->text + '\n';
    if (const auto* done = std::get_if<trace::StepFinished>(&event.fact))
      text += "    " + std::to_string(done->step) + " gave " + done->result + ' ' + done->trouble + '\n';
  }
  for (const auto& socket : session_->timeline().sockets_at("here", session_->timeline().end()))
    text += "  " + std::string(to_string(socket.state)) + ' ' + to_string(socket.local) + ' ' +
            to_string(socket.peer) + ' ' + socket.process + '\n';
  return text;
}

}  // namespace loopscope::tests
