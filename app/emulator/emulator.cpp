#include "app/emulator/emulator.hpp"

#include <vterm.h>

#include <algorithm>
#include <utility>

namespace loopscope::app {
namespace {

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

/// The next code point of UTF-8 text; what is none is passed over.
std::uint32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at++]);
  const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  std::uint32_t point = more == 0 ? byte : byte & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

VTermKey key_of(const TerminalStroke& stroke) {
  using Key = TerminalStroke::Key;
  switch (stroke.key) {
    case Key::Enter:
      return VTERM_KEY_ENTER;
    case Key::Tab:
      return VTERM_KEY_TAB;
    case Key::Backspace:
      return VTERM_KEY_BACKSPACE;
    case Key::Escape:
      return VTERM_KEY_ESCAPE;
    case Key::Up:
      return VTERM_KEY_UP;
    case Key::Down:
      return VTERM_KEY_DOWN;
    case Key::Left:
      return VTERM_KEY_LEFT;
    case Key::Right:
      return VTERM_KEY_RIGHT;
    case Key::Insert:
      return VTERM_KEY_INS;
    case Key::Delete:
      return VTERM_KEY_DEL;
    case Key::Home:
      return VTERM_KEY_HOME;
    case Key::End:
      return VTERM_KEY_END;
    case Key::PageUp:
      return VTERM_KEY_PAGEUP;
    case Key::PageDown:
      return VTERM_KEY_PAGEDOWN;
    case Key::Function:
      return static_cast<VTermKey>(VTERM_KEY_FUNCTION_0 + stroke.number);
    case Key::None:
      break;
  }
  return VTERM_KEY_NONE;
}

VTermModifier modifiers_of(const TerminalStroke& stroke) {
  int bits = VTERM_MOD_NONE;
  if (stroke.ctrl) bits |= VTERM_MOD_CTRL;
  if (stroke.alt) bits |= VTERM_MOD_ALT;
  using Key = TerminalStroke::Key;
  const bool plain = stroke.key == Key::Enter || stroke.key == Key::Backspace || stroke.key == Key::Escape;
  if (plain) return stroke.alt ? VTERM_MOD_ALT : VTERM_MOD_NONE;
  if (stroke.shift && stroke.text.empty()) bits |= VTERM_MOD_SHIFT;
  return static_cast<VTermModifier>(bits);
}

}  // namespace

struct Emulator::Inside {
  Emulator& outside;
  VTerm* terminal;
  VTermScreen* screen;

  [[nodiscard]] Colour colour_of(VTermColor colour, bool fore) const {
    if (fore ? VTERM_COLOR_IS_DEFAULT_FG(&colour) : VTERM_COLOR_IS_DEFAULT_BG(&colour)) return {};
    vterm_screen_convert_color_to_rgb(screen, &colour);
    return {false, colour.rgb.red, colour.rgb.green, colour.rgb.blue};
  }

  [[nodiscard]] Cell cell_of(const VTermScreenCell& from) const {
    Cell cell;
    for (const std::uint32_t point : from.chars) {
      if (point == 0 || point == static_cast<std::uint32_t>(-1)) break;
      append_utf8(cell.text, point);
    }
    cell.width = from.chars[0] == static_cast<std::uint32_t>(-1) ? 0 : std::max<int>(1, from.width);
    cell.fore = colour_of(from.fg, true);
    cell.back = colour_of(from.bg, false);
    cell.bold = from.attrs.bold != 0;
    cell.italic = from.attrs.italic != 0;
    cell.underline = from.attrs.underline != 0;
    cell.reverse = from.attrs.reverse != 0;
    cell.strike = from.attrs.strike != 0;
    return cell;
  }

  static Emulator& of(void* user) { return *static_cast<Emulator*>(user); }

  static int move_cursor(VTermPos to, VTermPos, int, void* user) {
    of(user).cursor_.row = to.row;
    of(user).cursor_.column = to.col;
    return 1;
  }
  static int set_property(VTermProp property, VTermValue* value, void* user) {
    if (property == VTERM_PROP_CURSORVISIBLE) of(user).cursor_.visible = value->boolean != 0;
    return 1;
  }
  static int push_line(int count, const VTermScreenCell* cells, void* user) {
    Emulator& emulator = of(user);
    std::vector<Cell> line;
    line.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) line.push_back(emulator.inside_->cell_of(cells[i]));
    while (!line.empty() && line.back().text.empty() && line.back().back.usual) line.pop_back();
    emulator.above_.push_back(std::move(line));
    if (emulator.above_.size() > most_lines_above) emulator.above_.pop_front();
    return 1;
  }
  static void answer(const char* bytes, std::size_t size, void* user) { of(user).input_.append(bytes, size); }
};

Emulator::Emulator(int columns, int rows) : columns_(std::max(2, columns)), rows_(std::max(2, rows)) {
  VTerm* terminal = vterm_new(rows_, columns_);
  inside_ = std::unique_ptr<Inside>(new Inside{*this, terminal, vterm_obtain_screen(terminal)});
  vterm_set_utf8(terminal, 1);
  vterm_output_set_callback(terminal, Inside::answer, this);
  static const VTermScreenCallbacks callbacks{.damage = nullptr,
                                              .moverect = nullptr,
                                              .movecursor = Inside::move_cursor,
                                              .settermprop = Inside::set_property,
                                              .bell = nullptr,
                                              .resize = nullptr,
                                              .sb_pushline = Inside::push_line,
                                              .sb_popline = nullptr};
  vterm_screen_set_callbacks(inside_->screen, &callbacks, this);
  vterm_screen_enable_altscreen(inside_->screen, 1);
  vterm_screen_reset(inside_->screen, 1);
}

Emulator::~Emulator() { vterm_free(inside_->terminal); }

void Emulator::write(std::string_view bytes) {
  if (bytes.empty()) return;
  vterm_input_write(inside_->terminal, bytes.data(), bytes.size());
  vterm_screen_flush_damage(inside_->screen);
  ++revision_;
}

void Emulator::type(const TerminalStroke& stroke) {
  VTerm* terminal = inside_->terminal;
  // The old control characters for all letters; libvterm has newer codes for some, which few programs know.
  if (stroke.ctrl && stroke.text.size() == 1 && stroke.text[0] >= '@' && stroke.text[0] <= 'z') {
    if (stroke.alt) input_ += '\x1b';
    input_ += static_cast<char>(stroke.text[0] & 0x1F);
    return;
  }
  if (stroke.pasted) vterm_keyboard_start_paste(terminal);
  for (std::size_t at = 0; at < stroke.text.size();) {
    const std::uint32_t point = next_point(stroke.text, at);
    if (point == '\n' || point == '\r')
      vterm_keyboard_key(terminal, VTERM_KEY_ENTER, VTERM_MOD_NONE);
    else if (point == '\t')
      vterm_keyboard_key(terminal, VTERM_KEY_TAB, VTERM_MOD_NONE);
    else if (point >= ' ' && point != 0x7F)  // a clipboard may not press keys
      vterm_keyboard_unichar(terminal, point, modifiers_of(stroke));
  }
  if (stroke.pasted) vterm_keyboard_end_paste(terminal);
  if (stroke.text.empty() && stroke.key != TerminalStroke::Key::None)
    vterm_keyboard_key(terminal, key_of(stroke), modifiers_of(stroke));
}

std::string Emulator::take_input() { return std::exchange(input_, {}); }

void Emulator::resize(int columns, int rows) {
  columns_ = std::max(2, columns);
  rows_ = std::max(2, rows);
  vterm_set_size(inside_->terminal, rows_, columns_);
  ++revision_;
}

Emulator::Cell Emulator::cell(int row, int column) const {
  if (row < 0) {
    const int at = row + lines_above();
    if (at < 0 || column < 0) return {};
    const auto& line = above_[static_cast<std::size_t>(at)];
    return static_cast<std::size_t>(column) < line.size() ? line[static_cast<std::size_t>(column)] : Cell{};
  }
  VTermScreenCell cell{};
  if (row >= rows_ || column < 0 || column >= columns_ ||
      vterm_screen_get_cell(inside_->screen, VTermPos{row, column}, &cell) == 0)
    return {};
  return inside_->cell_of(cell);
}

std::string Emulator::text(Place from, Place to) const {
  if (to < from) std::swap(from, to);
  std::string text;
  for (int row = from.row; row <= to.row; ++row) {
    std::string line;
    const int last = row == to.row ? to.column : columns_ - 1;
    for (int column = row == from.row ? from.column : 0; column <= last; ++column) {
      const Cell one = cell(row, column);
      if (one.width > 0) line += one.text.empty() ? " " : one.text;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line;
    if (row != to.row) text += '\n';
  }
  return text;
}

}  // namespace loopscope::app
