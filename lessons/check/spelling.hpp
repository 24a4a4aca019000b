#pragma once

#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "lessons/engine/problems.hpp"

namespace loopscope::lessons::check {

/// Words of the subject that no dictionary of English has: one a line of words.txt, '#' begins a comment.
[[nodiscard]] std::set<std::string> known_words(const std::string& path);

/// What a reader reads of a Markdown file, line by line, as many lines as the file has: without code, targets
/// of links and marks.
[[nodiscard]] std::vector<std::string> prose_lines(const std::string& text);

/// Adds a problem for each word that neither aspell(1) (British English) nor `known` has. Error: why it was
/// not done, as where aspell is not installed.
[[nodiscard]] tl::expected<void, std::string> check_spelling(const std::string& text,
                                                             const std::set<std::string>& known,
                                                             Problems& problems);

}  // namespace loopscope::lessons::check
