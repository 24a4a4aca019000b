#include <algorithm>
#include <array>
#include <cctype>

#include "lessons/check/form.hpp"
#include "lessons/engine/blocks.hpp"
#include "sim/base/errno_name.hpp"

namespace loopscope::lessons::check {
namespace {

/// What is often written otherwise than the field writes it, and two words that slip in.
struct Slip {
  std::string_view wrong, right;
};
constexpr std::array slips = {Slip{"TIME_WAIT", "TIME-WAIT"},
                              Slip{"SYN_SENT", "SYN-SENT"},
                              Slip{"SYN-RCVD", "SYN-RECEIVED"},
                              Slip{"CLOSE_WAIT", "CLOSE-WAIT"},
                              Slip{"local host", "localhost"},
                              Slip{"loop back", "loopback"},
                              Slip{"  - [ ]", "- [ ] at the beginning of the line"},
                              Slip{" the the ", "the"},
                              Slip{" a a ", "a"},
                              Slip{" is is ", "is"},
                              Slip{"<!--", "nothing: a comment is not seen by who reads the lesson"},
                              Slip{"\t", "blanks"}};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Words of capitals that begin with E are taken for names of errors.
void check_errors(const std::string& line, int number, Problems& problems) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != 'E' || (at > 0 && is_word(line[at - 1]))) continue;
    std::size_t end = at;
    while (end < line.size() && line[end] >= 'A' && line[end] <= 'Z') ++end;
    const std::string word = line.substr(at, end - at);
    const bool whole = word.size() >= 4 && (end == line.size() || !is_word(line[end]));
    if (whole && word != "ESTABLISHED" && word != "ESTAB" && !errno_number(word))
      problems.add_at(number, static_cast<int>(at) + 1, "there is no error called " + word + " (errno(3))");
    at = std::max(at, end - 1);
  }
}

void check_lines(const std::string& text, Problems& problems) {
  int number = 0;
  for (const auto& line : split_lines(text)) {
    ++number;
    for (const Slip& slip : slips)
      if (const auto at = line.find(slip.wrong); at != std::string::npos)
        problems.add_at(number, static_cast<int>(at) + 1,
                        "'" + std::string(slip.wrong) + "': write " + std::string(slip.right));
    check_errors(line, number, problems);
  }
}

void check_table(const Block& block, Problems& problems) {
  const auto cells = [](const std::string& row) { return std::count(row.begin(), row.end(), '|'); };
  if (block.lines.size() < 3 || block.lines[1].find("---") == std::string::npos)
    return problems.add(block.line, "a table has a header, a line '| --- | --- |', and rows");
  for (std::size_t row = 1; row < block.lines.size(); ++row)
    if (cells(block.lines[row]) != cells(block.lines[0]))
      problems.add(block.line + static_cast<int>(row),
                   "this row has not as many cells as the table's header");
}

}  // namespace

void check_markdown(const std::string& text, Problems& problems) {
  check_lines(text, problems);
  int level = 0;
  for (const auto& block : split_blocks(text)) {
    if (block.kind == Block::Kind::Heading) {
      if (block.level > level + 1) problems.add(block.line, "this heading leaves out a level");
      level = block.level;
    } else if (block.kind == Block::Kind::Table) {
      check_table(block, problems);
    } else if (block.kind == Block::Kind::Fence && block.info.empty()) {
      problems.add(block.line, "say behind the ``` what the block holds: lab, console or text");
    }
  }
}

}  // namespace loopscope::lessons::check
