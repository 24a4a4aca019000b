#include "lessons/check/player.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "lessons/engine/goal.hpp"

namespace loopscope::lessons::check {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto longest = std::chrono::seconds(30);  // only a hung lab takes so long

}  // namespace

Player::Player(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page) : page_(page) {
  const auto* experiment = experiment_of(lesson, page.experiment);
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
  const auto act =
      std::find_if(page_.acts.begin(), page_.acts.end(), [&](const Act& one) { return one.label == label; });
  if (act == page_.acts.end())
    throw std::runtime_error("no act '" + label + "' on page '" + page_.title + "'");
  steps_before_press_ = own_steps();
  for (const auto& line : act->lines)
    if (const auto taken = session_->act(line); !taken) throw std::runtime_error(line + ": " + taken.error());
  wait_while_running();
  let_programs_go();
}

void Player::let_programs_go() {
  // Behind the experiment's end the only thing to go on with is a real program's next call.
  while (session_->phase() == lab::Phase::Ready) {
    session_->go_on();
    wait_while_running();
  }
}

void Player::press_line(const std::string& line) {
  if (!session_->act(line)) return;
  const auto end = Clock::now() + std::chrono::milliseconds(500);
  while (session_->phase() == lab::Phase::Running && Clock::now() < end) wait_for_news(100);
  let_programs_go();
}

bool Player::reaches_goal(Milliseconds patience) {
  // The table comes a little after the step that changed it.
  const auto end = Clock::now() + patience;
  while (!look_at(*page_.goal, session_->timeline()).met) {
    const auto left = std::chrono::duration_cast<Milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    wait_for_news(static_cast<int>(left));
  }
  return true;
}

std::size_t Player::own_steps() const {
  const auto& events = session_->timeline().events();
  return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const trace::Event& event) {
    const auto* step = std::get_if<trace::StepStarted>(&event.fact);
    return step && !step->statement;
  }));
}

std::string Player::results_of_last_act() const {
  std::vector<std::pair<std::uint64_t, std::string>> steps;
  for (const auto& event : session_->timeline().events()) {
    if (const auto* step = std::get_if<trace::StepStarted>(&event.fact); step && !step->statement)
      steps.emplace_back(step->step, "");
    if (const auto* done = std::get_if<trace::StepFinished>(&event.fact))
      for (auto& [number, result] : steps)
        if (number == done->step) result = done->result;
  }
  std::sort(steps.begin(), steps.end());
  std::string all;
  for (std::size_t at = steps_before_press_; at < steps.size(); ++at)
    all += (all.empty() ? "" : " ") + steps[at].second;
  return all;
}

bool Player::step_by_packet() {
  // The world tells whether it can hold before it says anything else.
  while (session_->timeline().empty()) wait_for_news(100);
  if (!session_->can_hold_packets()) return false;
  session_->set_step_by(lab::StepBy::Packet);
  return true;
}

std::string Player::step_to_held_packet() {
  const auto held_before = session_->timeline().held_at(session_->timeline().end());
  const trace::Event* before = held_before.empty() ? nullptr : held_before.front().event;
  const auto before_id = before ? std::get<trace::PacketHeld>(before->fact).id : 0;
  for (;;) {
    wait_while_running();
    if (session_->phase() == lab::Phase::Holding) {
      const auto held = session_->timeline().held_at(session_->timeline().end());
      const auto& packet = std::get<trace::PacketHeld>(held.front().event->fact);
      if (packet.id != before_id) return trace::label(packet.packet);
    }
    if (session_->phase() == lab::Phase::Asking)
      session_->predict(std::nullopt);
    else if (session_->phase() == lab::Phase::Ready || session_->phase() == lab::Phase::Holding)
      session_->go_on();
    else
      throw std::runtime_error("no packet is held:\n" + story());
  }
}

std::string Player::state_of_peer_at(const std::string& server) const {
  for (const auto& socket : session_->timeline().sockets_at("here", session_->timeline().end()))
    if (to_string(socket.peer) == server) return std::string(to_string(socket.state));
  return "none";
}

std::string Player::state_of_connection_at(const std::string& server) const {
  for (const auto& socket : session_->timeline().sockets_at("here", session_->timeline().end()))
    if (to_string(socket.local) == server && socket.state != SocketState::Listen)
      return std::string(to_string(socket.state));
  return "none";
}

std::vector<std::string> Player::missing() const {
  return look_at(*page_.goal, session_->timeline()).missing;
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

}  // namespace loopscope::lessons::check
