#pragma once

#include <cstdint>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"
#include "lessons/engine/numbers.hpp"
#include "lessons/engine/problems.hpp"

namespace loopscope::lessons {

/// Whether the block is '*Numbers: …*'.
[[nodiscard]] bool is_numbers(const Block& block);
/// Its rules. Problem, and no rules: what is wrong with them.
[[nodiscard]] Numbers read_numbers(const Block& block, Problems& problems);

/// `written` with the numbers that stand before its first page drawn: in its pages and in its experiments, so
/// that all goes on fitting together. 'Try it' stays as it is, as its output was measured. A seed of 0 draws
/// nothing.
[[nodiscard]] LessonSource draw_lesson(const LessonSource& written, std::uint64_t seed, Problems& problems);

}  // namespace loopscope::lessons
