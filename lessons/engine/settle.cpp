#include "lessons/engine/settle.hpp"

#include <algorithm>

#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

/// A page without an experiment of its own goes on with the one before; each file is run by some page.
void settle_experiments(Lesson& lesson, std::span<const ReadPage> pages, Problems& problems) {
  std::string last;
  for (std::size_t at = 0; at < pages.size(); ++at) {
    Page& page = lesson.pages[at];
    if (page.experiment.empty())
      page.experiment = last;
    else if (!experiment_of(lesson, page.experiment))
      problems.add(pages[at].line, "its experiment " + page.experiment +
                                       " is not beside lesson.md, or has errors of its own");
    last = page.experiment;
    if (page.experiment.empty() && (!page.acts.empty() || page.goal))
      problems.add(pages[at].line,
                   "a page with acts or a goal needs a world: 'Experiment: [name.lab](name.lab)'");
  }
  for (const auto& [name, experiment] : lesson.experiments) {
    const auto runs = [&file = name](const Page& page) { return page.experiment == file; };
    if (std::none_of(lesson.pages.begin(), lesson.pages.end(), runs))
      problems.add_to(experiment.file, 1, "no page runs this experiment; link it from one, or remove it");
  }
}

/// 'rival: bind(r, 127.0.0.1:62893)' of a step, without variable and result.
std::string step_text(const experiment::Statement& statement) {
  const std::string process = experiment::process_of(statement);
  return process.empty() ? experiment::call_text(statement)
                         : process + ": " + experiment::call_text(statement);
}

bool is_asked(const experiment::Statement& statement) {
  const auto* stated = experiment::stated_of(statement);
  return stated && stated->asked;
}

void settle_choices(const LooseForecast& loose, const experiment::Statement& step, Forecast& forecast,
                    Problems& problems) {
  for (const auto& choice : loose.choices) {
    const auto end = choice.text.find('`', 1);
    const bool coded = choice.text.starts_with('`') && end != std::string::npos;
    const auto result =
        coded ? experiment::parse_result(choice.text.substr(1, end - 1))
              : tl::expected<experiment::Result, experiment::Problem>(tl::unexpected(experiment::Problem{}));
    if (!result) {
      problems.add(loose.line, "the answer '" + choice.text +
                                   "' must begin with a result of the language: '- [ ] `EADDRINUSE`: …'");
      continue;
    }
    if (experiment::agree(*result, experiment::stated_of(step)->result) != choice.right)
      problems.add(loose.line, "the answer '" + choice.text +
                                   "' is marked otherwise than the experiment states (line " +
                                   std::to_string(step.place.line) + ")");
    forecast.choices.push_back({*result, choice.text, choice.feedback});
  }
}

void settle_forecast(Lesson& lesson, std::size_t at, const LooseForecast& loose, Problems& problems) {
  const Page& page = lesson.pages[at];
  const auto* experiment = experiment_of(lesson, page.experiment);
  if (!experiment || loose.step.empty()) return;
  // The same step may be asked more than once: the sections then stand in the order of the steps.
  const auto& statements = experiment->statements;
  std::size_t found = 0;
  while (found < statements.size() &&
         !(is_asked(statements[found]) && step_text(statements[found]) == loose.step &&
           !forecast_of(lesson, page.experiment, found)))
    ++found;
  if (found == statements.size()) {
    problems.add(loose.line,
                 page.experiment + " has no step '" + loose.step + " ?= …' that is not asked at already");
    return;
  }
  Forecast forecast{
      .experiment = page.experiment, .statement = found, .text = loose.text, .page = at, .line = loose.line};
  settle_choices(loose, statements[found], forecast, problems);
  lesson.forecasts.push_back(std::move(forecast));
}

void settle_forecasts(Lesson& lesson, std::span<const ReadPage> pages, Problems& problems) {
  for (std::size_t at = 0; at < pages.size(); ++at)
    for (const auto& loose : pages[at].forecasts) settle_forecast(lesson, at, loose, problems);
  for (const auto& [name, experiment] : lesson.experiments)
    for (std::size_t at = 0; at < experiment.statements.size(); ++at)
      if (is_asked(experiment.statements[at]) && !forecast_of(lesson, name, at))
        problems.add_to(experiment.file, experiment.statements[at].place.line,
                        "this ?= has no words in lesson.md; add '### Prediction: …' with 'Asked at `" +
                            step_text(experiment.statements[at]) + "`:' to the page that runs it");
}

void check_arc(const Lesson& lesson, Problems& problems) {
  for (const Stage stage :
       {Stage::Question, Stage::Predict, Stage::Watch, Stage::Why, Stage::Change, Stage::Check}) {
    const auto is = [&](const Page& page) { return page.stage == stage; };
    if (std::none_of(lesson.pages.begin(), lesson.pages.end(), is))
      problems.add(1, "the arc lacks a page '## " + std::string(to_string(stage)) + ": …'");
  }
  if (lesson.pages.empty()) return;
  if (lesson.pages.front().stage != Stage::Question) problems.add(1, "the first page is a Question");
  const auto reaches = [](const Page& page) { return page.stage == Stage::Check && page.goal; };
  if (std::none_of(lesson.pages.begin(), lesson.pages.end(), reaches))
    problems.add(1, "no Check page has a goal; add '**Goal:** …', or the lesson can never be done");
}

void check_quizzes(const Lesson& lesson, Problems& problems) {
  std::vector<std::string> ids;
  for (const auto& page : lesson.pages)
    for (const auto& quiz : page.quizzes) {
      if (std::find(ids.begin(), ids.end(), quiz.id) != ids.end())
        problems.add(1, "two questions are called '" + quiz.id + "'; give each a name of its own");
      ids.push_back(quiz.id);
    }
}

}  // namespace

void settle(Lesson& lesson, std::span<const ReadPage> pages, Problems& problems) {
  settle_experiments(lesson, pages, problems);
  settle_forecasts(lesson, pages, problems);
  check_arc(lesson, problems);
  check_quizzes(lesson, problems);
}

}  // namespace loopscope::lessons
