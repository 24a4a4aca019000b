#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include "lessons/engine/page_reader.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// '# Title', one paragraph, and '| Lesson | Part | Minutes |' with one row.
void read_front(std::span<const Block> blocks, Lesson& lesson, Problems& problems) {
  static const std::regex row(R"(^\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*$)");
  if (blocks.empty() || blocks[0].kind != Block::Kind::Heading || blocks[0].level != 1) {
    problems.add(1, "a lesson begins with its title: '# Home: 127.0.0.1'");
    return;
  }
  lesson.title = blocks[0].lines[0];
  bool table = false;
  for (const Block& block : blocks.subspan(1)) {
    std::smatch match;
    if (block.kind == Block::Kind::Paragraph && lesson.summary.empty()) {
      lesson.summary = joined(block);
    } else if (block.kind == Block::Kind::Table && block.lines.size() == 3 && !table &&
               std::regex_match(block.lines[2], match, row)) {
      lesson.number = std::stoi(match[1]);
      lesson.part = std::stoi(match[2]);
      lesson.minutes = std::stoi(match[3]);
      table = true;
    } else {
      problems.add(block.line,
                   "before the first page stand one paragraph (the summary) and the table | Lesson | Part | "
                   "Minutes |");
    }
  }
  if (lesson.summary.empty()) problems.add(1, "one sentence about the lesson is missing below its title");
  if (!table)
    problems.add(
        1, "the table is missing: '| Lesson | Part | Minutes |', '| --- | --- | --- |', '| 1 | 1 | 10 |'");
}

void read_experiments(const fs::path& folder, Lesson& lesson, Problems& problems) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    if (name == "lesson.md" || name.starts_with('.') || name.ends_with('~')) continue;
    if (path.extension() != ".lab") {
      problems.add_to(path.string(), 0,
                      "a lesson's folder holds lesson.md and .lab files only; move it elsewhere");
      continue;
    }
    auto experiment = experiment::parse(read_text(path).value_or(""), path.string());
    if (experiment) {
      lesson.experiments.emplace_back(name, std::move(*experiment));
      continue;
    }
    for (const auto& problem : experiment.error())
      problems.add_to(path.string(), problem.place.line, problem.message);
  }
}

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
    const auto runs = [&](const Page& page) { return page.experiment == name; };
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

void settle_forecast(Lesson& lesson, const Page& page, const LooseForecast& loose, Problems& problems) {
  const auto* experiment = experiment_of(lesson, page.experiment);
  if (!experiment || loose.step.empty()) return;
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < experiment->statements.size(); ++at)
    if (is_asked(experiment->statements[at]) && step_text(experiment->statements[at]) == loose.step)
      found.push_back(at);
  if (found.size() != 1) {
    problems.add(loose.line, page.experiment + (found.empty() ? " has no" : " has more than one") +
                                 " step '" + loose.step + " ?= …' to ask at");
    return;
  }
  Forecast forecast{.experiment = page.experiment, .statement = found[0], .text = loose.text};
  settle_choices(loose, experiment->statements[found[0]], forecast, problems);
  if (forecast_of(lesson, page.experiment, found[0]))
    problems.add(loose.line, "this step is asked about already");
  lesson.forecasts.push_back(std::move(forecast));
}

void settle_forecasts(Lesson& lesson, std::span<const ReadPage> pages, Problems& problems) {
  for (std::size_t at = 0; at < pages.size(); ++at)
    for (const auto& loose : pages[at].forecasts) settle_forecast(lesson, lesson.pages[at], loose, problems);
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

/// The groups of blocks that each begin with a heading of level 2; what stands before the first is group 0.
std::vector<std::span<const Block>> sections(const std::vector<Block>& blocks) {
  std::vector<std::span<const Block>> groups;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= blocks.size(); ++at)
    if (at == blocks.size() ||
        (at > begin && blocks[at].kind == Block::Kind::Heading && blocks[at].level == 2)) {
      groups.emplace_back(blocks.data() + begin, at - begin);
      begin = at;
    }
  return groups;
}

void read_sections(const std::vector<Block>& blocks, std::uint64_t seed, Lesson& lesson,
                   std::vector<ReadPage>& pages, Problems& problems) {
  std::mt19937_64 random(seed);
  const auto groups = sections(blocks);
  read_front(groups[0], lesson, problems);
  for (const auto& group : std::span(groups).subspan(1)) {
    if (group[0].lines[0] == "Try it") {
      lesson.commands = read_commands(group, problems);
    } else {
      pages.push_back(read_page(group, seed == 0 ? nullptr : &random, problems));
      lesson.pages.push_back(pages.back().page);
    }
  }
}

}  // namespace

tl::expected<Lesson, std::vector<LessonProblem>> load_lesson(const std::string& folder, std::uint64_t seed) {
  const fs::path path = fs::path(folder).lexically_normal();
  const std::string file = (path / "lesson.md").string();
  Problems problems(file);
  Lesson lesson{.id = (path.has_filename() ? path : path.parent_path()).filename().string()};
  const auto text = read_text(file);
  if (!text) {
    problems.add(0, "a lesson's folder holds a lesson.md that can be read; this one has none");
    return tl::unexpected(problems.take());
  }
  const auto blocks = split_blocks(*text);
  for (const auto& block : blocks)
    if (block.kind == Block::Kind::Unclosed)
      problems.add(block.line, "this ``` block is not closed; end it with ```");
  std::vector<ReadPage> pages;
  read_sections(blocks, seed, lesson, pages, problems);
  read_experiments(path, lesson, problems);
  settle_experiments(lesson, pages, problems);
  settle_forecasts(lesson, pages, problems);
  check_arc(lesson, problems);
  check_quizzes(lesson, problems);
  if (std::to_string(lesson.number) != std::to_string(std::atoi(lesson.id.c_str())))
    problems.add(
        1, "the table says lesson " + std::to_string(lesson.number) + ", the folder is called " + lesson.id);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return lesson;
}

}  // namespace loopscope::lessons
