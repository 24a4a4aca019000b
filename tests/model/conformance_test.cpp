#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "sim/model/world.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> cases_under(const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".lab") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Count {
  int steps = 0, agree = 0, wrong = 0, not_modelled = 0;
  std::string trouble;  ///< one line for each step that is wrong or not modelled
};

void check(const experiment::Experiment& experiment, Count& count) {
  model::World world = model::world_of(experiment);
  for (const auto& statement : experiment.statements) {
    const auto prediction = model::apply(world, statement);
    if (!experiment::has_result(statement)) continue;
    ++count.steps;
    const auto place =
        experiment.file + ":" + std::to_string(statement.place.line) + ": " + to_string(statement) + ": ";
    const auto& result = prediction.result;
    if (!result || !experiment::is_known(*result)) {
      ++count.not_modelled;
      count.trouble += place + "not modelled: " + because(prediction) + "\n";
      continue;
    }
    const auto* stated = experiment::stated_of(statement);
    const bool claim = std::holds_alternative<experiment::Claimed>(*result);
    const bool good =
        claim
            ? std::get<experiment::Claimed>(*result).holds
            : stated == nullptr ||
                  experiment::agree(model::stated_in(world, process_of(statement), stated->result), *result);
    if (good) {
      ++count.agree;
      continue;
    }
    ++count.wrong;
    count.trouble +=
        place + "the model says " + experiment::to_string(*result) + ": " + because(prediction) + "\n";
  }
}

}  // namespace

TEST_CASE("The model gives the result of every conformance case", "[model][conformance]") {
  Count count;
  int files = 0;
  for (const auto& path : cases_under(LOOPSCOPE_CONFORMANCE)) {
    const auto parsed = experiment::parse(read(path), fs::relative(path, LOOPSCOPE_CONFORMANCE).string());
    REQUIRE(parsed);
    check(*parsed, count);
    ++files;
  }
  std::cout << files << " cases, " << count.steps << " steps: " << count.agree << " agree, " << count.wrong
            << " wrong, " << count.not_modelled << " not modelled\n";
  INFO(count.trouble);
  CHECK(files >= 449);
  CHECK(count.wrong == 0);
  CHECK(count.not_modelled * 50 < count.steps);
}
