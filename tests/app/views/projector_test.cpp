#include <algorithm>

#include "app/shell/scale.hpp"
#include "app/views/screens.hpp"
#include "tests/app/views/sample_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

TEST_CASE(
    "on a projector of 1920 pixels no text is smaller than 30 pixels, and the controls can be reached") {
  SampleRun run;
  run.settings.projector = true;
  const float scale = pixels_a_point(run.settings, 1, {1920, 1080});
  run.listening();
  run.ask("connect");
  Actions actions;
  float smallest = 1000;
  UiDriver driver(
      [&](Ui& ui, Rect area) {
        smallest = 1000;
        for (int type = 0; type < static_cast<int>(Type::Icon); ++type) {
          smallest = std::min(smallest, ui.paint().fonts().face(static_cast<Type>(type)).pixels);
        }
        draw_screen(ui, area, run.now(), actions);
      },
      1920, 1080);
  driver.set_scale(scale, least_points(run.settings));
  CHECK(smallest >= 30);
  driver.keep_picture("projector-question");
  driver.click("question/1");
  driver.click("question/lock");
  CHECK(std::any_of(actions.begin(), actions.end(),
                    [](const Action& one) { return std::holds_alternative<action::Predict>(one); }));
  run.before_accept();
  run.now().live->phase = lab::Phase::Ready;
  driver.frames(3);
  driver.keep_picture("projector-lesson");
  driver.click("rail/open");
  driver.frames(3);
  driver.keep_picture("projector-inspector");
}
