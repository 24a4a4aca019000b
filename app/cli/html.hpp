#pragma once

#include <string>
#include <string_view>

namespace loopscope::app::cli {

/// Text for HTML and XML: the five marks escaped, what XML 1.0 has no place for (control characters, bytes
/// that are no UTF-8) replaced by U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

/// A page's Markdown as XHTML. Links lead out only to https; others become their words, as a hand-out stands
/// alone.
[[nodiscard]] std::string html_of(const std::string& markdown);
/// The same for one line, without a paragraph around it.
[[nodiscard]] std::string html_of_line(const std::string& markdown);

}  // namespace loopscope::app::cli
