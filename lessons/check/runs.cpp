#include "lessons/check/runs.hpp"

#include <algorithm>
#include <stdexcept>

#include "lessons/check/player.hpp"
#include "lessons/engine/goal.hpp"
#include "sim/lab/run.hpp"

namespace loopscope::lessons::check {
namespace {

constexpr Milliseconds patience{3000};    // the table comes a little after the step that changed it
constexpr Milliseconds time_to_err{500};  // … and where no goal should be met

/// Whatever the player could not do is the lesson's problem, and told with what had happened.
template <typename What>
void play(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page, Problems& problems,
          What what) {
  try {
    Player player(launcher, lesson, page);
    player.step_to_the_end();
    what(player);
  } catch (const std::runtime_error& error) {
    problems.add(page.line, error.what());
  }
}

std::string lines_of(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : "; ") + one;
  return text;
}

void check_outcome(const experiment::Experiment& experiment, const lab::Outcome& outcome,
                   Problems& problems) {
  const auto& statement = experiment.statements[outcome.statement];
  const auto say = [&](const std::string& words) {
    problems.add_to(experiment.file, statement.place.line, words, statement.place.column);
  };
  if (!outcome.trouble.empty()) return say("this could not be done: " + outcome.trouble);
  if (!experiment::has_result(statement)) return;
  if (!outcome.result) return say("the run ended before this step");
  const auto* stated = experiment::stated_of(statement);
  if (stated != nullptr && !experiment::agree(stated->result, *outcome.result))
    say("the kernel answered " + experiment::to_string(*outcome.result) + ", and the file states " +
        experiment::to_string(stated->result));
  if (const auto* claimed = std::get_if<experiment::Claimed>(&*outcome.result); claimed && !claimed->holds)
    say("this claim does not hold on the kernel");
}

/// One run's problems.
std::vector<LessonProblem> problems_of_run(sandbox::Launcher& launcher,
                                           const experiment::Experiment& experiment) {
  Problems problems(experiment.file);
  const auto report = lab::run(launcher, experiment, {}, {}, {false, false, true});
  if (!report) {
    problems.add(1, sandbox::to_string(report.error()));
    return problems.take();
  }
  if (!report->trouble.empty()) problems.add(1, report->trouble);
  for (const auto& outcome : report->outcomes) check_outcome(experiment, outcome, problems);
  return problems.take();
}

}  // namespace

/// What differs once may be the fault of a machine with much else to do; what is wrong differs again.
void check_run(sandbox::Launcher& launcher, const experiment::Experiment& experiment, Problems& problems) {
  if (problems_of_run(launcher, experiment).empty()) return;
  for (auto& one : problems_of_run(launcher, experiment))
    problems.add_to(std::move(one.file), one.line, std::move(one.message), one.column);
}

void check_starts_unmet(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page,
                        Problems& problems) {
  if (look_at(*page.goal, trace::Timeline{}).met)
    return problems.add(page.goal->line, "this goal is met before anything has happened");
  play(launcher, lesson, page, problems, [&](Player& player) {
    if (player.missing().empty())
      problems.add(page.goal->line, "going through the experiment meets this goal: pressing Next is enough");
  });
}

void check_way(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page, Problems& problems) {
  const Goal& goal = *page.goal;
  if (goal.way.empty())
    return problems.add(
        goal.line,
        "say below its block how it is met: '*Solved by `label`, `label`.*', with this page's acts");
  play(launcher, lesson, page, problems, [&](Player& player) {
    for (const auto& act : goal.way) {
      if (player.missing().empty())
        problems.add(goal.line, "this goal is met before '" + act + "', the rest of its way is not needed");
      player.press(act);
    }
    if (!player.reaches_goal(patience))
      problems.add(goal.line, "the way below does not meet this goal; missing: " +
                                  lines_of(player.missing()) + ". What happened:\n" + player.story());
  });
}

void check_not_by_pressing(sandbox::Launcher& launcher, const Lesson& lesson, const Page& page,
                           Problems& problems) {
  play(launcher, lesson, page, problems, [&](Player& player) {
    for (const auto& act : page.acts)
      for (const auto& line : act.lines) player.press_line(line);
    if (player.reaches_goal(time_to_err))
      problems.add(page.goal->line,
                   "pressing all acts from the top down meets this goal; put them into another order, or add "
                   "one that leads astray");
  });
}

bool draws_differently(const Page& written, const Page& drawn) {
  return !std::equal(written.acts.begin(), written.acts.end(), drawn.acts.begin(), drawn.acts.end(),
                     [](const Act& one, const Act& two) { return one.lines == two.lines; });
}

}  // namespace loopscope::lessons::check
