#pragma once

#include <cstddef>
#include <vector>

#include "sim/experiment/statement.hpp"

/// Where a learner stops in an experiment. Pure.
namespace loopscope::lab {

/// Title, chapter, narration: shown, and nothing is done.
[[nodiscard]] bool is_words(const experiment::Statement& statement);

/// `expect …`
[[nodiscard]] bool is_claim(const experiment::Statement& statement);

/// Whether the learner goes on to it by a step of its own: calls, `returns`, `kill`, `exit`, `wait`,
/// programs, `packets`; a claim only where a chapter or narration leads to it. What is left (the world's
/// set-up, claims behind a call) happens along the way.
[[nodiscard]] bool is_stop(const std::vector<experiment::Statement>& statements, std::size_t index);

/// The first stop at or after `index`; statements.size() where there is none.
[[nodiscard]] std::size_t next_stop(const std::vector<experiment::Statement>& statements, std::size_t index);

/// How many chapters have begun before `index`: equal numbers are in the same chapter.
[[nodiscard]] std::size_t chapter_of(const std::vector<experiment::Statement>& statements, std::size_t index);

}  // namespace loopscope::lab
