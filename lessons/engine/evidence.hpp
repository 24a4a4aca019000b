#pragma once

#include <string>
#include <vector>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson.hpp"
#include "lessons/engine/problems.hpp"

namespace loopscope::lessons {

/// What a lesson's words rest on: a step of one of its experiments, or a document. As it is written:
/// '*Shown by [a.lab](a.lab): `rival: bind(r, 127.0.0.1:62893) = EADDRINUSE`.*' and '*Rests on ip(7).*'
struct Evidence {
  int line = 0;
  std::string heading;     ///< the heading above it: 'Why: First come, first served', 'Quiz: reuse'
  std::string experiment;  ///< 'a.lab'; empty: `document` says it
  std::string step;        ///< with its result, or a claim
  std::string document;
};

/// Whether the block is such a paragraph. Readers in a browser see it, the program's pages leave it out.
[[nodiscard]] bool is_evidence(const Block& block);
/// All of a lesson, in order. Problem: a paragraph that is not in this form.
[[nodiscard]] std::vector<Evidence> read_evidence(const std::vector<Block>& blocks, Problems& problems);
/// Problem: a step that the experiment does not take, or to which it states another result.
void check_evidence(const std::vector<Evidence>& all, const Lesson& lesson, Problems& problems);

}  // namespace loopscope::lessons
