#pragma once

#include <string_view>

#include "app/widgets/ui.hpp"

/// Things to look at that several views share. They draw and do not react.
namespace loopscope::app {

namespace radius {
inline constexpr float machine = 14, panel = 10, card = 9, button = 7;
}
namespace height {
inline constexpr float button = 36, small_button = 32, chip = 22, top_bar = 48;
}
inline constexpr float gutter = 12;  ///< margins and spaces between panels

/// The ground of a group of things, with its border.
void draw_panel(Ui& ui, const Rect& area);
struct CardLook {
  Tone tone = Tone::Neutral;
  bool lit = false;    ///< with a light around it: look here
  bool toned = false;  ///< border and ground in the tone
};
void draw_card(Ui& ui, const Rect& area, CardLook look = {});

/// What a datum is. Measured: the kernel said so. Derived: worked out from what was measured. Predicted: the
/// model says so.
enum class Provenance : std::uint8_t { Measured, Derived, Predicted };
[[nodiscard]] std::string_view to_string(Provenance provenance);
/// Filled dot, half dot, dashed ring.
void draw_provenance(Ui& ui, Point centre, Provenance provenance);
/// The mark with its word, right-aligned at `right`; returns the width.
float draw_provenance_word(Ui& ui, Point right, Provenance provenance);
/// All three with their words: the legend at the inspector's foot.
void draw_provenance_legend(Ui& ui, Point left);

struct Chip {
  std::string_view label;
  const char* icon = nullptr;
  Tone tone = Tone::Neutral;
  bool solid = false;
  bool mono = false;
};
[[nodiscard]] float chip_width(const Ui& ui, const Chip& chip);
/// 22 points high, centred on `at.y`; returns its width.
float draw_chip(Ui& ui, Point at, const Chip& chip, AlignX x = AlignX::Left);

/// A heading in tracked capitals with, where given, its provenance at the right end; returns the height (24).
float draw_section(Ui& ui, const Rect& line, std::string_view title);
float draw_section(Ui& ui, const Rect& line, std::string_view title, Provenance provenance);

/// How much of something is done: 0…1, clockwise from the top.
void draw_progress_ring(Ui& ui, Point centre, float radius, float share, Tone tone, float width = 2.5F);
/// A key as it is printed on a keyboard; returns its width.
float draw_key(Ui& ui, Point at, std::string_view key, AlignX x = AlignX::Left);
/// The program's mark: an arrow that goes down, turns, and comes up again.
void draw_logo(Ui& ui, Point centre, float size, Colour colour);

}  // namespace loopscope::app
