#pragma once

#include <string>

#include "app/cli/terminal.hpp"

namespace loopscope::app::cli {

/// A page's Markdown as a person reads it in the terminal: paragraphs wrapped, lists, tables in columns, code
/// as it is. Nothing that the page says is left out. Each block ends in an empty line.
[[nodiscard]] std::string text_of(const std::string& markdown, const Terminal& terminal,
                                  std::size_t indent = 2);

}  // namespace loopscope::app::cli
