#include <array>
#include <cmath>
#include <set>

#include "app/views/lesson_screen.hpp"
#include "app/views/speed.hpp"
#include "tests/app/screens/sample.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using loopscope::app::test::Sample;
using loopscope::app::test::UiDriver;

TEST_CASE("the theme, the scale and the motion are set in the settings") {
  Sample sample;
  UiDriver ui(sample.drawing());
  ui.click("top/settings");
  REQUIRE(sample.snapshot.settings_open);
  ui.frames(2);
  ui.keep_picture("settings-dark");
  ui.click("settings/theme/Light");
  CHECK_FALSE(sample.settings.dark);
  ui.click("settings/larger");
  CHECK(std::abs(sample.settings.scale - 1.1F) < 0.001F);
  ui.click("settings/motion");
  CHECK(sample.settings.reduced_motion);
  ui.click("settings/projector");
  CHECK(sample.settings.projector);
  ui.click("settings/close");
  CHECK_FALSE(sample.snapshot.settings_open);
}

TEST_CASE("while the settings are open, nothing below them reacts, and Escape closes them") {
  Sample sample;
  sample.snapshot.settings_open = true;
  UiDriver ui(sample.drawing());
  CHECK_THROWS_WITH(ui.click("home/continue"), "'home/continue' is disabled");
  std::set<std::string> reached;
  for (int i = 0; i < 40; ++i) {
    ui.key(Key::Tab);
    for (const Item& item : ui.registry().items())
      if (item.focused) reached.insert(item.id);
  }
  for (const auto& id : reached) CHECK(id.starts_with("settings/"));
  CHECK(reached.size() >= 8);
  ui.key(Key::Escape);
  if (sample.snapshot.settings_open) ui.key(Key::Escape);
  CHECK_FALSE(sample.snapshot.settings_open);
}

TEST_CASE("a notice stays in sight until it is put away, by mouse or keyboard") {
  Sample sample;
  std::vector<std::string> notices{
      "Your settings are damaged at line 2 of settings.toml, so the usual ones "
      "are used. The old file is kept as settings.toml.damaged.",
      "Your settings cannot be kept."};
  sample.snapshot.notices = &notices;
  UiDriver ui(sample.drawing());
  ui.frames(300);
  ui.keep_picture("notices");
  CHECK(ui.item("notice/0").label == notices[0]);
  CHECK(ui.item("notice/1").area.y0 >= ui.item("notice/0").area.y1);
  ui.click("notice/1/close");
  REQUIRE(sample.last<action::DismissNotice>() != nullptr);
  CHECK(sample.last<action::DismissNotice>()->index == 1);
}

TEST_CASE("a click beside the settings closes them") {
  Sample sample;
  sample.snapshot.settings_open = true;
  UiDriver ui(sample.drawing());
  ui.drag({30, 400}, {30, 400});
  CHECK_FALSE(sample.snapshot.settings_open);
}

TEST_CASE("Ctrl with plus, minus and nought changes the scale from anywhere") {
  Sample sample;
  UiDriver ui(sample.drawing());
  ui.key(Key::Plus, with_ctrl);
  ui.key(Key::Equal, with_ctrl);
  CHECK(std::abs(sample.settings.scale - 1.2F) < 0.001F);
  ui.key(Key::Minus, with_ctrl);
  CHECK(std::abs(sample.settings.scale - 1.1F) < 0.001F);
  ui.key(Key::Zero, with_ctrl);
  CHECK(sample.settings.scale == 1);
  for (int i = 0; i < 30; ++i) ui.key(Key::Plus, with_ctrl);
  CHECK(sample.settings.scale == 2.5F);
}

TEST_CASE("the mark and Escape lead from a lesson to the home screen") {
  Sample sample;
  sample.open("03-journey");
  UiDriver ui(sample.drawing());
  CHECK(ui.item("top/where").label.find("The journey of a request") != std::string::npos);
  ui.click("top/home");
  CHECK(sample.snapshot.screen == Screen::Home);
  sample.open("03-journey");
  ui.frames(2);
  ui.key(Key::Escape);
  CHECK(sample.snapshot.screen == Screen::Home);
}

TEST_CASE("a clicker steps: arrows and page keys go on and back") {
  Sample sample;
  sample.open("03-journey");
  UiDriver ui(sample.drawing());
  ui.key(Key::PageDown);
  CHECK(sample.last<action::StepForward>() != nullptr);
  ui.key(Key::PageUp);
  CHECK(sample.last<action::StepBack>() != nullptr);
  ui.key(Key::Right);
  CHECK(sample.last<action::StepForward>() != nullptr);
  ui.key(Key::Space);
  CHECK(sample.last<action::PlayPause>() != nullptr);
}

TEST_CASE("the lab's end is said in the bar, in the colour of errors") {
  Sample sample;
  sample.open("03-journey");
  sample.snapshot.refusal = "unprivileged user namespaces are switched off";
  UiDriver ui(sample.drawing());
  const Item& status = ui.item("top/lab");
  CHECK(status.label == "No lab on this machine");
  CHECK(share_of(ui.picture(), Rect::at(status.area.x0, status.area.y0, 10, status.area.height()),
                 dark_palette().of(Tone::Bad), 30) > 0.05);
}

TEST_CASE("where experiments run is chosen in the bar, by mouse and by keyboard") {
  Sample sample;
  sample.open("03-journey");
  sample.snapshot.refusal = "unprivileged user namespaces are switched off";
  UiDriver ui(sample.drawing());
  ui.click("top/lab");
  ui.frames(2);
  ui.keep_picture("place-menu");
  CHECK(ui.item("top/place/lab").area.y1 <= ui.item("top/place/here").area.y0);
  ui.key(Key::Escape);
  CHECK_THROWS(ui.item("top/place/here"));
  CHECK(sample.last<action::SetOnThisMachine>() == nullptr);
  ui.click("top/lab");
  ui.click("top/place/here");
  REQUIRE(sample.last<action::SetOnThisMachine>() != nullptr);
  CHECK(sample.last<action::SetOnThisMachine>()->on);
  CHECK_THROWS(ui.item("top/place/here"));
}

TEST_CASE(
    "the parts of the lesson screen do not overlap and keep within the window, at any size and setting") {
  for (const float width : {900.0F, 1280.0F, 1366.0F, 1600.0F, 1920.0F, 2560.0F})
    for (const float height : {560.0F, 752.0F, 1032.0F, 1392.0F})
      for (const float chosen : {0.0F, 100.0F, 352.0F, 2000.0F}) {
        Settings settings;
        settings.lesson_width = settings.inspector_width = settings.sequence_height = chosen;
        const Rect area = Rect::at(0, 48, width, height);
        const LessonLayout at = lay_out_lesson_screen(area, settings);
        INFO(width << " x " << height << ", chosen " << chosen);
        const std::array<Rect, 6> parts{at.lesson, at.strip,    at.transport,
                                        at.stage,  at.sequence, at.inspector};
        for (std::size_t i = 0; i < parts.size(); ++i) {
          if (!parts[i].empty()) CHECK(area.contains(parts[i]));
          for (std::size_t j = i + 1; j < parts.size(); ++j) CHECK(parts[i].intersected(parts[j]).empty());
        }
        CHECK(at.stage.width() >= 500);
        CHECK(at.stage.height() >= 200);
        CHECK(at.rail == (width < 1366));
      }
}

TEST_CASE("panels are resized with the mouse and the sizes are kept") {
  Sample sample;
  sample.open("03-journey");
  UiDriver ui(sample.drawing(), 1600, 1000);
  const Rect gap = ui.item("splitter/lesson").area;
  ui.drag(gap.centre(), gap.centre() + Point{60, 0});
  CHECK(std::abs(sample.settings.lesson_width - 412) < 2);
  const Rect low = ui.item("splitter/sequence").area;
  const float before = sample.settings.sequence_height;
  ui.drag(low.centre(), low.centre() + Point{0, -40});
  CHECK(std::abs(sample.settings.sequence_height - before - 40) < 2);
}

TEST_CASE("where the window is narrow the inspector opens over the stage") {
  Sample sample;
  sample.open("03-journey");
  UiDriver ui(sample.drawing(), 1280, 800);
  ui.click("rail/calls");
  CHECK(sample.settings.inspector_tab == 2);
  ui.keep_picture("lesson-narrow");
  ui.key(Key::Escape);
  if (sample.snapshot.screen == Screen::Lesson) ui.key(Key::Escape);
}

TEST_CASE("the speed slider is even in factors and gives round numbers") {
  CHECK(speed_to_slider(slowest) == 0);
  CHECK(speed_to_slider(fastest) == 1);
  CHECK(std::abs(speed_to_slider(10'000) - 0.5F) < 0.001F);
  CHECK(slider_to_speed(speed_to_slider(20'000)) == 20'000);
  CHECK(speed_words(20'000) == "20,000\xc3\x97 slower");
  CHECK(speed_words(100) == "100\xc3\x97 slower");
  CHECK(speed_words(1'000'000) == "1,000,000\xc3\x97 slower");
}
