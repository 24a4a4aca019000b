#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/emulator/stroke.hpp"

namespace loopscope::app {

/// A terminal emulator (ECMA-48, xterm's extensions, by libvterm): bytes of a program in, cells to draw out;
/// keys in, bytes for the program out. Draws nothing. One thread.
class Emulator {
 public:
  static constexpr std::size_t most_lines_above = 2000;  ///< what has scrolled away

  struct Colour {
    bool usual = true;  ///< the terminal's own foreground or background
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Colour&) const = default;
  };
  struct Cell {
    std::string text;  ///< UTF-8, with what combines; empty: nothing stands here
    int width = 1;     ///< columns
    Colour fore, back;
    bool bold = false, italic = false, underline = false, reverse = false, strike = false;
  };
  struct Cursor {
    int row = 0, column = 0;
    bool visible = true;
  };

  Emulator(int columns, int rows);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// What the program has written.
  void write(std::string_view bytes);
  void type(const TerminalStroke& stroke);
  /// For the program, since the last call: keys, and answers to its questions.
  [[nodiscard]] std::string take_input();
  void resize(int columns, int rows);

  [[nodiscard]] int columns() const noexcept { return columns_; }
  [[nodiscard]] int rows() const noexcept { return rows_; }
  /// How many lines have scrolled away above the first row.
  [[nodiscard]] int lines_above() const noexcept { return static_cast<int>(above_.size()); }
  /// `row` from -lines_above() to rows() - 1.
  [[nodiscard]] Cell cell(int row, int column) const;
  /// The text of a part, from the first cell to the last inclusive, as a person would copy it: without blanks
  /// at the ends of lines.
  struct Place {
    int row = 0, column = 0;
    auto operator<=>(const Place&) const = default;
  };
  [[nodiscard]] std::string text(Place from, Place to) const;
  [[nodiscard]] Cursor cursor() const noexcept { return cursor_; }
  /// Counts what has been written, so that a view knows that something is new.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
  std::deque<std::vector<Cell>> above_;
  std::string input_;
  Cursor cursor_;
  int columns_, rows_;
  std::uint64_t revision_ = 0;
};

}  // namespace loopscope::app
