#include <algorithm>

#include "lessons/engine/goal.hpp"
#include "tests/lessons/content.hpp"
#include "tests/lessons/intended_ways.hpp"
#include "tests/lessons/kernel.hpp"
#include "tests/lessons/player.hpp"
#include "tests/lessons/programs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
using loopscope::tests::Player;

namespace {

/// Pages that need a program which is not installed are passed over, and it says so.
template <typename What>
void for_each_goal(What what) {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& page : lesson.pages) {
      if (!page.goal) continue;
      if (const auto missing = tests::missing_program(lesson, page); !missing.empty())
        WARN(lesson.id << ", " << page.title << ": skipped, since " << missing << " is not installed");
      else
        what(lesson, page);
    }
}

}  // namespace

TEST_CASE("Every goal starts unmet, and stepping through everything does not meet it", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page) {
    CAPTURE(lesson.id, page.title);
    CHECK_FALSE(look_at(*page.goal, trace::Timeline{}).met);
    Player player(tests::launcher(), lesson, page);
    player.step_to_the_end();
    INFO(player.story());
    CHECK_FALSE(player.missing().empty());
  });
}

TEST_CASE("The intended way meets every goal", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page) {
    CAPTURE(lesson.id, page.title);
    const auto& ways = tests::intended_ways();
    const auto way = std::find_if(ways.begin(), ways.end(), [&](const tests::Way& one) {
      return one.lesson == lesson.id && one.page == page.title;
    });
    REQUIRE(way != ways.end());
    Player player(tests::launcher(), lesson, page);
    player.step_to_the_end();
    for (const auto& act : way->acts) {
      INFO(player.story());
      CHECK_FALSE(player.missing().empty());  // no act before the last one is enough
      player.press(act);
    }
    const bool reached = player.reaches_goal(Milliseconds(3000));
    std::string missing;
    for (const auto& one : player.missing()) missing += one + '\n';
    INFO(missing << player.story());
    CHECK(reached);
  });
}

TEST_CASE("The intended way of a lesson whose numbers are drawn meets its goals with others as well",
          "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page) {
    CAPTURE(lesson.id, page.title);
    const auto drawn = load_lesson(tests::library().folder + "/" + lesson.id, 3);
    REQUIRE(drawn);
    const Page& other = drawn->pages[static_cast<std::size_t>(&page - lesson.pages.data())];
    if (std::equal(page.acts.begin(), page.acts.end(), other.acts.begin(),
                   [](const Act& one, const Act& two) { return one.lines == two.lines; }))
      return;  // none of its numbers is drawn
    const auto& ways = tests::intended_ways();
    const auto way = std::find_if(ways.begin(), ways.end(), [&](const tests::Way& one) {
      return one.lesson == lesson.id && one.page == page.title;
    });
    REQUIRE(way != ways.end());
    Player player(tests::launcher(), *drawn, other);
    player.step_to_the_end();
    for (const auto& act : way->acts) {
      const auto at =
          std::find_if(page.acts.begin(), page.acts.end(), [&](const Act& one) { return one.label == act; });
      REQUIRE(at != page.acts.end());
      player.press(other.acts[static_cast<std::size_t>(at - page.acts.begin())].label);
    }
    INFO(player.story());
    CHECK(player.reaches_goal(Milliseconds(3000)));
  });
}

TEST_CASE("Pressing all acts of a check from the top down does not meet it", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page) {
    if (page.stage != Stage::Check) return;
    CAPTURE(lesson.id, page.title);
    Player player(tests::launcher(), lesson, page);
    player.step_to_the_end();
    for (const auto& act : page.acts)
      for (const auto& line : act.lines) player.press_line(line);
    INFO(player.story());
    CHECK_FALSE(player.reaches_goal(Milliseconds(500)));
  });
}

TEST_CASE("Who stops everybody and tries again has not found who has the port", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page) {
    if (lesson.id != "06-port-conflicts" || page.title == "Move it") return;
    CAPTURE(page.title);
    Player player(tests::launcher(), lesson, page);
    player.step_to_the_end();
    for (int round = 0; round < 2; ++round)
      for (const auto& act : page.acts)
        for (const auto& line : act.lines) player.press_line(line);
    INFO(player.story());
    CHECK_FALSE(player.reaches_goal(Milliseconds(500)));
  });
}

TEST_CASE("What lessons ask works for an ordinary user as well", "[lessons][kernel]") {
  // What does not hang on who runs it is left out: the ways astray, and what does not meet a goal.
  const auto again =
      test::run_again_as_ordinary_user("The intended way meets every goal", LOOPSCOPE_LESSONS_UNDER_TEST);
  if (!again.tried) return;
  INFO(again.output);
  CHECK(again.exit_status == 0);
}
