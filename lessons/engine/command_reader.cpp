#include <array>

#include "lessons/engine/page_reader.hpp"

namespace loopscope::lessons {
namespace {

constexpr std::array<std::string_view, 3> systems = {"Linux", "macOS", "Windows"};

/// '**Linux**, measured in the lab:' gives the system and the note; nothing where it is no such line.
std::optional<Command> read_system(const Block& block) {
  const std::string text = joined(block);
  for (const auto system : systems) {
    const std::string mark = "**" + std::string(system) + "**";
    if (!text.starts_with(mark)) continue;
    std::string_view note = std::string_view(text).substr(mark.size());
    while (!note.empty() && (note.front() == ',' || note.front() == ' ')) note.remove_prefix(1);
    while (!note.empty() && (note.back() == ':' || note.back() == '.')) note.remove_suffix(1);
    return Command{
        .system = std::string(system), .note = std::string(note), .measured = note.starts_with("measured")};
  }
  return {};
}

/// Splits a console block into commands ('$ ' or 'C:\> ' before each) and what each printed.
void read_console(const Block& fence, const Command& like, std::vector<Command>& commands,
                  Problems& problems) {
  bool any = false;
  for (std::size_t at = 0; at < fence.lines.size(); ++at) {
    const std::string_view line = fence.lines[at];
    const auto prompt = line.starts_with("$ ")       ? 2U
                        : line.starts_with("C:\\> ") ? 5U
                        : line.starts_with("PS> ")   ? 5U - 1U
                                                     : 0U;
    if (prompt != 0) {
      commands.push_back(like);
      commands.back().command = line.substr(prompt);
      commands.back().line = fence.line + 1 + static_cast<int>(at);
      any = true;
    } else if (!any) {
      problems.add(fence.line + 1 + static_cast<int>(at),
                   "a console block begins with a command: '$ ss -ltn' ('C:\\> …' or 'PS> …' on Windows)");
      return;
    } else {
      commands.back().output += (commands.back().output.empty() ? "" : "\n") + std::string(line);
    }
  }
  for (const auto& command : commands)
    if (!command.output.empty() && !command.measured) {
      problems.add(fence.line, "only a command that is 'measured' shows an output; none is ever made up");
      return;
    }
}

}  // namespace

std::vector<Command> read_commands(std::span<const Block> blocks, Problems& problems) {
  std::vector<Command> commands;
  std::string purpose;
  std::optional<Command> system;
  for (const Block& block : blocks.subspan(1)) {
    if (block.kind == Block::Kind::Heading) {
      purpose = block.lines[0];
      system.reset();
    } else if (block.kind == Block::Kind::Fence && block.info == "console") {
      if (purpose.empty() || !system) {
        problems.add(
            block.line,
            "a command stands under '### its purpose' and '**Linux**, measured:' (or macOS, Windows)");
        continue;
      }
      system->purpose = purpose;
      read_console(block, *system, commands, problems);
    } else if (auto next = read_system(block)) {
      system = std::move(next);
    } else if (block.kind != Block::Kind::Paragraph) {
      problems.add(block.line, "here stand only headings, paragraphs and ```console blocks");
    }
  }
  return commands;
}

}  // namespace loopscope::lessons
