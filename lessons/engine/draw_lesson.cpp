#include "lessons/engine/draw_lesson.hpp"

#include <algorithm>
#include <random>

namespace loopscope::lessons {
namespace {

constexpr std::string_view numbers_mark = "*Numbers:";
constexpr std::string_view last_section = "\n## Try it";

}  // namespace

bool is_numbers(const Block& block) {
  return block.kind == Block::Kind::Paragraph && joined(block).starts_with(numbers_mark);
}

Numbers read_numbers(const Block& block, Problems& problems) {
  std::string text = joined(block).substr(numbers_mark.size());
  while (!text.empty() && (text.back() == '*' || text.back() == '.')) text.pop_back();
  auto numbers = Numbers::parse(text);
  if (numbers) return *numbers;
  problems.add(block.line, numbers.error());
  return {};
}

LessonSource draw_lesson(const LessonSource& written, std::uint64_t seed, Problems& problems) {
  const auto blocks = split_blocks(written.text);
  const auto first_page = std::find_if(blocks.begin(), blocks.end(), [](const Block& block) {
    return block.kind == Block::Kind::Heading && block.level == 2;
  });
  const auto rules = std::find_if(blocks.begin(), first_page, is_numbers);
  if (rules == first_page) return written;
  Numbers numbers = read_numbers(*rules, problems);
  if (seed == 0) return written;
  std::mt19937_64 random(seed);
  numbers.draw(random);
  LessonSource drawn = written;
  const auto pages = std::min(written.text.find(last_section), written.text.size());
  drawn.text = numbers.put_into(written.text.substr(0, pages)) + written.text.substr(pages);
  for (auto& [name, text] : drawn.experiments) text = numbers.put_into(text);
  return drawn;
}

}  // namespace loopscope::lessons
