#pragma once

#include <random>
#include <span>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson.hpp"
#include "lessons/engine/problems.hpp"

namespace loopscope::lessons {

/// A `### Prediction:` section, before it is known which step of which experiment it belongs to.
struct LooseForecast {
  int line = 0;
  std::string step;  ///< 'rival: bind(r, 127.0.0.1:62893)'
  std::string text;
  std::vector<Choice> choices;
};

struct ReadPage {
  Page page;
  int line = 0;
  std::vector<LooseForecast> forecasts;
};

/// Reads the blocks of one page, its heading first. `random` draws the questions' numbers where it is given.
[[nodiscard]] ReadPage read_page(std::span<const Block> blocks, std::mt19937_64* random, Problems& problems);

/// Reads `## Try it`, its heading first.
[[nodiscard]] std::vector<Command> read_commands(std::span<const Block> blocks, Problems& problems);

/// The answers of a task list; `where` is the line of the question that they belong to.
[[nodiscard]] std::vector<Choice> read_choices(const Block* list, int where, Problems& problems);

/// `### Quiz: name` with its paragraphs and answers; `at` is moved past them.
[[nodiscard]] Quiz read_quiz(std::span<const Block> blocks, std::size_t& at, std::mt19937_64* random,
                             Problems& problems);
/// `### Prediction: question` with the step it belongs to and its answers; `at` is moved past them.
[[nodiscard]] LooseForecast read_forecast(std::span<const Block> blocks, std::size_t& at, Problems& problems);
/// `**Do:** label` with its fence; `at` is moved past it.
[[nodiscard]] Act read_act(std::span<const Block> blocks, std::size_t& at, Problems& problems);
/// `**Goal:** words` with its fence; `at` is moved past it.
[[nodiscard]] Goal read_goal(std::span<const Block> blocks, std::size_t& at, Problems& problems);

}  // namespace loopscope::lessons
