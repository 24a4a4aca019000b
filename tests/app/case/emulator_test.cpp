#include "app/emulator/emulator.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope::app;

TEST_CASE("What a program writes stands in cells, with its colours", "[emulator]") {
  Emulator terminal(20, 4);
  terminal.write("plain \x1b[1;31mred\x1b[0m\r\n\x1b[7mback\x1b[0m \xc3\xa9\r\n");
  CHECK(terminal.text({0, 0}, {3, 19}) == "plain red\nback \xc3\xa9\n\n");
  CHECK(terminal.cell(0, 0).fore.usual);
  CHECK_FALSE(terminal.cell(0, 6).fore.usual);
  CHECK(terminal.cell(0, 6).bold);
  CHECK(terminal.cell(1, 0).reverse);
  CHECK(terminal.cursor().row == 2);
  CHECK(terminal.cursor().column == 0);
}

TEST_CASE("Lines that scroll away are kept, and can be copied", "[emulator]") {
  Emulator terminal(20, 3);
  for (int i = 1; i <= 10; ++i) terminal.write("line " + std::to_string(i) + "\r\n");
  CHECK(terminal.lines_above() == 8);
  CHECK(terminal.text({-8, 0}, {-7, 19}) == "line 1\nline 2");
  CHECK(terminal.text({-1, 5}, {0, 5}) == "8\nline 9");
  for (int i = 0; i < 5000; ++i) terminal.write("more\r\n");
  CHECK(terminal.lines_above() == static_cast<int>(Emulator::most_lines_above));
}

TEST_CASE("Keys become what programs expect of a terminal", "[emulator]") {
  Emulator terminal(20, 3);
  const auto typed = [&](const TerminalStroke& stroke) {
    terminal.type(stroke);
    return terminal.take_input();
  };
  using Key = TerminalStroke::Key;
  CHECK(typed({.text = "ls \xc3\xa9"}) == "ls \xc3\xa9");
  CHECK(typed({.key = Key::Enter}) == "\r");
  CHECK(typed({.key = Key::Enter, .shift = true}) == "\r");
  CHECK(typed({.key = Key::Backspace}) == "\x7f");
  CHECK(typed({.key = Key::Up}) == "\x1b[A");
  CHECK(typed({.key = Key::Tab}) == "\t");
  for (const auto& [letter, code] : {std::pair{"c", "\x03"}, {"m", "\x0d"}, {"z", "\x1a"}, {"[", "\x1b"}})
    CHECK(typed({.text = letter, .ctrl = true}) == code);
  CHECK(typed({.text = "b", .alt = true}) ==
        "\x1b"
        "b");
  terminal.write("\x1b[?2004h");
  CHECK(typed({.text = "a\nb\x1b[x\x03", .pasted = true}) == "\x1b[200~a\rb[x\x1b[201~");
}

TEST_CASE("A terminal survives any bytes and any size", "[emulator]") {
  Emulator terminal(80, 24);
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 200000; ++i) {
    state = state * 1664525U + 1013904223U;
    bytes += static_cast<char>(i % 5 == 0 ? 0x1b : state >> 24);
  }
  for (std::size_t at = 0; at < bytes.size(); at += 5000) {
    terminal.write(bytes.substr(at, 5000));
    terminal.resize(static_cast<int>(20 + at % 97), static_cast<int>(3 + at % 31));
    (void)terminal.text({-terminal.lines_above(), 0}, {terminal.rows() - 1, terminal.columns() - 1});
  }
  CHECK(terminal.revision() > 0);
}
