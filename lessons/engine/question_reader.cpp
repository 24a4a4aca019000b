#include <algorithm>

#include "lessons/engine/draw_lesson.hpp"
#include "lessons/engine/page_reader.hpp"

namespace loopscope::lessons {
namespace {

constexpr std::string_view quiz_mark = "Quiz:";
constexpr std::string_view prediction_mark = "Prediction:";
constexpr std::string_view step_mark = "Asked at `";

std::string slug(std::string_view words) {
  std::string result;
  for (const char c : trimmed(words)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      result += c;
    else if (c >= 'A' && c <= 'Z')
      result += static_cast<char>(c - 'A' + 'a');
    else if (!result.empty() && result.back() != '-')
      result += '-';
  }
  return result;
}

void check_choices(const std::vector<Choice>& choices, int line, Problems& problems) {
  const auto right = std::count_if(choices.begin(), choices.end(), [](const Choice& c) { return c.right; });
  if (choices.size() < 2) problems.add(line, "a question needs two answers at least: '- [ ] answer' lines");
  if (!choices.empty() && right != 1)
    problems.add(line, "exactly one answer is marked '- [x]', not " + std::to_string(right));
}

void draw(Quiz& quiz, Numbers& numbers, std::mt19937_64* random) {
  if (!random) return;
  numbers.draw(*random);
  quiz.text = numbers.put_into(quiz.text);
  for (auto& choice : quiz.choices) {
    choice.text = numbers.put_into(choice.text);
    choice.feedback = numbers.put_into(choice.feedback);
  }
}

}  // namespace

std::vector<Choice> read_choices(const Block* list, int where, Problems& problems) {
  std::vector<Choice> choices;
  int line = list ? list->line : where;
  for (const auto& raw : list ? list->lines : std::vector<std::string>{}) {
    const std::string_view text = trimmed(raw);
    if (raw.starts_with("- [ ] ") || raw.starts_with("- [x] ")) {
      choices.push_back({.text = std::string(trimmed(raw.substr(6))), .right = raw[3] == 'x'});
    } else if (!choices.empty() && text.starts_with(">")) {
      auto& feedback = choices.back().feedback;
      feedback += (feedback.empty() ? "" : " ") + std::string(trimmed(text.substr(1)));
    } else {
      problems.add(
          line,
          "an answer is '- [ ] text' (the right one '- [x] text'), and below it, indented, '> feedback'");
    }
    ++line;
  }
  for (const auto& choice : choices)
    if (choice.feedback.empty())
      problems.add(where, "the answer '" + choice.text +
                              "' has no feedback; add '  > …' below it: the idea behind it");
  check_choices(choices, where, problems);
  return choices;
}

Quiz read_quiz(std::span<const Block> blocks, std::size_t& at, std::mt19937_64* random, Problems& problems) {
  const Block& heading = blocks[at++];
  Quiz quiz{.id = slug(std::string_view(heading.lines[0]).substr(quiz_mark.size())), .line = heading.line};
  if (quiz.id.empty())
    problems.add(heading.line, "give the question a short name of its own: '### Quiz: who answers'");
  Numbers numbers;
  const Block* list = nullptr;
  for (; at < blocks.size() && blocks[at].kind != Block::Kind::Heading && !list; ++at) {
    const Block& block = blocks[at];
    if (block.kind == Block::Kind::List)
      list = &block;
    else if (is_numbers(block))
      numbers = read_numbers(block, problems);
    else
      quiz.text += (quiz.text.empty() ? "" : "\n") + markdown_of(block);
  }
  quiz.text = trimmed(quiz.text);
  if (quiz.text.empty())
    problems.add(heading.line, "the question itself is missing: a paragraph below its heading");
  quiz.choices = read_choices(list, heading.line, problems);
  draw(quiz, numbers, random);
  return quiz;
}

LooseForecast read_forecast(std::span<const Block> blocks, std::size_t& at, Problems& problems) {
  const Block& heading = blocks[at++];
  LooseForecast forecast{
      .line = heading.line,
      .text = std::string(trimmed(std::string_view(heading.lines[0]).substr(prediction_mark.size())))};
  const Block* list = nullptr;
  for (; at < blocks.size() && blocks[at].kind != Block::Kind::Heading && !list; ++at) {
    const std::string text = joined(blocks[at]);
    if (blocks[at].kind == Block::Kind::List)
      list = &blocks[at];
    else if (text.starts_with(step_mark) && text.find('`', step_mark.size()) != std::string::npos)
      forecast.step = text.substr(step_mark.size(), text.find('`', step_mark.size()) - step_mark.size());
    else
      forecast.text += "\n\n" + markdown_of(blocks[at]);
  }
  if (forecast.step.empty())
    problems.add(heading.line,
                 "say which step it is asked at: 'Asked at `rival: bind(r, 127.0.0.1:62893)`:'");
  forecast.choices = read_choices(list, heading.line, problems);
  return forecast;
}

}  // namespace loopscope::lessons
