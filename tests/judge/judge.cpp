#include "tests/judge/judge.hpp"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "sim/experiment/parser.hpp"
#include "tests/judge/case.hpp"

namespace loopscope::judge {
namespace {

constexpr int ask_stop_after_ms = 200;

/// Until one of them has something to do. A signal ends it too.
void wait_for(const std::vector<const Case*>& cases) {
  std::vector<pollfd> wait;
  auto until = Clock::now() + std::chrono::milliseconds(ask_stop_after_ms);
  for (const Case* one : cases) {
    if (one->fd() < 0) return;
    wait.push_back({one->fd(), POLLIN, 0});
    if (one->due()) until = std::min(until, *one->due());
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  (void)::poll(wait.data(), wait.size(), std::max(0, static_cast<int>(left.count())));
}

struct Running {
  std::uint64_t seed;
  std::unique_ptr<Case> one;
};

}  // namespace

std::optional<experiment::Experiment> read(const std::string& text) {
  auto parsed = experiment::parse(text, "random");
  if (parsed) return std::move(*parsed);
  return std::nullopt;
}

Hearing hear(sandbox::Launcher& launcher, const experiment::Experiment& experiment) {
  Case one(launcher, experiment);
  while (one.pump()) wait_for({&one});
  return one.hearing();
}

void hear_all(sandbox::Launcher& launcher, std::size_t jobs, const NextTask& next, const Heard& heard,
              const Stop& stop) {
  std::vector<Running> running;
  bool more = true;
  while (!stop()) {
    while (more && running.size() < jobs) {
      auto task = next();
      more = task.has_value();
      if (task) running.push_back({task->seed, std::make_unique<Case>(launcher, task->experiment)});
    }
    if (running.empty()) return;
    std::vector<const Case*> waiting;
    for (auto& each : running) {
      if (each.one->pump()) {
        waiting.push_back(each.one.get());
        continue;
      }
      heard(Task{each.seed, each.one->experiment()}, each.one->hearing());
      each.one.reset();
    }
    if (waiting.size() == running.size()) wait_for(waiting);
    std::erase_if(running, [](const Running& each) { return each.one == nullptr; });
  }
}

}  // namespace loopscope::judge
