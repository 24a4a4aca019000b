#include "app/views/lesson_screen.hpp"
#include "tests/app/views/sample_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {
/// The lesson screen with one sample, at the sizes and in the themes that matter.
void picture(const std::string& name, SampleRun& run) {
  for (const bool dark : {true, false}) {
    for (const int width : {1280, 1920}) {
      Actions actions;
      UiDriver driver(
          [&](Ui& ui, Rect area) {
            draw_lesson_screen(ui, {area.x0, area.y0 + 48, area.x1, area.y1}, run.now(), actions);
          },
          width, width == 1280 ? 800 : 1080, dark);
      if (width == 1280) driver.click("rail/open");
      driver.frames(5);
      driver.keep_picture(name + (dark ? "-dark-" : "-light-") + std::to_string(width));
    }
  }
}
}  // namespace

TEST_CASE("pictures of the lesson's panels", "[.pictures]") {
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
