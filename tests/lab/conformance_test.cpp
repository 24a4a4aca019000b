#include <poll.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

#include "sim/lab/runner.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

/// All cases of tests/conformance on the real kernel, each in a world of its own, a few at a time.
namespace loopscope::test {
namespace {

constexpr std::size_t at_a_time = 4;

/// Cases that cannot hold here, by the end of their file's name, with the reason. None.
const std::map<std::string, std::string> cannot_hold = {};

std::vector<std::filesystem::path> cases() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test_folder(LOOPSCOPE_CONFORMANCE))) {
    if (entry.path().extension() == ".lab") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

struct Running {
  experiment::Experiment experiment;
  std::unique_ptr<lab::Runner> runner;
};

std::unique_ptr<Running> begin(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto running = std::make_unique<Running>();
  running->experiment = experiment_of(text.str(), path.filename().string());
  lab::Lab::Options options;
  options.experiment = text.str();
  auto opened = lab::Lab::open(launcher(), std::move(options));
  if (!opened) FAIL(sandbox::to_string(opened.error()));
  running->runner = std::make_unique<lab::Runner>(std::move(*opened), running->experiment);
  return running;
}

void judge(Running& running) {
  const auto report = running.runner->report();
  const auto problems = disagreements(running.experiment, report);
  const auto excuse = cannot_hold.find(running.experiment.file);
  if (excuse != cannot_hold.end()) return;
  for (const std::string& problem : problems) FAIL_CHECK(running.experiment.file << ":" << problem);
}

void wait_for(const std::vector<std::unique_ptr<Running>>& all) {
  std::vector<pollfd> wait;
  for (const auto& running : all) wait.push_back({running->runner->fd(), POLLIN, 0});
  ::poll(wait.data(), wait.size(), -1);
}

}  // namespace

TEST_CASE("the kernel gives what every case of the conformance suite states", "[conformance]") {
  const auto start = std::chrono::steady_clock::now();
  const auto paths = cases();
  REQUIRE(paths.size() >= 449);
  std::vector<std::unique_ptr<Running>> all;
  for (auto next = paths.begin(); next != paths.end() || !all.empty();) {
    while (next != paths.end() && all.size() < at_a_time) all.push_back(begin(*next++));
    bool one_over = false;
    for (auto& running : all) {
      if (running->runner->pump()) continue;
      judge(*running);
      running.reset();
      one_over = true;
    }
    std::erase(all, nullptr);
    if (!one_over) wait_for(all);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << paths.size() << " cases in " << took.count() << " s\n";
}

TEST_CASE("and to an ordinary user as well", "[again]") {
  const Rerun rerun = run_again_as_ordinary_user("[conformance]", LOOPSCOPE_CONFORMANCE);
  INFO(rerun.output);
  CHECK(rerun.exit_status == 0);
}

}  // namespace loopscope::test
