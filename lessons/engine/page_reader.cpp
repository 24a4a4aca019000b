#include "lessons/engine/page_reader.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include "lessons/engine/evidence.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons {
namespace {

constexpr std::array all_stages = {Stage::Question, Stage::Predict, Stage::Watch,
                                   Stage::Why,      Stage::Change,  Stage::Check};

std::optional<Stage> stage_of(std::string_view name) {
  for (const Stage stage : all_stages)
    if (name == to_string(stage)) return stage;
  return {};
}

void read_title(const Block& heading, Page& page, Problems& problems) {
  const std::string& words = heading.lines[0];
  const auto colon = words.find(": ");
  const auto stage = colon == std::string::npos ? std::nullopt : stage_of(words.substr(0, colon));
  if (!stage) {
    problems.add(heading.line,
                 "'## " + words +
                     "' is no page; write its stage first (Question, Predict, Watch, Why, "
                     "Change or Check), as in '## Watch: Nobody has answered yet', or '## Try it'");
    return;
  }
  page.stage = *stage;
  page.title = words.substr(colon + 2);
}

/// 'Experiment: [journey.lab](journey.lab), step by packet'
bool take_experiment(const Block& block, Page& page, Problems& problems) {
  const std::string text = joined(block);
  if (block.kind != Block::Kind::Paragraph || !text.starts_with("Experiment:")) return false;
  static const std::regex form(
      R"(^Experiment: \[([^\]]+)\]\(([^)]+)\)(?:, step by (chapter|call|packet))?$)");
  std::smatch match;
  // A paragraph may be long, and std::regex takes stack for each byte of it.
  if (text.size() <= max_lesson_line_bytes && std::regex_match(text, match, form) && match[1] == match[2]) {
    page.experiment = match[1];
    page.step_by = match[3];
  } else {
    problems.add(block.line,
                 "write 'Experiment: [name.lab](name.lab)', and behind it, where wanted, ', step by packet' "
                 "(or call, or chapter)");
  }
  return true;
}

bool starts_with(const Block& block, Block::Kind kind, std::string_view words) {
  return block.kind == kind && !block.lines.empty() && std::string_view(block.lines[0]).starts_with(words);
}

constexpr std::string_view way_mark = "*Solved by ";

/// '*Solved by `Stop web`, `Start web on 0.0.0.0`.*'
void take_way(const Block& block, Page& page, Problems& problems) {
  if (!page.goal) return problems.add(block.line, "there is no goal on this page that it could solve");
  const std::string text = joined(block);
  for (auto at = text.find('`'); at != std::string::npos; at = text.find('`', at + 1)) {
    const auto end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    page.goal->way.push_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  if (page.goal->way.empty())
    problems.add(block.line,
                 "write '*Solved by `Stop web`, `Start web on 0.0.0.0`.*', with labels of this page");
  for (const std::string& label : page.goal->way) {
    const auto is = [&](const Act& act) { return act.label == label; };
    if (std::none_of(page.acts.begin(), page.acts.end(), is))
      problems.add(block.line, "there is no '**Do:** " + label + "' on this page");
  }
}

void take_goal(std::span<const Block> blocks, std::size_t& at, Page& page, Problems& problems) {
  const int line = blocks[at].line;
  auto goal = read_goal(blocks, at, problems);
  if (page.goal) problems.add(line, "a page has one goal; put the second on a page of its own");
  page.goal = std::move(goal);
}

}  // namespace

ReadPage read_page(std::span<const Block> blocks, std::mt19937_64* random, Problems& problems) {
  ReadPage result{.line = blocks[0].line};
  Page& page = result.page;
  page.line = blocks[0].line;
  const Block* way = nullptr;
  read_title(blocks[0], page, problems);
  for (std::size_t at = 1; at < blocks.size();) {
    const Block& block = blocks[at];
    if (starts_with(block, Block::Kind::Heading, "Quiz:")) {
      page.quizzes.push_back(read_quiz(blocks, at, random, problems));
    } else if (starts_with(block, Block::Kind::Heading, "Prediction:")) {
      result.forecasts.push_back(read_forecast(blocks, at, problems));
    } else if (starts_with(block, Block::Kind::Paragraph, "**Do:**")) {
      page.acts.push_back(read_act(blocks, at, problems));
    } else if (starts_with(block, Block::Kind::Paragraph, "**Goal:**") ||
               starts_with(block, Block::Kind::Paragraph, "**Goal, in this order:**")) {
      take_goal(blocks, at, page, problems);
    } else if (starts_with(block, Block::Kind::Paragraph, way_mark)) {
      way = &block;
      ++at;
    } else if (is_evidence(block) || take_experiment(block, page, problems)) {
      ++at;
    } else {
      page.markdown += (page.markdown.empty() ? "" : "\n") + markdown_of(block);
      ++at;
    }
  }
  if (way != nullptr) take_way(*way, page, problems);
  return result;
}

}  // namespace loopscope::lessons
