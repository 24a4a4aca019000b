#pragma once

#include <array>

#include "app/widgets/colour.hpp"

namespace loopscope::app {

/// What a colour says. Each goes with an icon or a word as well: nothing is told by colour alone.
enum class Tone : std::uint8_t {
  Neutral,  ///< nothing special; not yet
  Info,     ///< information, what is lit, the way a packet takes
  Good,     ///< established, allowed, right
  Waiting,  ///< blocked, held, the opponent in a conflict
  Bad,      ///< error, refused, dropped
  Call,     ///< a system call, a process, predicted by the model
  Data,     ///< bytes of an application
};

struct Palette {
  bool dark = true;
  Colour ground, panel, card, raised;  ///< surfaces, from the back to the front
  Colour border, strong_border, grid;
  Colour text, muted, faint;  ///< each at least 4.5:1 on every surface
  Colour accent, on_accent;
  Colour inline_code, code_ground;  ///< `code` inside prose, and the box it stands on
  Colour shadow;
  std::array<Colour, 7> tones;

  [[nodiscard]] Colour of(Tone tone) const { return tones[static_cast<std::size_t>(tone)]; }
  /// The ground of a chip or card in this tone.
  [[nodiscard]] Colour ground_of(Tone tone) const { return mix(card, of(tone), dark ? 0.16F : 0.10F); }
  /// Text on a solid fill of a tone.
  [[nodiscard]] Colour on_tone(Tone tone) const;
};

[[nodiscard]] const Palette& dark_palette();
[[nodiscard]] const Palette& light_palette();

}  // namespace loopscope::app
