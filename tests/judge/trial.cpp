#include "tests/judge/trial.hpp"

namespace loopscope::judge {
namespace {

constexpr std::size_t again_at_once = 8;

struct Trial {
  sandbox::Launcher& launcher;
  const Plan& plan;
  const Progress& progress;
  const Stop& stop;
  Verdict verdict;
  std::uint64_t next = 0;
  std::vector<Finding> suspects;

  std::optional<Task> take_next() {
    while (next < plan.count && suspects.size() < again_at_once) {
      const std::uint64_t seed = plan.seed + next++;
      const auto text = plan.texts.empty() ? random_experiment(seed, plan.language) : plan.texts.at(seed);
      if (auto experiment = read(text)) return Task{seed, std::move(*experiment)};
      ++verdict.done;
    }
    return std::nullopt;
  }

  void heard(const Task& task, const Hearing& hearing) {
    if (hearing.difference) {
      suspects.push_back({task, hearing.difference->words});
    } else if (!hearing.trouble.empty()) {
      suspects.push_back({task, hearing.trouble});
    } else {
      ++verdict.done;
      verdict.tally.add(hearing);
    }
    progress(verdict, suspects.size());
  }

  void hear_again(const Finding& suspect) {
    int differ = 0, agree = 0;
    Hearing last;
    std::string words;
    while (differ < 2 && agree < 2) {
      if (stop()) return;
      last = hear(launcher, suspect.task.experiment);
      if (!last.difference && last.trouble.empty()) {
        ++agree;
        continue;
      }
      ++differ;
      words = last.difference ? last.difference->words : last.trouble;
    }
    ++verdict.done;
    verdict.tally.add(last);
    if (agree == 2) {
      ++verdict.tally.flaked;
      verdict.flakes.push_back(suspect);
    } else if (last.trouble.empty()) {
      ++verdict.tally.differ;
      verdict.differences.push_back({suspect.task, words});
    } else {
      ++verdict.tally.broken_off;
      verdict.flakes.push_back({suspect.task, words});
    }
    progress(verdict, 0);
  }

  void run() {
    while (!stop() && verdict.differences.size() < plan.most && (next < plan.count || !suspects.empty())) {
      hear_all(
          launcher, plan.jobs, [&] { return take_next(); },
          [&](const Task& task, const Hearing& hearing) { heard(task, hearing); }, stop);
      for (const auto& suspect : std::exchange(suspects, {})) {
        if (verdict.differences.size() < plan.most) hear_again(suspect);
      }
    }
  }
};

}  // namespace

Verdict try_all(sandbox::Launcher& launcher, const Plan& plan, const Progress& progress, const Stop& stop) {
  Trial trial{launcher, plan, progress, stop, {}, 0, {}};
  trial.run();
  return std::move(trial.verdict);
}

}  // namespace loopscope::judge
