#include "app/widgets/text_field.hpp"

#include <algorithm>

#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

struct Cursor {
  std::size_t at = 0;     ///< bytes before it
  std::size_t first = 0;  ///< bytes that are scrolled out of sight on the left
};

/// What a key does to the line; true for Enter.
bool edit(std::string& text, Cursor& cursor, Key key) {
  switch (key) {
    case Key::Enter:
      return true;
    case Key::Backspace:
      if (cursor.at > 0) text.erase(--cursor.at, 1);
      break;
    case Key::Delete:
      if (cursor.at < text.size()) text.erase(cursor.at, 1);
      break;
    case Key::Left:
      if (cursor.at > 0) --cursor.at;
      break;
    case Key::Right:
      if (cursor.at < text.size()) ++cursor.at;
      break;
    case Key::Home:
      cursor.at = 0;
      break;
    case Key::End:
      cursor.at = text.size();
      break;
    default:
      break;
  }
  return false;
}

void insert(std::string& text, Cursor& cursor, std::string_view typed, std::size_t most) {
  for (const char c : typed) {
    if (c < ' ' || c > '~' || text.size() >= most) continue;
    text.insert(text.begin() + static_cast<std::ptrdiff_t>(cursor.at++), c);
  }
}

/// Scrolls by whole characters until the cursor can be seen.
void keep_in_sight(const Painter& paint, std::string_view text, Cursor& cursor, float width) {
  cursor.first = std::min(cursor.first, cursor.at);
  while (cursor.first < cursor.at &&
         paint.width(Type::Mono, text.substr(cursor.first, cursor.at - cursor.first)) > width)
    ++cursor.first;
}

void draw(Ui& ui, const Rect& area, const TextField& field, std::string_view text, const Cursor& cursor,
          bool active) {
  const Palette& p = ui.palette();
  const Painter& paint = ui.paint();
  paint.fill(area, p.dark ? p.ground : p.card, radius::button);
  const Colour edge = field.wrong ? p.of(Tone::Bad) : active ? p.accent : p.strong_border;
  paint.stroke(area, edge, radius::button, active || field.wrong ? 2.0F : 1.0F);
  const Rect inside = area.inset(10, 2);
  const Painter::Clip clip(paint, inside);
  const float y = area.mid_y();
  if (text.empty())
    paint.text_fit(Type::Small, {inside.x0 + 2, y}, p.muted, field.label, inside.width());
  else
    paint.text(Type::Mono, {inside.x0, y}, field.enabled ? p.text : p.faint, text.substr(cursor.first));
  if (!active) return;
  const float x =
      inside.x0 + paint.width(Type::Mono, text.substr(cursor.first, cursor.at - cursor.first)) + 1;
  paint.line({x, area.y0 + 7}, {x, area.y1 - 7}, p.accent,
             1.6F);  // it does not blink: that would cost frames
}

}  // namespace

bool text_field(Ui& ui, const Rect& area, const TextField& field, std::string& text) {
  const Hit hit = ui.hit(
      area, {.id = field.id, .label = text, .kind = Kind::Text, .enabled = field.enabled, .on = field.wrong});
  auto& cursor = ui.state<Cursor>(std::string(field.id) + "/cursor", Cursor{text.size(), 0});
  cursor.at = std::min(cursor.at, text.size());
  const bool active = field.enabled && !ui.inert() && ui.focused() == field.id;
  bool entered = false;
  if (active) {
    const Ui::Typed typed = ui.take_typed();
    if (hit.pressed) cursor.at = text.size();
    for (const Ui::Stroke& stroke : typed) {
      if (const auto* key = std::get_if<Key>(&stroke))
        entered = edit(text, cursor, *key) || entered;
      else
        insert(text, cursor, std::get<std::string>(stroke), field.most);
    }
  }
  keep_in_sight(ui.paint(), text, cursor, area.width() - 22);
  draw(ui, area, field, text, cursor, active);
  return entered;
}

void cursor_to_end(Ui& ui, std::string_view id, std::string_view text) {
  ui.state<Cursor>(std::string(id) + "/cursor") = Cursor{text.size(), 0};
}

}  // namespace loopscope::app
