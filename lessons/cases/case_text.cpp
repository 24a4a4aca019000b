#include "lessons/cases/case_text.hpp"

#include <array>
#include <regex>
#include <span>

#include "lessons/engine/blocks.hpp"

namespace loopscope::lessons {
namespace {

struct Section {
  std::string_view title;
  std::string Case::*text;  ///< null: the hints
};
constexpr std::array sections{Section{"The symptom", &Case::symptom}, Section{"Where to look", &Case::places},
                              Section{"Hints", nullptr}, Section{"What happened", &Case::explanation},
                              Section{"The shortest way", &Case::shortest}};

bool read_row(const Block& table, Case& words) {
  static const std::regex row(
      R"(^\|\s*(\d{1,3})\s*\|\s*(easy|medium|hard)\s*\|\s*(\d{1,3})\s*\|\s*([a-z][a-z0-9_-]{0,30})( as root)?\s*\|\s*$)");
  std::smatch match;
  if (table.lines.size() != 3 || !std::regex_match(table.lines[2], match, row)) return false;
  words.number = std::stoi(match[1]);
  words.level = match[2];
  words.minutes = std::stoi(match[3]);
  words.host = match[4];
  words.administrator = match[5].matched;
  return true;
}

bool read_report(const Block& paragraph, Case& words) {
  static const std::regex report(R"(^\*After a real report: (\[[^\]]+\]\(https://[^)\s]+\))\.?\*$)");
  const std::string text = joined(paragraph);
  std::smatch match;
  if (text.size() > max_case_file_bytes / 64 || !std::regex_match(text, match, report)) return false;
  words.report = match[1];
  return true;
}

void read_front(std::span<const Block> blocks, Case& words, Problems& problems) {
  if (blocks.empty() || blocks[0].kind != Block::Kind::Heading || blocks[0].level != 1)
    return problems.add(1, "a case begins with its title: '# The page that only curl opens'");
  words.title = blocks[0].lines[0];
  for (const Block& block : blocks.subspan(1)) {
    if (block.kind == Block::Kind::Table && words.level.empty() && read_row(block, words)) continue;
    if (block.kind == Block::Kind::Paragraph && words.report.empty() && read_report(block, words)) continue;
    if (block.kind == Block::Kind::Paragraph && words.summary.empty()) {
      words.summary = joined(block);
      continue;
    }
    problems.add(
        block.line,
        "before the first section stand one paragraph (the summary), the table '| Case | Level | Minutes "
        "| Shell |' with a row like '| 1 | easy | 5 | here |', and '*After a real report: "
        "[name](https://…).*'");
  }
  if (words.summary.empty()) problems.add(1, "one sentence for the list of cases is missing below the title");
  if (words.level.empty()) problems.add(1, "the table '| Case | Level | Minutes | Shell |' is missing");
  if (words.report.empty())
    problems.add(1,
                 "the report that the case is after is missing: '*After a real report: [name](https://…).*'");
}

void read_hints(std::span<const Block> blocks, Case& words, Problems& problems) {
  static const std::regex item(R"(^(\d{1,2})\. +(.+)$)");
  for (const Block& block : blocks) {
    if (block.kind != Block::Kind::List) {
      problems.add(block.line, "below '## Hints' stands one numbered list: '1. …', '2. …'");
      continue;
    }
    for (std::size_t at = 0; at < block.lines.size(); ++at) {
      std::smatch match;
      const std::string& line = block.lines[at];
      if (std::regex_match(line, match, item)) {
        if (std::stoi(match[1]) != static_cast<int>(words.hints.size()) + 1)
          problems.add(block.line + static_cast<int>(at), "the hints are numbered 1, 2, 3 …");
        words.hints.push_back(match[2]);
      } else if (!words.hints.empty()) {
        words.hints.back() += " " + std::string(trimmed(line));
      } else {
        problems.add(block.line + static_cast<int>(at), "a hint begins with its number: '1. …'");
      }
    }
  }
  if (words.hints.size() < 2 || words.hints.size() > max_hints)
    problems.add(1, "a case has two to " + std::to_string(max_hints) + " hints");
}

std::string markdown_of_all(std::span<const Block> blocks) {
  std::string text;
  for (const Block& block : blocks)
    text += (text.empty() ? "" : "\n\n") + std::string(trimmed(markdown_of(block)));
  return text;
}

std::string all_titles() {
  std::string text;
  for (const Section& section : sections)
    text += (text.empty() ? "'## " : ", '## ") + std::string(section.title) + "'";
  return text;
}

}  // namespace

void read_case_text(const std::string& text, Case& words, Problems& problems) {
  const auto blocks = split_blocks(text);
  const auto is_section = [&](std::size_t at) {
    return blocks[at].kind == Block::Kind::Heading && blocks[at].level == 2;
  };
  for (const Block& block : blocks)
    if (block.kind == Block::Kind::Unclosed)
      problems.add(block.line, "this ``` block is not closed; end it with ```");
  std::size_t at = 0;
  while (at < blocks.size() && !is_section(at)) ++at;
  read_front(std::span(blocks).first(at), words, problems);
  std::size_t next = 0;
  while (at < blocks.size()) {
    std::size_t end = at + 1;
    while (end < blocks.size() && !is_section(end)) ++end;
    const auto content = std::span(blocks).subspan(at + 1, end - at - 1);
    const Block& heading = blocks[at];
    at = end;
    if (next >= sections.size() || heading.lines[0] != sections[next].title) {
      problems.add(heading.line, "the sections are " + all_titles() + ", in this order");
      return;
    }
    if (content.empty()) problems.add(heading.line, "nothing stands below this heading");
    if (const auto member = sections[next].text; member != nullptr)
      words.*member = markdown_of_all(content);
    else
      read_hints(content, words, problems);
    ++next;
  }
  if (next < sections.size())
    problems.add(blocks.empty() ? 1 : blocks.back().line,
                 "'## " + std::string(sections[next].title) + "' is missing");
}

}  // namespace loopscope::lessons
