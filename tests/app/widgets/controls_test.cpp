#include "app/widgets/controls.hpp"

#include <array>
#include <cmath>
#include <set>

#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"
#include "app/widgets/scroll_area.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope::app;
using loopscope::app::test::UiDriver;

namespace {

/// A screen with one of each control.
struct Samples {
  int pressed = 0, other = 0, segment = 0, tab = 0;
  float amount = 0.5F, width = 300;
  bool on = false, covered = false, dialog = false;
  std::string chosen;

  void draw(Ui& ui, Rect area) {
    const Ui::Inert below(ui, dialog);
    if (button(ui, Rect::at(20, 20, 120, 36),
               {.id = "go", .label = "Go on", .icon = icon::Play, .look = Look::Primary}))
      ++pressed;
    button(ui, Rect::at(160, 20, 120, 36), {.id = "off", .label = "Not now", .enabled = false});
    const std::array<Segment, 3> segments{{{"chapter"}, {"call"}, {"packet", false}}};
    if (auto to = segmented(ui, Rect::at(20, 80, 300, 36), "by", segments, segment)) segment = *to;
    if (auto to = tabs(ui, Rect::at(20, 130, 300, 40), "tabs", {"Sockets", "Packets"}, tab)) tab = *to;
    slider(ui, Rect::at(20, 190, 200, 28), "speed", "Speed", amount);
    if (toggle(ui, Rect::at(20, 230, 200, 32), "motion", "Less motion", on)) on = !on;
    if (choice(ui, Rect::at(20, 280, 260, 40), {.id = "answer/1", .label = "LISTEN"})) chosen = "LISTEN";
    splitter(ui, {width, 400, width + 12, 600}, "split", "Width", true, width, 200, 500, 1);
    {
      ScrollArea scroll(ui, "list", Rect::at(400, 20, 200, 200));
      const Rect content = scroll.content();
      for (int i = 0; i < 20; ++i) {
        const std::string id = "row/" + std::to_string(i);
        if (button(ui, Rect::at(content.x0, content.y0 + static_cast<float>(i) * 40, 150, 32),
                   {.id = id, .label = id}))
          other = i;
      }
      scroll.end_at(content.y0 + 800);
    }
    if (covered) {
      const Overlay overlay(ui, "cover", Rect::at(10, 10, 140, 60));
      ui.paint().fill(Rect::at(10, 10, 140, 60), ui.palette().card);
    }
    (void)area;
  }
  [[nodiscard]] UiDriver::Draw drawing() {
    return [this](Ui& ui, Rect area) { draw(ui, area); };
  }
};

}  // namespace

TEST_CASE("a button is pressed by a click on it") {
  Samples samples;
  UiDriver ui(samples.drawing());
  ui.click("go");
  CHECK(samples.pressed == 1);
  CHECK(ui.item("go").label == "Go on");
}

TEST_CASE("the driver refuses what a person could not do") {
  Samples samples;
  UiDriver ui(samples.drawing());
  CHECK_THROWS_WITH(
      ui.click("nothing"),
      "nothing on the screen is called 'nothing'. There are: go off by/chapter by/call by/packet "
      "tabs/Sockets tabs/Packets speed motion answer/1 split row/0 row/1 row/2 row/3 row/4 row/5 "
      "row/6 row/7 row/8 row/9 row/10 row/11 row/12 row/13 row/14 row/15 row/16 row/17 row/18 "
      "row/19 list");
  CHECK_THROWS_WITH(ui.click("off"), "'off' is disabled");
  samples.covered = true;
  ui.frames(2);
  CHECK_THROWS_WITH(ui.click("go"), "'go' is covered by something else");
  CHECK(samples.pressed == 0);
}

TEST_CASE("what is scrolled out of sight is scrolled into it when the keyboard goes there") {
  Samples samples;
  UiDriver ui(samples.drawing());
  CHECK(ui.item("row/15").cut_off());
  ui.click("row/15");
  CHECK(samples.other == 15);
  CHECK(ui.item("row/0").cut_off());
}

TEST_CASE("Tab reaches every control that is enabled, and Shift+Tab goes back") {
  Samples samples;
  UiDriver ui(samples.drawing());
  std::set<std::string> reached;
  for (int i = 0; i < 60; ++i) {
    ui.key(Key::Tab);
    for (const Item& item : ui.registry().items())
      if (item.focused) reached.insert(item.id);
  }
  for (const Item& item : ui.registry().items())
    if (item.kind != Kind::Mark && item.enabled) {
      INFO(item.id);
      CHECK(reached.contains(item.id));
    }
  CHECK_FALSE(reached.contains("off"));
  ui.tab_to("go");
  ui.key(Key::Tab);
  CHECK(ui.item("by/chapter").focused);
  ui.key(Key::Tab, with_shift);
  CHECK(ui.item("go").focused);
}

TEST_CASE("Enter and Space press what has the focus") {
  Samples samples;
  UiDriver ui(samples.drawing());
  ui.tab_to("go");
  ui.key(Key::Enter);
  ui.key(Key::Space);
  CHECK(samples.pressed == 2);
}

TEST_CASE("arrows change a choice of several, and leave out what is disabled") {
  Samples samples;
  UiDriver ui(samples.drawing());
  ui.tab_to("by/chapter");
  ui.key(Key::Right);
  CHECK(samples.segment == 1);
  ui.key(Key::Right);
  CHECK(samples.segment == 1);
  CHECK(ui.item("by/call").focused);
}

TEST_CASE("a slider follows the mouse and the arrow keys") {
  Samples samples;
  UiDriver ui(samples.drawing());
  ui.drag({120, 204}, {500, 204});
  CHECK(samples.amount == 1);
  ui.tab_to("speed");
  ui.key(Key::Left);
  CHECK(std::abs(samples.amount - 0.95F) < 0.001F);
  ui.key(Key::Home);
  CHECK(samples.amount == 0);
}

TEST_CASE("a splitter is dragged within its limits") {
  Samples samples;
  UiDriver ui(samples.drawing());
  ui.drag({306, 500}, {400, 500});
  CHECK(std::abs(samples.width - 394) < 1);
  ui.drag({400, 500}, {900, 500});
  CHECK(samples.width == 500);
}

TEST_CASE("what lies under a dialog does not react, to the mouse or to the keyboard") {
  Samples samples;
  samples.dialog = true;
  UiDriver ui(samples.drawing());
  CHECK_THROWS_WITH(ui.click("go"), "'go' is disabled");
  ui.key(Key::Tab);
  ui.key(Key::Enter);
  CHECK(samples.pressed == 0);
}

TEST_CASE("a focused control shows a ring in the accent colour, a mouse click does not") {
  Samples samples;
  UiDriver ui(samples.drawing());
  const Rect around = ui.item("answer/1").area.inset(-5);
  ui.click("answer/1");
  ui.move(Point{700, 700});
  const double without = share_of(ui.picture(), around, dark_palette().accent, 24);
  ui.tab_to("answer/1");
  const double with = share_of(ui.picture(), around, dark_palette().accent, 24);
  CHECK(samples.chosen == "LISTEN");
  CHECK(with > without + 0.03);
}

TEST_CASE("the same steps give the same pixels") {
  const auto run = [] {
    Samples samples;
    UiDriver ui(samples.drawing());
    ui.click("motion");
    ui.frames(20);
    return ui.picture();
  };
  CHECK(difference(run(), run(), 0) == 0);
}

TEST_CASE("everything grows with the scale, text as well") {
  Samples samples;
  UiDriver ui(samples.drawing(), 2560, 1600, false, 1);
  const Rect before = ui.item("go").area;
  ui.set_scale(2);
  const Rect after = ui.item("go").area;
  CHECK(std::abs(after.width() - 2 * before.width()) < 2);
  ui.keep_picture("controls-light-2x");
}
