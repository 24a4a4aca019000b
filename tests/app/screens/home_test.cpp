#include <tuple>

#include "tests/app/screens/sample.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using loopscope::app::test::Sample;
using loopscope::app::test::UiDriver;

TEST_CASE("a learner who is new is shown the first lesson, and it opens") {
  Sample sample;
  UiDriver ui(sample.drawing());
  CHECK(ui.item("home/continue").label == "Start");
  ui.click("home/continue");
  REQUIRE(sample.last<action::OpenLesson>() != nullptr);
  CHECK(sample.last<action::OpenLesson>()->id == "01-home");
}

TEST_CASE("a learner who has begun goes on where they were") {
  Sample sample;
  sample.progress.last_lesson = "05-nobody-home";
  sample.progress.lessons["05-nobody-home"].page = 3;
  UiDriver ui(sample.drawing());
  CHECK(ui.item("home/continue").label == "Continue");
  CHECK(ui.item("home/lesson/05-nobody-home").on);
  CHECK_FALSE(ui.item("home/lesson/01-home").on);
  ui.click("home/continue");
  CHECK(sample.last<action::OpenLesson>()->id == "05-nobody-home");
}

TEST_CASE("a lesson that is done is left for the next one, and its mark is green") {
  Sample sample;
  sample.progress.last_lesson = "01-home";
  sample.progress.lessons["01-home"] = {6, {}, {}, true};
  UiDriver ui(sample.drawing());
  const Rect card = ui.item("home/lesson/01-home").area;
  const Image picture = ui.picture();
  const Rect mark = Rect::at(card.x0 + 14, card.y0 + 12, 30, 30);
  CHECK(share_of(picture, mark, dark_palette().of(Tone::Good), 12) > 0.3);
  const Rect other = ui.item("home/lesson/03-journey").area;
  CHECK(share_of(picture, Rect::at(other.x0 + 14, other.y0 + 12, 30, 30), dark_palette().of(Tone::Good),
                 12) == 0);
  ui.click("home/continue");
  CHECK(sample.last<action::OpenLesson>()->id == "03-journey");
}

TEST_CASE("lessons that are not written yet are shown and cannot be opened") {
  Sample sample;
  UiDriver ui(sample.drawing(), 1600, 1000);
  CHECK(ui.item("home/planned/2").kind == Kind::Mark);
  ui.move(ui.item("home/planned/2").area.centre());
  const auto before = sample.done.size();
  ui.key(Key::Enter);
  CHECK(sample.done.size() == before);
}

TEST_CASE("where the kernel surprised the learner is listed, and each can be seen again") {
  Sample sample;
  CHECK_FALSE(UiDriver(sample.drawing()).has("home/surprise/0"));
  sample.progress.surprises = {
      {"05-nobody-home", "What does the client's connect return?", "ETIMEDOUT", "ECONNREFUSED"},
      {"06-conflicts", "What does the rival's bind return?", "ok", "EADDRINUSE"}};
  UiDriver ui(sample.drawing());
  ui.click("home/surprises");
  REQUIRE(sample.last<action::ReplaySurprise>() != nullptr);
  CHECK(sample.last<action::ReplaySurprise>()->index == 1);
  CHECK(ui.item("home/surprise/0").label == "What does the rival's bind return?");
  ui.click("home/surprise/1");
  REQUIRE(sample.last<action::ReplaySurprise>() != nullptr);
  CHECK(sample.last<action::ReplaySurprise>()->index == 0);
}

TEST_CASE("the game and the test stand among the lessons with their records, and open") {
  Sample sample;
  sample.progress.game.asked = 30;
  sample.progress.game.best_run = 14;
  for (const auto& [width, height] : {std::pair(1280, 800), std::pair(900, 600), std::pair(1920, 1080)}) {
    UiDriver ui(sample.drawing(), width, height);
    CHECK(ui.item("home/game/record").label.find("best run: 14") == 0);
    CHECK(ui.item("home/test/record").label == "not taken yet");
    ui.click("home/game");
    CHECK(sample.last<action::OpenGame>() != nullptr);
    ui.click("home/test");
    CHECK(sample.last<action::OpenTest>() != nullptr);
  }
}

TEST_CASE("this machine says what is missing, and how to allow it can be copied") {
  Sample sample;
  UiDriver ui(sample.drawing());
  CHECK_FALSE(ui.has("home/finding/other-user"));
  ui.click("home/details");
  CHECK(ui.has("home/finding/other-user"));
  CHECK_FALSE(ui.has("home/copy/lab"));
  ui.click("home/copy/other-user");
  REQUIRE(sample.last<action::CopyText>() != nullptr);
  CHECK(sample.last<action::CopyText>()->text == "sudo apt install uidmap");
}

TEST_CASE("a library without lessons says what is wrong with it") {
  Sample sample;
  sample.library.lessons.clear();
  sample.library.problems = {{"01-home/lesson.md", 3, "the lesson has no title"}};
  UiDriver ui(sample.drawing());
  CHECK_FALSE(ui.has("home/continue"));
}

TEST_CASE("every lesson can be opened from the keyboard alone") {
  Sample sample;
  UiDriver ui(sample.drawing());
  ui.tab_to("home/lesson/06-conflicts");
  CHECK_FALSE(ui.item("home/lesson/06-conflicts").cut_off());
  ui.key(Key::Enter);
  CHECK(sample.last<action::OpenLesson>()->id == "06-conflicts");
}

TEST_CASE("nothing on the home screen is cut off at the side, at any size") {
  for (const auto& [width, height, scale] : {std::tuple{1280, 800, 1.0F},
                                             {1920, 1080, 1.0F},
                                             {1280, 800, 1.5F},
                                             {1920, 1080, 2.0F},
                                             {1280, 800, 0.75F}}) {
    Sample sample;
    sample.progress.last_lesson = "03-journey";
    sample.progress.lessons["01-home"] = {6, {}, {}, true};
    sample.progress.lessons["03-journey"].page = 2;
    sample.progress.surprises = {
        {"05-nobody-home", "What does the client's connect return?", "ETIMEDOUT", "ECONNREFUSED"}};
    UiDriver ui(sample.drawing(), width, height, width == 1280, scale);
    ui.keep_picture("home-" + std::to_string(width) + "-" + std::to_string(static_cast<int>(scale * 100)));
    for (const Item& item : ui.registry().items()) {
      INFO(item.id << " at " << width << " x " << height << " scale " << scale);
      CHECK(item.area.x0 >= 0);
      CHECK(item.area.x1 <= static_cast<float>(width));
    }
  }
}
