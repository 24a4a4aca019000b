#include "lessons/check/check.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "lessons/check/links.hpp"
#include "lessons/check/programs.hpp"
#include "lessons/check/runs.hpp"
#include "lessons/check/spelling.hpp"
#include "lessons/check/truth.hpp"
#include "lessons/engine/lesson_source.hpp"
#include "sim/lab/run.hpp"

namespace loopscope::lessons::check {
namespace {

namespace fs = std::filesystem;
constexpr int draws = 2;  // other numbers that are tried on the kernel

void take(Report& report, Problems& problems) {
  for (auto& one : problems.take())
    if (std::none_of(report.problems.begin(), report.problems.end(), [&](const LessonProblem& known) {
          return known.file == one.file && known.line == one.line && known.message == one.message;
        }))
      report.problems.push_back(std::move(one));
}

/// Numbers that can't be drawn, or with which the lesson can't be read any more.
void check_draws(const std::string& folder, const Options& options, Report& report) {
  for (int seed = 1; seed <= draws; ++seed) {
    auto drawn = load_lesson(folder, static_cast<std::uint64_t>(seed), options.origin);
    if (drawn) continue;
    for (auto& problem : drawn.error()) {
      problem.message = "with drawn numbers: " + problem.message;
      report.problems.push_back(std::move(problem));
    }
    return;
  }
}

/// The lesson on the kernel, once the program knows that it may.
class Bench {
 public:
  Bench(sandbox::Launcher& launcher, const Options& options, Report& report)
      : launcher_(launcher), options_(options), report_(report) {}

  void run_experiments(const Lesson& lesson, const Lesson* written) {
    Problems problems(lesson.folder + "/lesson.md");
    for (const auto& [name, experiment] : lesson.experiments) {
      if (written != nullptr && experiment == *experiment_of(*written, name))
        continue;  // nothing is drawn in it
      if (!lab::programs_of(experiment).empty() && !may_start(missing_program(experiment), name)) continue;
      check_run(launcher_, experiment, problems);
    }
    take(report_, problems);
  }

  void play_goals(const Lesson& lesson, const Lesson& drawn) {
    Problems problems(lesson.folder + "/lesson.md");
    for (std::size_t at = 0; at < lesson.pages.size(); ++at) {
      const Page& page = lesson.pages[at];
      if (!page.goal) continue;
      const auto* experiment = experiment_of(lesson, page.experiment);
      const bool starts =
          (experiment != nullptr && !lab::programs_of(*experiment).empty()) || starts_by_act(page);
      if (starts && !may_start(missing_program(lesson, page), page.title)) continue;
      check_starts_unmet(launcher_, lesson, page, problems);
      check_way(launcher_, lesson, page, problems);
      if (page.stage == Stage::Check) check_not_by_pressing(launcher_, lesson, page, problems);
      if (at < drawn.pages.size() && draws_differently(page, drawn.pages[at]))
        check_way(launcher_, drawn, drawn.pages[at], problems);
    }
    take(report_, problems);
  }

 private:
  static bool starts_by_act(const Page& page) {
    Lesson only;
    only.pages.push_back(page);
    return !programs_of_acts(only).empty();
  }

  bool may_start(const std::string& missing, const std::string& what) {
    if (!options_.programs) return false;
    if (missing.empty()) return true;
    report_.passed_over.push_back(what + ": not run, since " + missing + " is not installed");
    return false;
  }

  sandbox::Launcher& launcher_;
  const Options& options_;
  Report& report_;
};

/// Why this machine can make no world; empty: it can.
std::string why_no_lab(sandbox::Launcher& launcher) {
  const auto report = lab::run(launcher, experiment::Experiment{});
  return report ? std::string() : sandbox::to_string(report.error());
}

void sort(Report& report) {
  std::stable_sort(report.problems.begin(), report.problems.end(),
                   [](const LessonProblem& one, const LessonProblem& other) {
                     return std::tie(one.file, one.line, one.column) <
                            std::tie(other.file, other.line, other.column);
                   });
}

}  // namespace

void Report::add(Report other) {
  const auto append = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(problems, other.problems);
  append(passed_over, other.passed_over);
  append(programs, other.programs);
  if (no_lab.empty()) no_lab = other.no_lab;
}

Report check_form(const std::string& folder, const Options& options) {
  Report report;
  const std::string file = (fs::path(folder).lexically_normal() / "lesson.md").string();
  Problems problems(file);
  const auto lesson = load_lesson(folder, 0, options.origin);
  if (!lesson) report.problems = lesson.error();
  const auto text = read_small_file(file, max_lesson_bytes, options.origin);
  if (!text || limit_passed(file, *text)) return report;  // already told
  check_markdown(*text, problems);
  check_links(folder, options.root, *text, options.links, problems);
  if (const auto done = check_spelling(*text, options.words, problems); !done)
    report.passed_over.push_back("spelling: " + done.error());
  if (lesson) {
    check_parts(*lesson, options.wanted, problems);
    check_sizes(*lesson, problems);
    check_truth(*lesson, *text, problems);
    check_draws(folder, options, report);
  }
  take(report, problems);
  sort(report);
  return report;
}

Report check_on_kernel(sandbox::Launcher& launcher, const Lesson& lesson, const Options& options) {
  Report report;
  if (!options.programs) report.programs = programs_of(lesson);
  report.no_lab = why_no_lab(launcher);
  if (!report.no_lab.empty()) return report;
  Bench bench(launcher, options, report);
  bench.run_experiments(lesson, nullptr);
  for (int seed = 1; seed <= draws; ++seed)
    if (const auto drawn = load_lesson(lesson.folder, static_cast<std::uint64_t>(seed), options.origin))
      bench.run_experiments(*drawn, &lesson);
  const auto drawn = load_lesson(lesson.folder, draws + 1, options.origin);
  bench.play_goals(lesson, drawn ? *drawn : Lesson{});
  sort(report);
  return report;
}

Report check_lesson(sandbox::Launcher& launcher, const std::string& folder, const Options& options) {
  Report report = check_form(folder, options);
  if (const auto lesson = load_lesson(folder, 0, options.origin))
    report.add(check_on_kernel(launcher, *lesson, options));
  sort(report);
  return report;
}

Options options_for(const std::string& course, const std::string& programs_own) {
  Options options;
  options.root = course;
  for (const std::string& folder : {programs_own, course}) {
    if (folder.empty()) continue;
    options.words.merge(known_words(folder + "/words.txt"));
    options.links.merge(known_links(folder + "/links.txt"));
  }
  return options;
}

}  // namespace loopscope::lessons::check
