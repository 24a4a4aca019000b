#include "sim/experiment/cursor.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "sim/base/nearest.hpp"
#include "sim/experiment/utf8.hpp"

namespace loopscope::experiment {
namespace {

constexpr std::size_t longest_citation = 40;
constexpr std::size_t longest_listing = 8;

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || is_digit(letter) ||
         letter == '_' || letter == '-';
}

int hex_value(char letter) {
  if (is_digit(letter)) return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// Nothing where the word is no whole number, or does not fit.
std::optional<std::int64_t> to_integer(std::string_view word) {
  const bool negative = word.starts_with('-');
  std::string_view digits = negative ? word.substr(1) : word;
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
  if (hex) digits.remove_prefix(2);
  if (digits.empty() || hex_value(digits.front()) < 0) return std::nullopt;
  const std::string signed_digits = (negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const char* end = signed_digits.data() + signed_digits.size();
  const auto [stop, error] = std::from_chars(signed_digits.data(), end, value, hex ? 16 : 10);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

void Cursor::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

bool Cursor::at_end() {
  skip_blanks();
  return at_ == text_.size();
}

int Cursor::column() {
  skip_blanks();
  return first_column_ + static_cast<int>(at_);
}

char Cursor::peek() {
  skip_blanks();
  return peek_at_once();
}

bool Cursor::take(char wanted) {
  if (peek() != wanted) return false;
  ++at_;
  return true;
}

void Cursor::expect(char wanted, std::string_view after) {
  if (!take(wanted)) fail(fmt::format("{} instead of `{}` in {}", cite_next(*this), wanted, after));
}

std::string_view Cursor::peek_name() {
  skip_blanks();
  std::size_t end = at_;
  while (end < text_.size() && is_name_letter(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

std::string_view Cursor::name() {
  const std::string_view found = peek_name();
  at_ += found.size();
  return found;
}

bool Cursor::take_name(std::string_view wanted) {
  if (peek_name() != wanted) return false;
  at_ += wanted.size();
  return true;
}

std::string_view Cursor::until_any(std::string_view stops) {
  skip_blanks();
  const std::size_t start = at_;
  while (at_ < text_.size() && !is_blank(text_[at_]) && stops.find(text_[at_]) == std::string_view::npos)
    ++at_;
  return text_.substr(start, at_ - start);
}

std::string_view Cursor::word() { return until_any(""); }

std::string_view Cursor::peek_word() {
  const std::size_t before = at_;
  const std::string_view found = word();
  at_ = before;
  return found;
}

std::string_view Cursor::rest() {
  skip_blanks();
  std::string_view left = text_.substr(at_);
  while (!left.empty() && is_blank(left.back())) left.remove_suffix(1);
  at_ = text_.size();
  return left;
}

std::int64_t Cursor::integer(std::string_view what, std::int64_t low, std::int64_t high) {
  const int start = column();
  const std::string next = cite_next(*this);
  const std::optional<std::int64_t> value = to_integer(until_any(",)}(=|\""));
  if (!value) fail_at(start, fmt::format("{} where {} belongs: a whole number", next, what));
  if (*value < low || *value > high) {
    fail_at(start, fmt::format("{} is no {}: it goes from {} to {}", *value, what.substr(what.find(' ') + 1),
                               low, high));
  }
  return *value;
}

void Cursor::escape(std::string& out) {
  const int start = first_column_ + static_cast<int>(at_) - 1;
  const char letter = peek_at_once();
  if (letter != '\0') ++at_;
  switch (letter) {
    case 'r':
      out += '\r';
      return;
    case 'n':
      out += '\n';
      return;
    case 't':
      out += '\t';
      return;
    case '\\':
      out += '\\';
      return;
    case '"':
      out += '"';
      return;
    case 'x':
      break;
    case '\0':
      fail_at(start,
              "the string ends in a lone `\\`: write `\\\\` for a backslash, and close the string with `\"`");
    case '0':
      fail_at(start, "unknown escape `\\0`: a NUL byte is `\\x00`");
    default:
      fail_at(start, fmt::format("unknown escape {}: there are \\r \\n \\t \\\\ \\\" and \\xNN",
                                 cite(text_.substr(
                                     at_ - 2, 1 + std::max<std::size_t>(1, utf8_length(text_, at_ - 1))))));
  }
  const int high = at_ < text_.size() ? hex_value(text_[at_]) : -1;
  const int low = at_ + 1 < text_.size() ? hex_value(text_[at_ + 1]) : -1;
  if (high < 0 || low < 0) fail_at(start, "`\\x` takes two hexadecimal digits, as in `\\x0a`");
  out += static_cast<char>(high * 16 + low);
  at_ += 2;
}

std::string Cursor::string() {
  const int start = column();
  if (!take('"')) fail(fmt::format("{} where a string belongs: \"…\"", cite_next(*this)));
  std::string bytes;
  while (at_ < text_.size()) {
    const char letter = text_[at_++];
    if (letter == '"') return bytes;
    if (letter == '\\')
      escape(bytes);
    else
      bytes += letter;
  }
  fail_at(start, "this string is not closed: end it with `\"` on the same line");
}

Text Cursor::text() {
  const int start = column();
  Text text{string(), 1};
  if (!take('*')) return text;
  text.times = static_cast<std::uint64_t>(integer("a count of repetitions", 0, max_text_bytes));
  if (text.bytes.size() * text.times > max_text_bytes) {
    fail_at(start, fmt::format("this string comes to {} bytes; at most {} are taken",
                               text.bytes.size() * text.times, max_text_bytes));
  }
  return text;
}

std::chrono::microseconds Cursor::duration(std::string_view what) {
  const int start = column();
  const std::string next = cite_next(*this);
  const auto wrong = [&]() {
    fail_at(start, fmt::format("{} where {} belongs: like 250ms, 1s, 1.5s or 10us", next, what));
  };
  const std::string_view written = word();
  const std::size_t unit_at = std::min(written.find_first_not_of("0123456789."), written.size());
  const std::string_view unit = written.substr(unit_at);
  double scale = 0;
  if (unit == "us") scale = 1;
  if (unit == "ms") scale = 1e3;
  if (unit == "s") scale = 1e6;
  if (unit == "min") scale = 60e6;
  double number = 0;
  const auto [stop, error] = std::from_chars(written.data(), written.data() + unit_at, number);
  if (scale == 0 || unit_at == 0 || error != std::errc{} || stop != written.data() + unit_at) wrong();
  constexpr double one_hour = 3600e6;
  if (number * scale > one_hour)
    fail_at(start, fmt::format("{} is too long for {}: at most 60min", cite(written), what));
  return std::chrono::microseconds(static_cast<std::int64_t>(number * scale + 0.5));
}

void Cursor::finish(std::string_view after) {
  if (!at_end()) fail(fmt::format("{} after {}, where the line should end", cite_next(*this), after));
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  if (const auto near = nearest(word, candidates)) return "; did you mean `" + *near + "`?";
  if (candidates.empty() || candidates.size() > longest_listing) return "";
  std::string list = "; there is ";
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    if (index > 0) list += index + 1 == candidates.size() ? " and " : ", ";
    list += "`" + std::string(candidates[index]) + "`";
  }
  return list;
}

std::string cite(std::string_view word) {
  std::size_t end = 0;
  while (end < word.size() && end < longest_citation) {
    const std::size_t length = utf8_length(word, end);
    if (length == 0) break;
    end += length;
  }
  return "`" + std::string(word.substr(0, end)) + (end < word.size() ? "…`" : "`");
}

std::string cite_next(Cursor& cursor) {
  if (cursor.at_end()) return "nothing";
  Cursor ahead = cursor;
  std::string_view next = ahead.until_any(",()");
  if (next.empty()) next = cursor.peek_word().substr(0, 1);
  return cite(next);
}

}  // namespace loopscope::experiment
