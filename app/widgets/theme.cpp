#include "app/widgets/theme.hpp"

namespace loopscope::app {

Colour Palette::on_tone(Tone tone) const {
  const Colour ink = rgb(0x0B1016);
  const Colour white = rgb(0xFFFFFF);
  return contrast(of(tone), ink) > contrast(of(tone), white) ? ink : white;
}

// The tones were chosen so that they stay apart under protanopia, deuteranopia and tritanopia.
const Palette& dark_palette() {
  static const Palette palette{.dark = true,
                               .ground = rgb(0x0D1117),
                               .panel = rgb(0x131920),
                               .card = rgb(0x1A222C),
                               .raised = rgb(0x202A36),
                               .border = rgb(0x2B3745),
                               .strong_border = rgb(0x445264),
                               .grid = rgb(0x1B242F),
                               .text = rgb(0xE8EDF3),
                               .muted = rgb(0xA3B0BF),
                               .faint = rgb(0x8794A6),
                               .accent = rgb(0x8CCBFF),
                               .on_accent = rgb(0x06131D),
                               .inline_code = rgb(0xF2C879),
                               .code_ground = rgb(0x232C37),
                               .shadow = rgb(0x000000, 90),
                               .tones = {rgb(0x97A0AF), rgb(0x8CCBFF), rgb(0x5FEBBB), rgb(0xF5BC2E),
                                         rgb(0xEB7D4E), rgb(0xD77DE9), rgb(0xF5F58F)}};
  return palette;
}

const Palette& light_palette() {
  static const Palette palette{.dark = false,
                               .ground = rgb(0xEEF2F6),
                               .panel = rgb(0xFAFBFD),
                               .card = rgb(0xFFFFFF),
                               .raised = rgb(0xF3F6FA),
                               .border = rgb(0xD8E0E9),
                               .strong_border = rgb(0xB3C0CE),
                               .grid = rgb(0xE6EBF1),
                               .text = rgb(0x17202B),
                               .muted = rgb(0x4C5A6B),
                               .faint = rgb(0x5D6A7A),
                               .accent = rgb(0x0B5FE8),
                               .on_accent = rgb(0xFFFFFF),
                               .inline_code = rgb(0x8A4B00),
                               .code_ground = rgb(0xE9EDF2),
                               .shadow = rgb(0x1E3250, 26),
                               .tones = {rgb(0x4A6070), rgb(0x0B5FE8), rgb(0x067948), rgb(0x9C5200),
                                         rgb(0x94160D), rgb(0x7B1690), rgb(0x15292C)}};
  return palette;
}

}  // namespace loopscope::app
