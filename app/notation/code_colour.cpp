#include "app/notation/code_colour.hpp"

#include <algorithm>
#include <cctype>

namespace loopscope::app::notation {
namespace {

constexpr std::string_view c_words[] = {"static", "int",    "long",     "unsigned", "char",   "void",
                                        "const",  "struct", "return",   "if",       "else",   "for",
                                        "sizeof", "size_t", "uint32_t", "define",   "include"};
constexpr std::string_view python_words[] = {"import", "def", "try", "except", "as",   "return", "if",
                                             "else",   "is",  "or",  "None",   "True", "False"};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t string_end(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (++at; at < line.size() && line[at] != quote; ++at) {
    if (line[at] == '\\') ++at;
  }
  return std::min(at + 1, line.size());
}

TokenKind kind_of_word(std::string_view word, std::string_view rest, Language language) {
  const auto is = [&](const auto& words) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
  };
  if (language == Language::C ? is(c_words) : is(python_words)) return TokenKind::Keyword;
  if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) return TokenKind::Number;
  if (!rest.empty() && rest[0] == '(') return TokenKind::Call;
  const bool capitals =
      word.size() > 2 && std::none_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return capitals ? TokenKind::Constant : TokenKind::Plain;
}

}  // namespace

std::vector<Token> tokens(std::string_view line, Language language) {
  std::vector<Token> out;
  const auto add = [&](std::size_t from, std::size_t to, TokenKind kind) {
    const auto text = line.substr(from, to - from);
    const bool joins = !out.empty() && out.back().kind == kind && kind == TokenKind::Plain;
    if (joins) {
      out.back().text = {out.back().text.data(), out.back().text.size() + text.size()};
    } else {
      out.push_back({text, kind});
    }
  };
  for (std::size_t at = 0; at < line.size();) {
    const bool comment = language == Language::C ? line.substr(at, 2) == "/*" : line[at] == '#';
    std::size_t end = at + 1;
    if (comment) {
      const auto close = line.find("*/", at);
      end = language == Language::Python || close == std::string_view::npos ? line.size() : close + 2;
      add(at, end, TokenKind::Comment);
    } else if (line[at] == '"' || line[at] == '<') {
      if (line[at] == '<' && !line.starts_with("#include")) {
        add(at, end, TokenKind::Plain);
      } else {
        end = line[at] == '<' ? line.size() : string_end(line, at);
        add(at, end, TokenKind::String);
      }
    } else if (is_word(line[at])) {
      while (end < line.size() && is_word(line[end])) ++end;
      add(at, end, kind_of_word(line.substr(at, end - at), line.substr(end), language));
    } else {
      add(at, end, TokenKind::Plain);
    }
    at = end;
  }
  return out;
}

}  // namespace loopscope::app::notation
