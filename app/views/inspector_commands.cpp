#include <algorithm>
#include <array>

#include "app/views/inspector_parts.hpp"
#include "app/widgets/code_box.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/markdown.hpp"

namespace loopscope::app {
namespace {

constexpr std::array<std::string_view, 3> systems{"Linux", "macOS", "Windows"};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Where its output is from, or why there is none.
std::string note_of(const lessons::Command& command) {
  if (!command.note.empty()) return plain_words(command.note);
  return command.measured ? "measured in the lab" : "not run here: no output shown";
}

/// One command with its output; returns the height. The purpose and the note may be shared with its
/// neighbours.
float draw_command(Ui& ui, Point at, float width, std::size_t index, const lessons::Command& command,
                   bool with_purpose, bool with_note, const Rect& visible, Actions& actions) {
  const Palette& p = ui.palette();
  float y = at.y;
  if (with_purpose)
    y +=
        ui.paint().paragraph(Type::SmallBold, {at.x, y}, width, p.text, plain_words(command.purpose), 20) + 6;
  const std::string prompt = command.system == "Windows" ? "> " : "$ ";
  std::vector<std::string> typed;
  for (const auto line : lines_of(command.command)) typed.push_back(prompt + std::string(line));
  std::vector<CodeBoxLine> lines;
  for (const auto& line : typed) lines.push_back({{{line, p.accent}}});
  for (const auto line : lines_of(command.output)) lines.push_back({{{line, p.text}}});
  const auto id = "command/" + std::to_string(index + 1);
  const auto answer =
      draw_code_box(ui, {at.x, y}, width, {.id = id, .name = command.command, .lines = lines}, visible);
  if (answer.copy) actions.push_back(action::CopyText{command.command});
  y += answer.height + 6;
  if (!with_note) return y - at.y;
  if (command.measured) {
    draw_provenance(ui, {at.x + 4, y + 9}, Provenance::Measured);
  } else {
    ui.paint().ring({at.x + 4, y + 9}, 3.4F, p.faint, 1.2F);
  }
  y += ui.paint().paragraph(Type::Caption, {at.x + 14, y}, width - 14, p.muted, note_of(command), 18);
  return y - at.y;
}

}  // namespace

float draw_commands_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const Rect& column = place.column;
  float y = column.y0;
  const auto& chosen_system = now.settings->command_system;
  const auto found = std::find(systems.begin(), systems.end(), chosen_system);
  const int current = found == systems.end() ? 0 : static_cast<int>(found - systems.begin());
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), "try it on your own machine");
  const std::array<Segment, 3> segments{{{systems[0]}, {systems[1]}, {systems[2]}}};
  if (const auto chosen =
          segmented(ui, Rect::at(column.x0, y, segmented_width(ui, segments), height::small_button),
                    "commands/system", segments, current)) {
    actions.push_back(action::SetCommandSystem{std::string(systems[static_cast<std::size_t>(*chosen)])});
  }
  y += height::small_button + 16;
  std::vector<std::size_t> those;
  for (std::size_t i = 0; now.lesson != nullptr && i < now.lesson->commands.size(); ++i) {
    if (now.lesson->commands[i].system == systems[static_cast<std::size_t>(current)]) those.push_back(i);
  }
  for (std::size_t n = 0; n < those.size(); ++n) {
    const auto& command = now.lesson->commands[those[n]];
    const auto* before = n == 0 ? nullptr : &now.lesson->commands[those[n - 1]];
    const auto* after = n + 1 == those.size() ? nullptr : &now.lesson->commands[those[n + 1]];
    const bool again = before != nullptr && before->purpose == command.purpose;
    const bool goes_on =
        after != nullptr && after->purpose == command.purpose && note_of(*after) == note_of(command);
    if (before != nullptr) y += again ? 8 : 24;
    y += draw_command(ui, {column.x0, y}, column.width(), those[n], command, !again, !goes_on, place.visible,
                      actions);
  }
  if (those.empty()) {
    return y +
           draw_nothing(ui, {column.x0, y}, column.width(), "This lesson has no command for this system.");
  }
  y += 24;
  const char* words =
      "A command without output was not run by us on that system: what it prints is not made up.";
  return y + ui.paint().paragraph(Type::Caption, {column.x0, y}, column.width(), p.muted, words, 18);
}

}  // namespace loopscope::app
