#pragma once

#include <string>
#include <vector>

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

/// '**Backlog.** The number that …' of glossary.md.
struct Term {
  std::string name;
  std::string meaning;  ///< Markdown
};
/// The glossary of a folder of lessons, in its order; empty where there is none.
[[nodiscard]] std::vector<Term> load_glossary(const std::string& folder);
/// Those whose name is said on a page, in a question or in a prediction of the lesson.
[[nodiscard]] std::vector<Term> terms_of(const Lesson& lesson, const std::vector<Term>& glossary);

}  // namespace loopscope::lessons
