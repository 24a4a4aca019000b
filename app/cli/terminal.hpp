#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace loopscope::app::cli {

enum class Style : std::uint8_t { Plain, Title, Chapter, Faint, Good, Bad, Doubt, Call, Ask };

/// What is known of the place that text goes to. Nothing is written here: these only shape strings.
struct Terminal {
  bool colour = false;
  bool moves = false;  ///< the cursor can be moved (ECMA-48)
  std::size_t columns = 80;

  /// Standard output's: colour only where it is a terminal that can show it and NO_COLOR (no-color.org) is
  /// not set.
  [[nodiscard]] static Terminal of_stdout();
  /// The text in that style; as it is where there is no colour.
  [[nodiscard]] std::string paint(Style style, std::string_view text) const;
};

/// Characters that the text takes on a terminal: code points, which is right for all that the program writes
/// itself.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// Blanks after the text up to that width.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
/// Lines of words, none longer than `columns` unless a word is; each begins with `indent` blanks. Ends in a
/// newline.
[[nodiscard]] std::string wrapped(std::string_view words, std::size_t indent, std::size_t columns);
/// '1 step', '3 steps'.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace loopscope::app::cli
