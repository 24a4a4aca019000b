#include "sim/model/remedies.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

/// Each change that the program offers for a failed call of a lesson is put to the kernel.
namespace loopscope::test {
namespace {

constexpr std::size_t at_a_time = 16;

std::vector<experiment::Experiment> experiments_of_lessons() {
  std::vector<experiment::Experiment> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test_folder(LOOPSCOPE_LESSONS))) {
    if (entry.path().extension() != ".lab") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    auto parsed = experiment::parse(text.str(), entry.path().string());
    REQUIRE(parsed);
    all.push_back(std::move(*parsed));
  }
  return all;
}

/// With the remedy, up to the step that had failed.
experiment::Experiment tried(const experiment::Experiment& given, std::size_t failed,
                             const model::Remedy& remedy) {
  auto until = given;
  until.statements.resize(failed + 1);
  until = model::with(until, remedy);
  return experiment_of(print(until), "remedy.lab");
}

}  // namespace

TEST_CASE("what would have worked in a lesson works on the kernel", "[remedies]") {
  std::vector<experiment::Experiment> changed;
  std::vector<std::string> words;
  for (const auto& given : experiments_of_lessons()) {
    if (!lab::programs_of(given).empty()) continue;
    const auto predictions = model::predict(given);
    for (std::size_t at = 0; at < predictions.size(); ++at) {
      const auto& result = predictions[at].result;
      if (!result || !std::holds_alternative<experiment::Errno>(*result)) continue;
      for (const auto& remedy : model::what_would_have_worked(given, at)) {
        changed.push_back(tried(given, at, remedy));
        words.push_back(given.file + ": " + remedy.words);
      }
    }
  }
  // Some wait for a minute, which is the kernel's for TIME-WAIT: they do so at the same time.
  run_each(changed, at_a_time, [&](std::size_t index, const lab::RunReport& report) {
    INFO(words[index] << "\n" << print(changed[index]));
    REQUIRE_FALSE(report.outcomes.empty());
    const auto& last = report.outcomes.back().result;
    CHECK((last && experiment::is_success(*last)));
  });
  std::cout << changed.size() << " changes put to the kernel\n";
  CHECK(changed.size() >= 5);
}

TEST_CASE("and for an ordinary user as well", "[again]") {
  const Rerun rerun = run_again_as_ordinary_user("[remedies]", LOOPSCOPE_LESSONS);
  INFO(rerun.output);
  CHECK(rerun.exit_status == 0);
}

}  // namespace loopscope::test
