#include "app/views/file_dialogs.hpp"

#include <algorithm>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"
#include "app/widgets/scroll_area.hpp"
#include "app/widgets/text_field.hpp"

namespace loopscope::app {
namespace {

constexpr std::string_view field_id = "files/path";
constexpr float row_height = 30;

struct Typed {
  std::uint64_t dialog = 0;
  std::string text;
};

/// What all entries that there are begin with.
std::string common_start(const std::vector<FileEntry>& entries) {
  std::string start = entries.front().path;
  for (const FileEntry& entry : entries) {
    const auto differs = std::mismatch(start.begin(), start.end(), entry.path.begin(), entry.path.end());
    start.erase(differs.first, start.end());
  }
  return start;
}

class PathDialog {
 public:
  PathDialog(Ui& ui, const FileDialog& dialog, Actions& actions)
      : ui_(ui), dialog_(dialog), actions_(actions), typed_(ui.state<Typed>("files/typed")) {
    if (typed_.dialog == dialog.number) return;
    typed_ = {dialog.number, dialog.path};
    cursor_to_end(ui, field_id, typed_.text);
    ui.focus(field_id);
  }

  void draw(Rect rest) {
    const Palette& p = ui_.palette();
    const char* words =
        dialog_.saves
            ? "The experiment as it is written by now, with what was done by hand. Its path:"
            : "An experiment (.lab) or a trace (.jsonl). Its path; it can be dropped on the window, too:";
    ui_.paint().text_fit(Type::Small, {rest.x0, rest.y0 + 10}, p.muted, words, rest.width());
    rest.cut_top(26);
    Rect row = rest.cut_top(36, 8);
    const Button done{.id = "files/done",
                      .label = !dialog_.saves     ? "Open"
                               : dialog_.replaces ? "Replace"
                                                  : "Save",
                      .look = dialog_.saves && dialog_.replaces ? Look::Danger : Look::Primary,
                      .enabled = !typed_.text.empty() && typed_.text.back() != '/',
                      .tip = dialog_.replaces && dialog_.saves ? "Writes over the file that is there"
                                                               : "Enter does the same"};
    const Rect right = row.cut_right(button_width(ui_, done), 8);
    const std::string before = typed_.text;
    const bool entered = text_field(
        ui_, row,
        {.id = field_id, .label = "/path/to/experiment.lab", .wrong = !dialog_.trouble.empty(), .most = 4000},
        typed_.text);
    if (typed_.text != before) actions_.push_back(action::LookAtPath{typed_.text});
    const bool pressed = button(ui_, right, done);
    if (entered)
      enter(done.enabled);
    else if (pressed)
      take(typed_.text, dialog_.replaces);
    if (!dialog_.trouble.empty()) {
      const float high =
          ui_.paint().paragraph(Type::Small, rest.top_left(), rest.width(), p.of(Tone::Bad), dialog_.trouble);
      ui_.note("files/trouble", dialog_.trouble, rest);
      rest.cut_top(high, 8);
    }
    entries(rest);
  }

 private:
  /// Enter: what is typed, or as far as it can be completed.
  void enter(bool whole) {
    const auto same = [&](const FileEntry& entry) { return entry.path == typed_.text; };
    const auto& all = dialog_.entries;
    const bool is_there = std::any_of(all.begin(), all.end(), same);
    if (!dialog_.saves && !is_there && !all.empty() && dialog_.looked_at == typed_.text) {
      const std::string start = common_start(all);
      if (start != typed_.text) return set(start);
    }
    // Enter never writes over another file: that is the button's.
    if (whole) take(typed_.text, false);
  }
  void set(const std::string& text) {
    typed_.text = text;
    cursor_to_end(ui_, field_id, text);
    ui_.focus(field_id);
    actions_.push_back(action::LookAtPath{text});
  }
  void take(const std::string& path, bool replace) {
    if (dialog_.saves)
      actions_.push_back(action::SaveExperiment{path, replace});
    else
      actions_.push_back(action::OpenFile{path});
  }

  void entries(const Rect& area) {
    const Palette& p = ui_.palette();
    ScrollArea scroll(ui_, "files/entries", area);
    Rect list = scroll.content();
    if (dialog_.entries.empty())
      ui_.paint().text_fit(Type::Small, {list.x0, list.y0 + 14}, p.muted,
                           dialog_.saves ? "No .lab file here begins like this."
                                         : "Nothing here begins like this and could be opened.",
                           list.width());
    float y = list.y0;
    for (const FileEntry& entry : dialog_.entries) {
      const Rect line = Rect::at(list.x0, y, list.width() - 4, row_height);
      const Hit hit = row(ui_, line, "files/entry/" + entry.name, entry.name);
      ui_.paint().icon({line.x0 + 14, line.mid_y()}, 18, entry.folder ? p.accent : p.muted,
                       entry.folder                   ? icon::ChevronRight
                       : entry.name.ends_with(".lab") ? icon::Science
                                                      : icon::Timeline);
      ui_.paint().text_fit(Type::Mono, {line.x0 + 32, line.mid_y()}, p.text, entry.name, line.width() - 40);
      y += row_height;
      if (!hit.pressed) continue;
      if (entry.folder || dialog_.saves)
        set(entry.path);
      else
        take(entry.path, false);
    }
    if (dialog_.more > 0) {
      ui_.paint().text(Type::Small, {list.x0 + 32, y + 14}, p.muted,
                       "and " + std::to_string(dialog_.more) + " more: type a letter or two");
      y += row_height;
    }
    scroll.end_at(y + 8);
  }

  Ui& ui_;
  const FileDialog& dialog_;
  Actions& actions_;
  Typed& typed_;
};

void draw_path_dialog(Ui& ui, Rect screen, const FileDialog& what, Actions& actions) {
  const Dialog dialog(ui, "files", what.saves ? "Keep the experiment" : "Open", screen, 720, 480);
  PathDialog(ui, what, actions).draw(dialog.content());
  if (dialog.closed()) actions.push_back(action::CloseFiles{});
}

/// Paragraphs in the typewriter face in a box that scrolls.
void draw_lines(Ui& ui, std::string_view id, const Rect& area, const std::vector<std::string>& lines) {
  const Palette& p = ui.palette();
  ui.paint().fill(area, p.code_ground, radius::button);
  ScrollArea scroll(ui, id, area.inset(12, 8), p.code_ground);
  const Rect box = scroll.content();
  float y = box.y0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const float high = ui.paint().paragraph(Type::Mono, {box.x0, y}, box.width(), p.text, lines[i], 19);
    ui.note(std::string(id) + "/" + std::to_string(i + 1), lines[i], Rect::at(box.x0, y, box.width(), high));
    y += high + 4;
  }
  scroll.end_at(y + 4);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

void draw_question(Ui& ui, Rect screen, const ProgramsQuestion& question, Actions& actions) {
  const Dialog dialog(ui, "programs", "This file starts programs", screen, 720, 560);
  const Palette& p = ui.palette();
  Rect rest = dialog.content();
  Rect buttons = rest.cut_bottom(height::button, 14);
  const std::string words =
      question.path + " starts " + (question.programs.size() == 1 ? "a real program" : "real programs") +
      " of this machine. Nothing of it has been run. They would run in the private lab: read-only, with no "
      "network but "
      "the lab's, and without privileges. If you do not know who wrote it, do not run it.";
  rest.cut_top(ui.paint().paragraph(Type::Body, rest.top_left(), rest.width(), p.text, words, 22), 12);
  ui.paint().text(Type::CaptionBold, {rest.x0, rest.y0 + 9}, p.muted, "What it would start");
  rest.cut_top(22);
  const float programs =
      std::min(rest.height() * 0.5F, 24.0F + 46.0F * static_cast<float>(question.programs.size()));
  draw_lines(ui, "programs/list", rest.cut_top(programs, 12), question.programs);
  ui.paint().text(Type::CaptionBold, {rest.x0, rest.y0 + 9}, p.muted, "The whole file");
  rest.cut_top(22);
  if (rest.height() > 40) draw_lines(ui, "programs/text", rest, lines_of(question.text));
  const Button no{
      .id = "programs/no", .label = "Do not run it", .look = Look::Primary, .tip = "Esc does the same"};
  const Button yes{.id = "programs/yes", .label = "Run it with its programs", .look = Look::Danger};
  const bool refused = button(ui, buttons.cut_right(button_width(ui, no), 12), no) || dialog.closed();
  const bool allowed = button(ui, buttons.cut_right(button_width(ui, yes), 12), yes);
  // The safe answer has the keyboard.
  auto& asked = ui.state<std::string>("programs/asked");
  if (asked != question.path + question.text) {
    asked = question.path + question.text;
    ui.focus("programs/no");
  }
  if (!refused && !allowed) return;
  asked.clear();
  actions.push_back(action::AllowPrograms{allowed && !refused});
}

void draw_problems(Ui& ui, Rect screen, const FileProblems& problems, Actions& actions) {
  const Dialog dialog(ui, "problems", "This file cannot be used", screen, 760, 420);
  Rect rest = dialog.content();
  Rect buttons = rest.cut_bottom(height::button, 14);
  const std::string words =
      problems.lines.size() == 1
          ? "Nothing of it was run. What is wrong, and what would be right:"
          : "Nothing of it was run. " + std::to_string(problems.lines.size()) + " things are wrong:";
  ui.paint().text_fit(Type::Body, {rest.x0, rest.y0 + 11}, ui.palette().text, words, rest.width());
  rest.cut_top(30);
  draw_lines(ui, "problems/list", rest, problems.lines);
  const Button ok{.id = "problems/ok", .label = "Close", .look = Look::Primary, .tip = "Esc does the same"};
  const Button copy{.id = "problems/copy", .label = "Copy", .icon = icon::Copy};
  if (button(ui, buttons.cut_right(button_width(ui, ok), 12), ok)) actions.push_back(action::CloseFiles{});
  if (button(ui, buttons.cut_right(button_width(ui, copy), 12), copy)) {
    std::string all;
    for (const std::string& line : problems.lines) all += line + "\n";
    actions.push_back(action::CopyText{all});
  }
  if (dialog.closed()) actions.push_back(action::CloseFiles{});
}

}  // namespace

bool asks_about_files(const Snapshot& now) {
  return now.files != nullptr && (now.files->dialog || now.files->question || now.files->problems);
}

void draw_file_dialogs(Ui& ui, Rect screen, const Snapshot& now, Actions& actions) {
  if (now.files->question) return draw_question(ui, screen, *now.files->question, actions);
  if (now.files->problems) return draw_problems(ui, screen, *now.files->problems, actions);
  if (now.files->dialog) draw_path_dialog(ui, screen, *now.files->dialog, actions);
}

}  // namespace loopscope::app
