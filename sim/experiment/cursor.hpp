#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/experiment/terms.hpp"

namespace loopscope::experiment {

/// What is wrong with a line. Thrown by the readers of one line and caught where the line is taken up
/// (parse_line); it never leaves the room.
struct Fault {
  int column = 0;  ///< from 1
  std::string message;
};

/// Reads one line from left to right. Blanks (spaces and tabs) before what is asked for are skipped.
class Cursor {
 public:
  /// `first_column`: where `text` begins in its line.
  explicit Cursor(std::string_view text, int first_column = 1) : text_(text), first_column_(first_column) {}

  [[nodiscard]] bool at_end();
  [[nodiscard]] int column();  ///< of what comes next
  [[nodiscard]] int end_column() const { return first_column_ + static_cast<int>(text_.size()); }
  [[nodiscard]] char peek();  ///< '\0' at the end
  /// The next character without skipping blanks; '\0' at the end.
  [[nodiscard]] char peek_at_once() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char wanted);
  void expect(char wanted, std::string_view after);  ///< after: 'the arguments of bind'
  /// A word of the letters, digits, '_' and '-' that the language's names and keywords have; empty where none
  /// comes next.
  std::string_view name();
  [[nodiscard]] std::string_view peek_name();
  bool take_name(std::string_view wanted);
  /// Everything up to the next blank.
  std::string_view word();
  [[nodiscard]] std::string_view peek_word();
  /// Everything up to a blank or one of `stops`.
  std::string_view until_any(std::string_view stops);
  /// What is left, without blanks around it.
  std::string_view rest();
  /// A whole number, decimal or 0x…, between the bounds; `what` names it in the error: 'a backlog'.
  std::int64_t integer(std::string_view what, std::int64_t low, std::int64_t high);
  /// `"…"` with escapes, decoded.
  std::string string();
  /// `"…"`, or `"…" * COUNT`.
  Text text();
  /// `250ms`, `1.5s`, `10us`, `2min`; `what` names it in the error.
  std::chrono::microseconds duration(std::string_view what);
  void finish(std::string_view after);  ///< fails unless the line is at its end

  [[noreturn]] void fail(std::string message) { throw Fault{column(), std::move(message)}; }
  [[noreturn]] static void fail_at(int column, std::string message) {
    throw Fault{column, std::move(message)};
  }

 private:
  void skip_blanks();
  void escape(std::string& out);

  std::string_view text_;
  int first_column_;
  std::size_t at_ = 0;
};

inline constexpr std::uint64_t max_text_bytes = 16 << 20;  ///< what a repeated string may come to

/// '…; did you mean `bind`?' where a candidate is near, otherwise '…; the language has: a, b, c' (or nothing
/// for a long list).
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
/// The word in backquotes, shortened where it is long: for messages.
[[nodiscard]] std::string cite(std::string_view word);
/// 'nothing' at the end of the line, otherwise what comes next, cited.
[[nodiscard]] std::string cite_next(Cursor& cursor);

}  // namespace loopscope::experiment
