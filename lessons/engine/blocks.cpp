#include "lessons/engine/blocks.hpp"

namespace loopscope::lessons {
namespace {

bool is_list_start(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ")) return true;
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  return digits > 0 && line.substr(digits).starts_with(". ");
}

bool is_indented(std::string_view line) { return line.starts_with("  ") || line.starts_with("\t"); }

int heading_level(std::string_view line) {
  std::size_t hashes = 0;
  while (hashes < line.size() && line[hashes] == '#') ++hashes;
  return hashes > 0 && hashes <= 6 && hashes < line.size() && line[hashes] == ' ' ? static_cast<int>(hashes)
                                                                                  : 0;
}

Block::Kind kind_of(std::string_view line) {
  if (heading_level(line) > 0) return Block::Kind::Heading;
  if (line.starts_with("```")) return Block::Kind::Fence;
  if (line.starts_with("|")) return Block::Kind::Table;
  if (line.starts_with(">")) return Block::Kind::Quote;
  if (is_list_start(line)) return Block::Kind::List;
  return Block::Kind::Paragraph;
}

/// Whether `line` goes on with a block of `kind` (blank lines have been seen to already).
bool continues(Block::Kind kind, std::string_view line) {
  const Block::Kind next = kind_of(line);
  if (kind == Block::Kind::List) return next == Block::Kind::List || is_indented(line);
  return next == kind;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<Block> split_blocks(std::string_view text) {
  const auto lines = split_lines(text);
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < lines.size();) {
    const std::string& line = lines[at];
    if (trimmed(line).empty()) {
      ++at;
      continue;
    }
    Block block{.kind = kind_of(line), .line = static_cast<int>(at) + 1};
    if (block.kind == Block::Kind::Heading) {
      block.level = heading_level(line);
      block.lines.emplace_back(trimmed(std::string_view(line).substr(static_cast<std::size_t>(block.level))));
      ++at;
    } else if (block.kind == Block::Kind::Fence) {
      block.info = trimmed(std::string_view(line).substr(3));
      for (++at; at < lines.size() && !lines[at].starts_with("```"); ++at) block.lines.push_back(lines[at]);
      if (at == lines.size()) block.kind = Block::Kind::Unclosed;
      ++at;
    } else {
      do block.lines.push_back(lines[at++]);
      while (at < lines.size() && !trimmed(lines[at]).empty() && continues(block.kind, lines[at]));
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string markdown_of(const Block& block) {
  std::string text;
  if (block.kind == Block::Kind::Heading)
    text = std::string(static_cast<std::size_t>(block.level), '#') + ' ';
  if (block.kind == Block::Kind::Fence) text = "```" + block.info + '\n';
  for (const auto& line : block.lines) text += line + '\n';
  if (block.kind == Block::Kind::Fence) text += "```\n";
  return text;
}

std::string joined(const Block& block) {
  std::string text;
  for (const auto& line : block.lines) {
    if (!text.empty()) text += ' ';
    text += trimmed(line);
  }
  return text;
}

}  // namespace loopscope::lessons
