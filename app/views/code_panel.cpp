#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/notation/code_colour.hpp"
#include "app/notation/code_text.hpp"
#include "app/views/inspector_parts.hpp"
#include "app/widgets/code_box.hpp"
#include "app/widgets/controls.hpp"

namespace loopscope::app {
namespace {

using notation::Language;

/// The program in view, written anew only where something else is to be shown.
struct Shown {
  std::string key;
  notation::Code code;
};

std::size_t next_statement(const Snapshot& now) {
  return now.live ? now.live->next_statement : now.experiment->statements.size();
}

/// The process that comes next; the first where nothing does.
std::string process_to_follow(const Snapshot& now, const std::vector<std::string>& processes) {
  const auto& all = now.experiment->statements;
  for (auto i = std::min(next_statement(now), all.size()); i < all.size(); ++i) {
    const auto process = process_of(all[i]);
    if (std::find(processes.begin(), processes.end(), process) != processes.end()) return process;
  }
  return processes.front();
}

/// The lines that are marked, both ends included; none where first > last.
struct Lines {
  std::size_t first = 1, last = 0;
  [[nodiscard]] bool any() const { return first <= last; }
  [[nodiscard]] bool have(std::size_t line) const { return first <= line && line <= last; }
};
/// Where the process is: at the statement it comes to next, or past its end.
Lines current_lines(const notation::Code& code, std::size_t next) {
  const auto coming = [&](const notation::CodeLine& line) {
    return line.statement && *line.statement >= next;
  };
  const auto first = std::find_if(code.lines.begin(), code.lines.end(), coming);
  if (first == code.lines.end()) return {};
  const auto past = std::find_if(first, code.lines.end(),
                                 [&](const auto& line) { return line.statement != first->statement; });
  return {static_cast<std::size_t>(first - code.lines.begin()),
          static_cast<std::size_t>(past - code.lines.begin()) - 1};
}

Colour colour_of(const Palette& p, notation::TokenKind kind) {
  using K = notation::TokenKind;
  switch (kind) {
    case K::Keyword:
      return p.of(Tone::Info);
    case K::Call:
      return p.of(Tone::Call);
    case K::String:
      return p.of(Tone::Good);
    case K::Number:
    case K::Constant:
      return p.inline_code;
    case K::Comment:
      return p.faint;
    case K::Plain:
      break;
  }
  return p.text;
}

const notation::Code& code_of(Ui& ui, const Snapshot& now, const std::string& process, Language language) {
  auto& shown = ui.state<std::shared_ptr<Shown>>("code/shown");
  if (shown == nullptr) shown = std::make_shared<Shown>();
  const auto key =
      fmt::format("{}/{}/{}/{}/{}", now.lesson == nullptr ? "" : now.lesson->id, now.experiment->file,
                  process, static_cast<int>(language), now.experiment->statements.size());
  if (shown->key != key) *shown = {key, notation::code_for(*now.experiment, process, language)};
  return shown->code;
}

struct Chosen {
  std::string process;
  Language language{};
};

/// 'C' or 'Python' at the right, the processes at the left or, where they need the width, below. Returns the
/// height.
float draw_choosers(Ui& ui, const Rect& column, float top, const std::vector<std::string>& processes,
                    Chosen& chosen) {
  float y = top;
  int& language = ui.state<int>("code/language");
  auto& pinned = ui.state<std::string>("code/process");
  const std::array<Segment, 2> languages{{{"C"}, {"Python"}}};
  const float right = segmented_width(ui, languages);
  if (const auto other = segmented(ui, Rect::at(column.x1 - right, y, right, height::small_button),
                                   "code/language", languages, language)) {
    language = *other;
  }
  std::vector<Segment> segments;
  int current = 0;
  for (const auto& name : processes) {
    if (name == chosen.process) current = static_cast<int>(segments.size());
    segments.push_back({name});
  }
  float left = segmented_width(ui, segments);
  if (left > column.width() - right - 8) {
    y += height::small_button + 8;
    left = std::min(left, column.width());
  }
  if (const auto other = segmented(ui, Rect::at(column.x0, y, left, height::small_button), "code/process",
                                   segments, current)) {
    pinned = processes[static_cast<std::size_t>(*other)];
  }
  chosen.language = language == 0 ? Language::C : Language::Python;
  return y + height::small_button - top;
}

std::vector<CodeBoxLine> coloured(const Palette& p, const notation::Code& code, const Lines& here) {
  std::vector<CodeBoxLine> lines;
  for (std::size_t i = 0; i < code.lines.size(); ++i) {
    CodeBoxLine line;
    line.current = here.have(i);
    for (const auto& token : notation::tokens(code.lines[i].text, code.language))
      line.runs.push_back({token.text, colour_of(p, token.kind)});
    lines.push_back(std::move(line));
  }
  return lines;
}

/// The marked lines come into sight when they change, and not again: the reader may scroll away.
void bring_into_sight(Ui& ui, const InspectorPlace& place, float y, const notation::Code& code,
                      const Lines& here) {
  if (!here.any()) return;
  ui.note("code/current", code.lines[here.first].text,
          {place.column.x0, code_line_y(y, here.first), place.column.x1, code_line_y(y, here.last + 1)});
  auto& seen = ui.state<std::string>("code/seen");
  const auto mark = fmt::format("{}/{}/{}/{}", code.file_name, here.first, here.last, code.lines.size());
  if (seen == mark) return;
  seen = mark;
  *place.show = {code_line_y(y, here.first) - 60, code_line_y(y, here.last) + 100};
}

}  // namespace

float draw_code_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const Rect& column = place.column;
  float y = column.y0;
  const auto processes =
      now.experiment == nullptr ? std::vector<std::string>() : notation::processes_of(*now.experiment);
  if (processes.empty())
    return y + draw_nothing(ui, {column.x0, y}, column.width(), "This page runs no program.");

  auto& pinned = ui.state<std::string>("code/process");
  if (std::find(processes.begin(), processes.end(), pinned) == processes.end()) pinned.clear();
  Chosen chosen{pinned.empty() ? process_to_follow(now, processes) : pinned};
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), chosen.process + "'s program",
                    Provenance::Derived);
  y += draw_choosers(ui, column, y, processes, chosen) + 12;

  const auto& code = code_of(ui, now, chosen.process, chosen.language);
  const auto here = now.at_end ? current_lines(code, next_statement(now)) : Lines{};
  const auto lines = coloured(p, code, here);
  const auto answer =
      draw_code_box(ui, {column.x0, y}, column.width(),
                    {.id = "code", .name = code.file_name, .lines = lines, .numbers = true}, place.visible);
  bring_into_sight(ui, place, y, code, here);
  if (answer.copy) actions.push_back(action::CopyText{code.text()});
  y += answer.height + 10;
  const auto words = here.any()
                         ? "The marked lines come next. In the lab the same calls are made for real, with "
                           "the learner's hand on each."
                         : "These are the calls that the lab makes for real.";
  return y + ui.paint().paragraph(Type::Caption, {column.x0, y}, column.width(), p.muted, words, 18);
}

}  // namespace loopscope::app
