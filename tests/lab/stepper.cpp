#include "tests/lab/stepper.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "sim/experiment/parser.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto limit = std::chrono::seconds(5);

experiment::Statement statement_of(const std::string& line) {
  auto statement = experiment::parse_statement(line);
  if (!statement) FAIL(line << ": " << statement.error().message);
  return std::move(*statement);
}

}  // namespace

bool can_hold() {
  static const bool can = [] {
    lab::Lab::Options options;
    options.stepping = true;
    Stepper probe(options);
    if (!probe.lab().can_hold()) std::cout << "not tested here: " << probe.lab().why_no_hold() << '\n';
    return probe.lab().can_hold();
  }();
  return can;
}

Stepper::Stepper(lab::Lab::Options options) {
  auto opened = lab::Lab::open(launcher(), std::move(options));
  if (!opened) FAIL(sandbox::to_string(opened.error()));
  lab_ = std::move(*opened);
}

std::uint64_t Stepper::step(const std::string& line) {
  return lab_->perform(statement_of(line), next_index_++);
}
std::uint64_t Stepper::act(const std::string& line) {
  return lab_->perform(statement_of(line), std::nullopt);
}

trace::StepFinished Stepper::finish(const experiment::Body& body) {
  return finished(lab_->perform(experiment::Statement{{}, body, {}}, next_index_++));
}
trace::StepFinished Stepper::finish(const std::string& line) { return finished(step(line)); }

trace::StepFinished Stepper::finished(std::uint64_t step) {
  const trace::Event* event = find_from(0, [&](const trace::Event& one) {
    const auto* fact = std::get_if<trace::StepFinished>(&one.fact);
    return fact != nullptr && fact->step == step;
  });
  return std::get<trace::StepFinished>(event->fact);
}

bool Stepper::is_finished(std::uint64_t step) const {
  return std::any_of(events_.begin(), events_.end(), [&](const trace::Event& one) {
    const auto* fact = std::get_if<trace::StepFinished>(&one.fact);
    return fact != nullptr && fact->step == step;
  });
}

const trace::Event* Stepper::find_from(std::size_t from,
                                       const std::function<bool(const trace::Event&)>& is_it) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    for (; from < events_.size(); ++from) {
      if (is_it(events_[from])) return &events_[from];
    }
    if (Clock::now() > deadline || (!lab_->alive() && from == events_.size())) {
      FAIL("it did not happen; the lab is " << (lab_->alive() ? "alive" : "gone"));
    }
    take(100);
  }
}

void Stepper::take(int timeout_ms) {
  pollfd wait{lab_->fd(), POLLIN, 0};
  ::poll(&wait, 1, timeout_ms);
  for (trace::Event& event : lab_->pump()) events_.push_back(std::move(event));
}

void Stepper::watch(std::chrono::milliseconds time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    take(static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count()));
  }
}

std::string Stepper::states() const {
  const auto tables = facts<trace::SocketTable>(events_);
  std::vector<std::string> states;
  if (!tables.empty()) {
    for (const auto& entry : tables.back().sockets) states.emplace_back(to_string(entry.state));
  }
  std::sort(states.begin(), states.end());
  std::string text;
  for (const std::string& state : states) text += (text.empty() ? "" : " ") + state;
  return text;
}

}  // namespace loopscope::test
