#pragma once

#include <string_view>
#include <vector>

#include "app/notation/code_text.hpp"

namespace loopscope::app::notation {

enum class TokenKind : std::uint8_t { Plain, Keyword, Call, String, Number, Comment, Constant };

struct Token {
  std::string_view text;  ///< into the line
  TokenKind kind{};
};

/// The parts of one line of the programs that code_for() writes, in order; together they are the line.
[[nodiscard]] std::vector<Token> tokens(std::string_view line, Language language);

}  // namespace loopscope::app::notation
