#include "lessons/engine/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <regex>

#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::int64_t value(const std::string& digits) {
  std::int64_t result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

constexpr const char* remedy =
    "; write '8080 is any of 1024–49151' or '8081 is 8080 + 1', with commas between";

}  // namespace

tl::expected<Numbers, std::string> Numbers::parse(std::string_view text) {
  static const std::regex range(R"(^\s*(\d{1,9}) is any of (\d{1,9})(?:–|-)(\d{1,9})\s*$)");
  static const std::regex sum(R"(^\s*(\d{1,9}) is (\d{1,9}) ([+-]) (\d{1,9})\s*$)");
  // std::regex takes stack for each byte that it reads.
  if (text.size() > max_lesson_line_bytes)
    return tl::unexpected("the rules are too long" + std::string(remedy));
  Numbers numbers;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string clause(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    std::smatch match;
    Number number;
    if (std::regex_match(clause, match, range)) {
      number = {.written = value(match[1]), .low = value(match[2]), .high = value(match[3])};
      if (number.low > number.high)
        return tl::unexpected("'" + clause + "' begins above its end" + std::string(remedy));
    } else if (std::regex_match(clause, match, sum)) {
      const auto offset = value(match[4]);
      number = {.written = value(match[1]),
                .base = value(match[2]),
                .offset = match[3] == "-" ? -offset : offset,
                .derived = true};
      const auto known = [&](const Number& other) { return other.written == number.base; };
      if (std::none_of(numbers.numbers_.begin(), numbers.numbers_.end(), known))
        return tl::unexpected("'" + clause + "' refers to a number that is not drawn before it");
    } else {
      return tl::unexpected("'" + clause + "' is no rule for a number" + std::string(remedy));
    }
    number.now = number.written;
    numbers.numbers_.push_back(number);
  }
  return numbers;
}

void Numbers::draw(std::mt19937_64& random) {
  for (auto& number : numbers_) {
    if (!number.derived) {
      number.now = std::uniform_int_distribution<std::int64_t>(number.low, number.high)(random);
      continue;
    }
    const auto base = std::find_if(numbers_.begin(), numbers_.end(),
                                   [&](const Number& other) { return other.written == number.base; });
    number.now = base->now + number.offset;
  }
}

std::string Numbers::put_into(std::string_view text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      result += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    const std::string digits(text.substr(at, end - at));
    const auto number = std::find_if(numbers_.begin(), numbers_.end(), [&](const Number& other) {
      return std::to_string(other.written) == digits;
    });
    result += number == numbers_.end() ? digits : std::to_string(number->now);
    at = end;
  }
  return result;
}

}  // namespace loopscope::lessons
