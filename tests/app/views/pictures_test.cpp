#include <cstdlib>
#include <map>

#include "app/views/lesson_screen.hpp"
#include "tests/app/views/sample_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {

/// Share of an area that is not of the colour in its middle's most frequent one: a panel with nothing in it
/// is all ground.
double drawn_share(const Image& image, const Rect& area) {
  std::map<Colour, int> counts;
  int all = 0;
  for (int y = static_cast<int>(area.y0); y < static_cast<int>(area.y1); y += 2)
    for (int x = static_cast<int>(area.x0); x < static_cast<int>(area.x1); x += 2, ++all)
      ++counts[image.at(x, y)];
  int most = 0;
  for (const auto& [colour, count] : counts) most = std::max(most, count);
  return all == 0 ? 0 : 1 - static_cast<double>(most) / all;
}

/// Every panel has something in it, and nothing of it is the same in another theme.
void look_at_panels(const Image& image, int width, int height, const Settings& settings) {
  REQUIRE(image.width == width);
  REQUIRE(image.height == height);
  const LessonLayout at =
      lay_out_lesson_screen({0, 48, static_cast<float>(width), static_cast<float>(height)}, settings);
  for (const Rect& panel : {at.lesson, at.strip, at.transport, at.stage, at.sequence, at.inspector}) {
    CAPTURE(panel.x0, panel.y0, panel.x1, panel.y1);
    CHECK(drawn_share(image, panel.inset(2)) > 0.02);
  }
}

/// The lesson screen with one sample, at the sizes and in the themes that matter.
void picture(const std::string& name, SampleRun& run) {
  const bool kept = std::getenv("LOOPSCOPE_TEST_PICTURES") != nullptr;
  Image before;
  for (const bool dark : {true, false}) {
    for (const int width : kept ? std::vector{1280, 1920} : std::vector{1280}) {
      Actions actions;
      UiDriver driver(
          [&](Ui& ui, Rect area) {
            draw_lesson_screen(ui, {area.x0, area.y0 + 48, area.x1, area.y1}, run.now(), actions);
          },
          width, width == 1280 ? 800 : 1080, dark);
      if (width == 1280) driver.click("rail/open");
      driver.frames(5);
      const Image image = driver.picture();
      look_at_panels(image, width, width == 1280 ? 800 : 1080, run.settings);
      if (before.width == width) CHECK(difference(before, image, 24) > 0.5);  // the other theme's
      before = image;
      driver.keep_picture(name + (dark ? "-dark-" : "-light-") + std::to_string(width));
    }
  }
}
}  // namespace

TEST_CASE("no panel of the lesson screen is empty, in neither theme") {
  SECTION("a SYN held") {
    SampleRun run;
    run.syn_held();
    picture("syn-held", run);
    run.settings.inspector_tab = 1;
    picture("syn-held-packets", run);
  }
  SECTION("before accept") {
    SampleRun run;
    run.before_accept();
    run.settings.inspector_tab = 2;
    picture("before-accept-calls", run);
    run.settings.inspector_tab = 0;
    run.ask("send");
    run.predicted(experiment::Result{experiment::Blocks{}},
                  experiment::Result{experiment::OptionValue{std::int64_t{18}}});
    picture("outcome", run);
  }
  SECTION("a question") {
    SampleRun run;
    run.listening();
    run.ask("connect");
    run.settings.inspector_tab = 3;
    picture("question", run);
  }
  SECTION("commands") {
    SampleRun run("06-port-conflicts");
    run.refused();
    run.settings.inspector_tab = 4;
    run.now().page = static_cast<int>(run.lesson.pages.size()) - 1;
    picture("commands", run);
  }
}
