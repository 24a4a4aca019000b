#include <cmath>
#include <map>
#include <optional>

#include "app/views/case_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"

/// The terminal: cells of the emulator, drawn; keys and mouse, handed on.
namespace loopscope::app {
namespace {

using Place = Emulator::Place;
constexpr Type face = Type::BodyMono;
constexpr float line_height = 21, padding = 10, title_height = 40;
constexpr std::size_t long_text = 16;  // nobody types that much between two frames

/// What the view remembers.
struct Hold {
  int columns = 0, rows = 0;  ///< that were asked for last
  int up = 0;                 ///< lines scrolled back
  bool selecting = false;
  std::optional<std::pair<Place, Place>> selection;
};

struct Grid {
  Rect area;
  float cell = 8;
  int columns = 80, rows = 24;
  [[nodiscard]] Place place_at(Point at, int up) const {
    const int column = static_cast<int>(std::floor((at.x - area.x0) / cell));
    const int row = static_cast<int>(std::floor((at.y - area.y0) / line_height));
    return {std::clamp(row, 0, rows - 1) - up, std::clamp(column, 0, columns - 1)};
  }
};

Grid grid_in(const Ui& ui, Rect area) {
  Grid grid;
  grid.area = area.inset(padding, padding);
  grid.cell = ui.paint().width(face, "0000000000") / 10;
  grid.columns = std::clamp(static_cast<int>(grid.area.width() / grid.cell), 20, 300);
  grid.rows = std::clamp(static_cast<int>(grid.area.height() / line_height), 5, 120);
  return grid;
}

TerminalStroke::Key key_without_letter(Key key) {
  using Out = TerminalStroke::Key;
  static const std::map<Key, Out> keys{{Key::Enter, Out::Enter},
                                       {Key::Tab, Out::Tab},
                                       {Key::Backspace, Out::Backspace},
                                       {Key::Escape, Out::Escape},
                                       {Key::Up, Out::Up},
                                       {Key::Down, Out::Down},
                                       {Key::Left, Out::Left},
                                       {Key::Right, Out::Right},
                                       {Key::Insert, Out::Insert},
                                       {Key::Delete, Out::Delete},
                                       {Key::Home, Out::Home},
                                       {Key::End, Out::End},
                                       {Key::PageUp, Out::PageUp},
                                       {Key::PageDown, Out::PageDown}};
  const auto found = keys.find(key);
  return found == keys.end() ? Out::None : found->second;
}

std::optional<TerminalStroke> stroke_of(const KeyPress& press) {
  TerminalStroke stroke{.ctrl = press.mods.ctrl, .alt = press.mods.alt, .shift = press.mods.shift};
  const int code = static_cast<int>(press.key);
  stroke.key = key_without_letter(press.key);
  if (stroke.key != TerminalStroke::Key::None) return stroke;
  if (code >= 290 && code <= 301) {
    stroke.key = TerminalStroke::Key::Function;
    stroke.number = code - 289;
    return stroke;
  }
  // Letters come as text; only with Ctrl or Alt the key itself says what is meant.
  if (code <= 32 || code >= 127 || !(press.mods.ctrl || press.mods.alt)) return std::nullopt;
  stroke.text = code >= 'A' && code <= 'Z' ? static_cast<char>(code - 'A' + 'a') : static_cast<char>(code);
  return stroke;
}

void take_keys(Ui& ui, Hold& hold, const Grid& grid, const Emulator& terminal, Actions& actions) {
  std::vector<TerminalStroke> strokes;
  for (const Ui::Input& one : ui.take_all_input()) {
    if (const auto* text = std::get_if<std::string>(&one)) {
      const bool pasted = text->size() > long_text || text->find('\n') != std::string::npos;
      strokes.push_back({.text = *text, .pasted = pasted});
      continue;
    }
    const KeyPress& press = std::get<KeyPress>(one);
    const bool scrolls = press.mods == with_shift && (press.key == Key::PageUp || press.key == Key::PageDown);
    if (scrolls) {
      hold.up += press.key == Key::PageUp ? grid.rows / 2 : -grid.rows / 2;
    } else if (auto stroke = stroke_of(press)) {
      strokes.push_back(std::move(*stroke));
    }
  }
  hold.up = std::clamp(hold.up, 0, terminal.lines_above());
  if (strokes.empty()) return;
  hold.up = 0;
  hold.selection.reset();
  actions.push_back(action::TypeInTerminal{std::move(strokes)});
}

void take_mouse(Ui& ui, const Hit& hit, Hold& hold, const Grid& grid, const Emulator& terminal) {
  if (const float turned = ui.wheel_in(grid.area.inset(-padding)); turned != 0)
    hold.up = std::clamp(hold.up + static_cast<int>(std::lround(turned * 3)), 0, terminal.lines_above());
  const Place at = grid.place_at(ui.mouse(), hold.up);
  if (hit.held && !hold.selecting) {
    hold.selecting = true;
    hold.selection = {at, at};
  } else if (hit.held && hold.selection) {
    hold.selection->second = at;
  } else if (!hit.held && hold.selecting) {
    hold.selecting = false;
    if (hold.selection && hold.selection->first == hold.selection->second) hold.selection.reset();
  }
}

std::string copied(const Hold& hold, const Emulator& terminal) {
  if (hold.selection) return terminal.text(hold.selection->first, hold.selection->second);
  std::string all = terminal.text({-hold.up, 0}, {terminal.rows() - 1 - hold.up, terminal.columns() - 1});
  while (!all.empty() && all.back() == '\n') all.pop_back();
  return all;
}

Colour ground_of(const Palette& p) { return p.dark ? p.ground : p.card; }

/// A program's colour, such that it can be read on this theme's ground.
Colour readable(const Palette& p, const Emulator::Colour& wanted, Colour usual, bool on_usual_ground) {
  if (wanted.usual) return usual;
  Colour colour =
      rgb(static_cast<std::uint32_t>(wanted.r) << 16 | static_cast<std::uint32_t>(wanted.g) << 8 | wanted.b);
  for (int step = 0; on_usual_ground && step < 6 && contrast(colour, ground_of(p)) < 4.5; ++step)
    colour = mix(colour, p.text, 0.25F);
  return colour;
}

struct Style {
  Colour fore = 0, back = 0;
  bool bold = false, underline = false, strike = false;
  bool operator==(const Style&) const = default;
};

Style style_of(const Palette& p, const Emulator::Cell& cell, bool selected) {
  const Colour ground = ground_of(p);
  Style style{readable(p, cell.fore, p.text, cell.back.usual), readable(p, cell.back, ground, false),
              cell.bold, cell.underline, cell.strike};
  if (cell.reverse) std::swap(style.fore, style.back);
  if (selected) style.back = mix(ground, p.accent, p.dark ? 0.4F : 0.3F);
  return style;
}

class Rows {
 public:
  Rows(Ui& ui, const Grid& grid, const Rect& body, const Emulator& terminal, const Hold& hold)
      : ui_(ui), grid_(grid), body_(body), terminal_(terminal), hold_(hold) {}

  void draw() const {
    const Painter::Clip clip(ui_.paint(), body_.inset(2));
    for (int row = 0; row < std::min(grid_.rows, terminal_.rows()); ++row) draw_row(row);
  }

 private:
  [[nodiscard]] bool selected(Place at) const {
    if (!hold_.selection) return false;
    const auto [from, to] = std::minmax(hold_.selection->first, hold_.selection->second);
    return from <= at && at <= to;
  }

  void draw_row(int row) const {
    const Palette& p = ui_.palette();
    std::string run;
    Style style;
    int start = 0, column = 0;
    const auto flush = [&] {
      if (start < column) draw_run(row, start, column, run, style);
      run.clear();
      start = column;
    };
    while (column < terminal_.columns()) {
      const Emulator::Cell cell = terminal_.cell(row - hold_.up, column);
      const Style now = style_of(p, cell, selected({row - hold_.up, column}));
      const bool plain = cell.text.size() <= 1;  // others may be of another width in the face
      if (!(now == style)) flush();
      style = now;
      if (!plain) flush();
      run += cell.text.empty() ? " " : cell.text;
      column += std::max(1, cell.width);
      if (!plain) flush();
    }
    flush();
  }

  void draw_run(int row, int from, int to, const std::string& text, const Style& style) const {
    const Palette& p = ui_.palette();
    const float x = grid_.area.x0 + static_cast<float>(from) * grid_.cell;
    const Rect box = Rect::at(x, grid_.area.y0 + static_cast<float>(row) * line_height,
                              static_cast<float>(to - from) * grid_.cell, line_height);
    if (style.back != ground_of(p)) ui_.paint().fill(box, style.back);
    if (text.find_first_not_of(' ') != std::string::npos) {
      ui_.paint().text(face, {x, box.mid_y()}, style.fore, text);
      // The face has no bold sister of its size and width.
      if (style.bold) ui_.paint().text(face, {x + 0.6F, box.mid_y()}, style.fore, text);
    }
    if (style.underline) ui_.paint().line({box.x0, box.y1 - 2}, {box.x1, box.y1 - 2}, style.fore);
    if (style.strike) ui_.paint().line({box.x0, box.mid_y()}, {box.x1, box.mid_y()}, style.fore);
  }

  Ui& ui_;
  const Grid& grid_;
  Rect body_;
  const Emulator& terminal_;
  const Hold& hold_;
};

void draw_cursor(Ui& ui, const Grid& grid, const Emulator& terminal, const Hold& hold, bool active) {
  const Emulator::Cursor cursor = terminal.cursor();
  const int row = cursor.row + hold.up;
  if (!cursor.visible || row >= grid.rows) return;
  const Palette& p = ui.palette();
  const Rect box = Rect::at(grid.area.x0 + static_cast<float>(cursor.column) * grid.cell,
                            grid.area.y0 + static_cast<float>(row) * line_height, grid.cell, line_height);
  if (!active) return ui.paint().stroke(box.inset(0.5F), p.muted);
  ui.paint().fill(box, p.accent);
  const Emulator::Cell under = terminal.cell(cursor.row, cursor.column);
  if (!under.text.empty()) ui.paint().text(face, {box.x0, box.mid_y()}, p.on_accent, under.text);
}

void draw_title(Ui& ui, Rect line, const CaseNow& now, bool active, const Hold& hold) {
  const Palette& p = ui.palette();
  line = line.inset(12, 0);
  ui.paint().icon({line.x0 + 9, line.mid_y()}, 18, active ? p.accent : p.muted, icon::Terminal);
  const std::string where = "lab@" + now.the_case->host;
  const float wide = ui.paint().text(Type::SmallBold, {line.x0 + 26, line.mid_y()}, p.text, where);
  const char* role = now.the_case->administrator ? "may administer the lab's network" : "an ordinary user";
  const float left = line.x0 + 26 + wide + 10;
  const std::string words = hold.up > 0 ? std::to_string(hold.up) + " lines back (Shift+Page Down)"
                            : active    ? "leaves the terminal"
                                        : "goes into the terminal";
  float right = line.x1;
  right -= ui.paint().text(Type::Caption, {right, line.mid_y()}, p.muted, words, AlignX::Right) + 6;
  if (hold.up == 0) right -= draw_key(ui, {right, line.mid_y()}, "Ctrl+Shift+Esc", AlignX::Right) + 12;
  if (right - left > 60)
    ui.paint().text_fit(Type::Caption, {left, line.mid_y()}, p.muted, role, right - left);
}

void draw_instead(Ui& ui, const Rect& area, const CaseNow& now) {
  using State = lessons::CaseSession::State;
  const bool making = now.state == State::Opening || now.state == State::Breaking;
  const std::string words = making                ? "The world is being made, and broken …"
                            : now.trouble.empty() ? "There is no shell."
                                                  : now.trouble;
  ui.paint().paragraph(Type::Small, area.inset(18).top_left(), area.width() - 36, ui.palette().muted, words);
  ui.note("case/no-terminal", words, area);
}

bool has_ended(const CaseNow& now) {
  return now.state == lessons::CaseSession::State::Ended || now.shell_ended;
}

/// The shell has ended, or the world has: what can be done.
void draw_end(Ui& ui, const Rect& foot, const CaseNow& now, Actions& actions) {
  const Palette& p = ui.palette();
  const bool gone = now.state == lessons::CaseSession::State::Ended;
  ui.paint().fill(foot, p.raised, radius::panel, Corners::Bottom);
  Rect inside = foot.inset(12, 6);
  const Button again{.id = gone ? "case/restart" : "case/new-shell",
                     .label = gone ? "Begin anew" : "New shell"};
  const Rect at = inside.cut_right(button_width(ui, again), 12);
  const std::string words = gone                  ? "The lab has ended: " + now.trouble
                            : now.trouble.empty() ? std::string("The shell has ended. The world lives on.")
                                                  : now.trouble;
  ui.paint().text_fit(Type::Small, {inside.x0, inside.mid_y()}, p.text, words, inside.width());
  if (button(ui, at, again))
    actions.push_back(gone ? Action(action::RestartCase{}) : Action(action::NewShell{}));
}

}  // namespace

void draw_case_terminal(Ui& ui, Rect area, const CaseNow& now, Actions& actions) {
  const Palette& p = ui.palette();
  auto& hold = ui.state<Hold>("case/terminal/hold");
  draw_panel(ui, area);
  const Rect title = area.cut_top(title_height);
  const Grid grid = grid_in(ui, area);
  ui.paint().fill(area, ground_of(p), radius::panel, Corners::Bottom);
  if (hold.columns != grid.columns || hold.rows != grid.rows ||
      (now.terminal != nullptr &&
       (now.terminal->columns() != grid.columns || now.terminal->rows() != grid.rows))) {
    hold.columns = grid.columns;
    hold.rows = grid.rows;
    actions.push_back(action::ResizeTerminal{grid.columns, grid.rows});
  }
  // Before the terminal, so that Tab comes by it: whoever is in the terminal types there.
  if (has_ended(now)) draw_end(ui, area.cut_bottom(44), now, actions);
  if (now.terminal == nullptr) {
    draw_title(ui, title, now, false, hold);
    return draw_instead(ui, area, now);
  }
  const Hit hit = ui.hit(area, {.id = terminal_id, .label = "Terminal", .kind = Kind::Row});
  const bool active = !ui.inert() && ui.focused() == terminal_id;
  take_mouse(ui, hit, hold, grid, *now.terminal);
  if (active) take_keys(ui, hold, grid, *now.terminal, actions);
  if (ui.shortcut(Key::C, {.ctrl = true, .shift = true}))
    actions.push_back(action::CopyText{copied(hold, *now.terminal)});
  draw_title(ui, title, now, active, hold);
  Rows(ui, grid, area, *now.terminal, hold).draw();
  draw_cursor(ui, grid, *now.terminal, hold, active);
  if (active) ui.paint().stroke(area.inset(1), p.accent, radius::panel, 2);
  ui.note("case/terminal/text",
          now.terminal->text({0, 0}, {now.terminal->rows() - 1, now.terminal->columns() - 1}), grid.area,
          active);
}

}  // namespace loopscope::app
