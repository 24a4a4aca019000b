#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "app/widgets/marks.hpp"
#include "app/widgets/ui.hpp"

/// Things that react. Each has a name under which tests find it, can be reached with the keyboard, and is
/// drawn with hover, pressed and focus states. Heights are the caller's; see marks.hpp for the usual ones.
namespace loopscope::app {

enum class Look : std::uint8_t { Normal, Primary, Ghost, Danger, Warning };

struct Button {
  std::string_view id;
  std::string_view label;  ///< empty: the icon alone; give a tip, it becomes the name
  const char* icon = nullptr;
  Look look = Look::Normal;
  bool enabled = true;
  bool on = false;  ///< drawn as pressed in
  bool icon_after = false;
  std::string_view tip;  ///< what it does, and its key in brackets
  Type type = Type::SmallBold;
};
/// True where it was pressed.
bool button(Ui& ui, const Rect& area, const Button& button);
/// The width that its contents need.
[[nodiscard]] float button_width(const Ui& ui, const Button& button);

struct Segment {
  std::string_view label;
  bool enabled = true;
  std::string_view tip;
};
/// One of several in a row: arrows change it. The index that was chosen, if one was. Names: id/label.
std::optional<int> segmented(Ui& ui, const Rect& area, std::string_view id, std::span<const Segment> segments,
                             int current);
[[nodiscard]] float segmented_width(const Ui& ui, std::span<const Segment> segments);

/// Tabs that share the width, the current one underlined. Names: id/label.
std::optional<int> tabs(Ui& ui, const Rect& area, std::string_view id,
                        std::span<const std::string_view> labels, int current);
inline std::optional<int> tabs(Ui& ui, const Rect& area, std::string_view id,
                               std::initializer_list<std::string_view> labels, int current) {
  return tabs(ui, area, id, std::span<const std::string_view>(labels.begin(), labels.size()), current);
}

/// A value from 0 to 1. True while it changes. Arrow keys move it by `step`.
bool slider(Ui& ui, const Rect& area, std::string_view id, std::string_view label, float& value,
            float step = 0.05F, bool enabled = true);

/// On or off, with its label on the left and the switch at the right end.
bool toggle(Ui& ui, const Rect& area, std::string_view id, std::string_view label, bool on);

enum class ChoiceState : std::uint8_t { Open, Selected, Right, Wrong, Missed };
struct Choice {
  std::string_view id;
  std::string_view label;
  std::string_view note;  ///< at the right end: '1', 'your prediction', 'the kernel'
  ChoiceState state = ChoiceState::Open;
  bool enabled = true;
  bool mono = false;
};
/// One answer to a question.
bool choice(Ui& ui, const Rect& area, const Choice& choice);
/// The height that it needs at this width: long labels take more lines.
[[nodiscard]] float choice_height(const Ui& ui, float width, const Choice& choice);

/// A line or card that reacts as a whole: draws only its hover ground and focus ring.
Hit row(Ui& ui, const Rect& area, std::string_view id, std::string_view label, bool on = false,
        float radius = 7);

/// Words that lead somewhere; returns whether they were pressed.
bool link(Ui& ui, Point at, std::string_view id, std::string_view label, Type type = Type::Small);

/// The gap between two panels: dragging or arrow keys change `size` (points) within the limits. `grows` +1
/// where the panel of that size lies before the gap, -1 where it lies behind. True while it changes.
bool splitter(Ui& ui, const Rect& gap, std::string_view id, std::string_view label, bool upright, float& size,
              float least, float most, float grows);

}  // namespace loopscope::app
