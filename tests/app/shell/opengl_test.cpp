#include "tests/app/screens/sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/offscreen_gl.hpp"

using namespace loopscope::app;
using loopscope::app::test::OffscreenGl;
using loopscope::app::test::Sample;

TEST_CASE("OpenGL draws what the drawing in memory shows, so that pictures can be trusted") {
  const auto gl = OffscreenGl::make(1280, 800);
  if (!gl) {
    WARN("skipped: " << gl.error());
    return;
  }
  for (const bool dark : {true, false}) {
    Sample sample;
    sample.settings.dark = dark;
    sample.progress.last_lesson = "03-journey";
    auto canvas = Canvas::make(1);
    REQUIRE(canvas);
    const Image drawn = gl->draw(**canvas, {.width = 1280, .height = 800, .dark = dark}, sample.drawing());
    const Image pictured = (*canvas)->picture();
    // They round differently at edges and in glyphs; whatever is missing or of another colour shows as more.
    CHECK(difference(drawn, pictured, 3) < 0.02);
    CHECK(difference(drawn, pictured, 48) < 0.002);
    const Item* go = (*canvas)->ui().registry().find("home/continue");
    REQUIRE(go != nullptr);
    CHECK(share_of(drawn, go->area, (dark ? dark_palette() : light_palette()).accent, 4) > 0.6);
  }
}
