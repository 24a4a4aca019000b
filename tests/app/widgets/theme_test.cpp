#include "app/widgets/theme.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

using namespace loopscope::app;

TEST_CASE("text, also faint text, has a contrast of 4.5 to 1 on every surface of both themes") {
  for (const Palette* p : {&dark_palette(), &light_palette()}) {
    INFO((p->dark ? "dark" : "light"));
    for (const Colour surface : {p->ground, p->panel, p->card, p->raised})
      for (const Colour ink : {p->text, p->muted, p->faint, p->accent}) CHECK(contrast(ink, surface) >= 4.5);
    CHECK(contrast(p->on_accent, p->accent) >= 4.5);
    CHECK(contrast(p->inline_code, p->code_ground) >= 4.5);
  }
}

TEST_CASE("each tone can be read on every surface, on its own chip, and under the text of a solid one") {
  for (const Palette* p : {&dark_palette(), &light_palette()})
    for (int i = 0; i < 7; ++i) {
      const auto tone = static_cast<Tone>(i);
      INFO((p->dark ? "dark, tone " : "light, tone ") << i);
      for (const Colour surface : {p->ground, p->panel, p->card, p->raised})
        CHECK(contrast(p->of(tone), surface) >= 4.5);
      CHECK(contrast(p->of(tone), p->ground_of(tone)) >= 4.5);
      CHECK(contrast(p->on_tone(tone), p->of(tone)) >= 4.5);
    }
}

TEST_CASE("the edge of a control stands out from its surroundings by 3 to 1 when it is on") {
  for (const Palette* p : {&dark_palette(), &light_palette()}) CHECK(contrast(p->accent, p->panel) >= 3);
}

TEST_CASE("contrast is that of WCAG") {
  CHECK(contrast(rgb(0x000000), rgb(0xFFFFFF)) > 20.99);
  CHECK(std::abs(contrast(rgb(0x777777), rgb(0xFFFFFF)) - 4.478) < 0.001);
  CHECK(contrast(rgb(0x123456), rgb(0x123456)) == 1.0);
}
