#include "lessons/check/programs.hpp"

#include <unistd.h>

#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"

namespace loopscope::lessons::check {
namespace {

/// Where the lab looks for programs.
bool installed(const std::string& program) {
  for (const char* folder : {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    if (::access((std::string(folder) + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string missing_in(const experiment::Statement& statement) {
  const auto* run = std::get_if<experiment::RunStep>(&statement.body);
  const auto* start = std::get_if<experiment::StartStep>(&statement.body);
  if (run == nullptr && start == nullptr) return {};
  const std::string& program = run != nullptr ? run->words.front() : start->words.front();
  return installed(program) ? std::string() : program;
}

}  // namespace

std::string missing_program(const experiment::Experiment& experiment) {
  for (const auto& statement : experiment.statements) {
    if (auto missing = missing_in(statement); !missing.empty()) return missing;
  }
  return {};
}

std::string missing_program(const Lesson& lesson, const Page& page) {
  if (const auto* experiment = experiment_of(lesson, page.experiment)) {
    if (auto missing = missing_program(*experiment); !missing.empty()) return missing;
  }
  for (const auto& act : page.acts) {
    for (const auto& line : act.lines) {
      const auto statement = experiment::parse_statement(line);
      if (!statement) continue;
      if (auto missing = missing_in(*statement); !missing.empty()) return missing;
    }
  }
  return {};
}

std::vector<std::string> programs_of_acts(const Lesson& lesson) {
  std::vector<std::string> all;
  for (const auto& page : lesson.pages) {
    for (const auto& act : page.acts) {
      for (const auto& line : act.lines) {
        const auto statement = experiment::parse_statement(line);
        if (!statement) continue;
        const bool starts = std::holds_alternative<experiment::RunStep>(statement->body) ||
                            std::holds_alternative<experiment::StartStep>(statement->body);
        if (starts) all.push_back(lesson.folder + "/lesson.md:" + std::to_string(act.line) + ": " + line);
      }
    }
  }
  return all;
}

std::vector<std::string> programs_of(const Lesson& lesson) {
  std::vector<std::string> all;
  for (const auto& [name, experiment] : lesson.experiments)
    for (auto& one : lab::programs_of(experiment)) all.push_back(std::move(one));
  for (auto& one : programs_of_acts(lesson)) all.push_back(std::move(one));
  return all;
}

}  // namespace loopscope::lessons::check
