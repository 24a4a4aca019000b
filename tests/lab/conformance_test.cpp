#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

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

experiment::Experiment read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return experiment_of(text.str(), path.filename().string());
}

/// What is left to disagree when it runs again alone, and once more: with much else going on, a packet may
/// come after the patience. What really differs does so each time.
std::vector<std::string> again_alone(const experiment::Experiment& experiment) {
  auto problems = disagreements(experiment, run(experiment));
  return problems.empty() ? problems : disagreements(experiment, run(experiment));
}

}  // namespace

TEST_CASE("the kernel gives what every case of the conformance suite states", "[conformance]") {
  const auto start = std::chrono::steady_clock::now();
  const auto paths = cases();
  REQUIRE(paths.size() >= 449);
  std::vector<experiment::Experiment> experiments;
  std::transform(paths.begin(), paths.end(), std::back_inserter(experiments), read);
  std::vector<std::size_t> differing;
  run_each(experiments, at_a_time, [&](std::size_t index, const lab::RunReport& report) {
    if (cannot_hold.contains(experiments[index].file)) return;
    if (!disagreements(experiments[index], report).empty()) differing.push_back(index);
  });
  for (const std::size_t index : differing) {
    std::cout << experiments[index].file << " differed and runs again alone\n";
    for (const std::string& problem : again_alone(experiments[index]))
      FAIL_CHECK(experiments[index].file << ":" << problem);
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
