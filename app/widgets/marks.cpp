#include "app/widgets/marks.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace loopscope::app {

namespace {
constexpr float pi = std::numbers::pi_v<float>;
}

void draw_panel(Ui& ui, const Rect& area) {
  const Palette& p = ui.palette();
  ui.paint().fill(area, p.panel, radius::panel);
  ui.paint().stroke(area, p.border, radius::panel);
}

void draw_card(Ui& ui, const Rect& area, CardLook look) {
  const Palette& p = ui.palette();
  const Colour tone = p.of(look.tone);
  if (look.lit) ui.paint().glow(area, faded(tone, p.dark ? 0.28F : 0.22F), radius::card, 6);
  ui.paint().fill(area, look.toned ? mix(p.card, tone, p.dark ? 0.10F : 0.06F) : p.card, radius::card);
  if (look.toned || look.lit)
    ui.paint().stroke(area, look.lit ? tone : mix(p.border, tone, 0.6F), radius::card, look.lit ? 1.6F : 1);
  else
    ui.paint().stroke(area, p.border, radius::card);
}

// ---------------------------------------------------------------- provenance

std::string_view to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::Measured:
      return "measured";
    case Provenance::Derived:
      return "derived";
    case Provenance::Predicted:
      break;
  }
  return "predicted";
}

void draw_provenance(Ui& ui, Point centre, Provenance provenance) {
  const Painter& paint = ui.paint();
  const Colour colour = provenance == Provenance::Predicted ? ui.tone(Tone::Call) : ui.palette().muted;
  switch (provenance) {
    case Provenance::Measured:
      paint.disc(centre, 3.6F, colour);
      break;
    case Provenance::Derived: {
      paint.ring(centre, 3.4F, colour, 1.3F);
      std::array<Point, 12> half{};
      for (std::size_t i = 0; i < half.size(); ++i) {
        const float angle = pi / 2 + pi * static_cast<float>(i) / 11;
        half[i] = centre + Point{std::cos(angle) * 3.4F, std::sin(angle) * 3.4F};
      }
      paint.polygon(half, colour);
      break;
    }
    case Provenance::Predicted:
      for (int i = 0; i < 4; ++i) {
        const float from = static_cast<float>(i) * pi / 2 + 0.25F;
        paint.arc(centre, 3.8F, from, from + 1.0F, colour, 1.5F);
      }
      break;
  }
}

float draw_provenance_word(Ui& ui, Point right, Provenance provenance) {
  const Colour colour = provenance == Provenance::Predicted ? ui.tone(Tone::Call) : ui.palette().muted;
  const float wide = ui.paint().text(Type::Caption, right, colour, to_string(provenance), AlignX::Right);
  draw_provenance(ui, {right.x - wide - 9, right.y}, provenance);
  return wide + 14;
}

void draw_provenance_legend(Ui& ui, Point left) {
  for (const auto provenance : {Provenance::Measured, Provenance::Derived, Provenance::Predicted}) {
    const float wide = ui.paint().width(Type::Caption, to_string(provenance)) + 14;
    draw_provenance_word(ui, {left.x + wide, left.y}, provenance);
    left.x += wide + 22;
  }
}

// ---------------------------------------------------------------- chips and headings

float chip_width(const Ui& ui, const Chip& chip) {
  return ui.paint().width(chip.mono ? Type::MonoBold : Type::Chip, chip.label) +
         (chip.icon != nullptr ? 17 : 0) + 18;
}

float draw_chip(Ui& ui, Point at, const Chip& chip, AlignX x) {
  const Palette& p = ui.palette();
  const float wide = chip_width(ui, chip);
  if (x == AlignX::Middle) at.x -= wide / 2;
  if (x == AlignX::Right) at.x -= wide;
  const Rect area = Rect::at(at.x, at.y - height::chip / 2, wide, height::chip);
  const Colour tone = p.of(chip.tone);
  ui.paint().fill(area, chip.solid ? tone : p.ground_of(chip.tone), height::chip / 2);
  if (!chip.solid) ui.paint().stroke(area, faded(tone, 0.55F), height::chip / 2);
  const Colour ink = chip.solid ? p.on_tone(chip.tone) : tone;
  float text = area.x0 + 9;
  if (chip.icon != nullptr) {
    ui.paint().icon({text + 6, at.y}, 14, ink, chip.icon);
    text += 17;
  }
  ui.paint().text(chip.mono ? Type::MonoBold : Type::Chip, {text, at.y}, ink, chip.label);
  return wide;
}

float draw_section(Ui& ui, const Rect& line, std::string_view title) {
  ui.paint().caps({line.x0, line.y0 + 10}, ui.palette().muted, title);
  return 24;
}

float draw_section(Ui& ui, const Rect& line, std::string_view title, Provenance provenance) {
  draw_provenance_word(ui, {line.x1, line.y0 + 10}, provenance);
  return draw_section(ui, line, title);
}

void draw_progress_ring(Ui& ui, Point centre, float radius, float share, Tone tone, float width) {
  ui.paint().ring(centre, radius, ui.palette().strong_border, width * 0.7F);
  if (share > 0)
    ui.paint().arc(centre, radius, -pi / 2, -pi / 2 + 2 * pi * std::min(1.0F, share), ui.tone(tone), width);
}

float draw_key(Ui& ui, Point at, std::string_view key, AlignX x) {
  const Palette& p = ui.palette();
  const float wide = std::max(22.0F, ui.paint().width(Type::Caption, key) + 12);
  if (x == AlignX::Middle) at.x -= wide / 2;
  if (x == AlignX::Right) at.x -= wide;
  const Rect cap = Rect::at(at.x, at.y - 10, wide, 19);
  ui.paint().fill(cap.moved(0, 2), p.strong_border, 5);
  ui.paint().fill(cap, p.raised, 5);
  ui.paint().stroke(cap, p.strong_border, 5);
  ui.paint().text(Type::Caption, cap.centre(), p.text, key, AlignX::Middle);
  return wide;
}

void draw_logo(Ui& ui, Point centre, float size, Colour colour) {
  // The same figure as assets/loopscope.svg, on a field of 24.
  const float k = size / 24;
  const auto at = [&](float x, float y) { return centre + Point{(x - 12) * k, (y - 12) * k}; };
  std::array<Point, 27> way{};
  way[0] = at(5, 3);
  for (std::size_t i = 0; i < 25; ++i) {
    const float angle = pi - pi * static_cast<float>(i) / 24;
    way[i + 1] = at(12 + 7 * std::cos(angle), 13 + 7 * std::sin(angle));
  }
  way[26] = at(19, 8.5F);
  ui.paint().polyline(way, colour, 3.2F * k);
  ui.paint().polygon({at(19, 1.5F), at(23.6F, 9), at(14.4F, 9)}, colour);
}

}  // namespace loopscope::app
