#include "lessons/check/player.hpp"
#include "lessons/check/programs.hpp"
#include "lessons/check/runs.hpp"
#include "tests/lessons/content.hpp"
#include "tests/lessons/kernel.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

/// What `loopscope lessons check` would say of each page with a goal. Pages that need a program which is not
/// installed are passed over, and it says so.
template <typename What>
void for_each_goal(What what) {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& page : lesson.pages) {
      if (!page.goal) continue;
      if (const auto missing = check::missing_program(lesson, page); !missing.empty()) {
        WARN(lesson.id << ", " << page.title << ": skipped, since " << missing << " is not installed");
        continue;
      }
      Problems problems(lesson.folder + "/lesson.md");
      what(lesson, page, problems);
      CHECK(tests::told(problems) == "");
    }
}

}  // namespace

TEST_CASE("Every goal starts unmet, and stepping through everything does not meet it", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page, Problems& problems) {
    check::check_starts_unmet(tests::launcher(), lesson, page, problems);
  });
}

TEST_CASE("The intended way meets every goal", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page, Problems& problems) {
    check::check_way(tests::launcher(), lesson, page, problems);
  });
}

TEST_CASE("The intended way of a lesson whose numbers are drawn meets its goals with others as well",
          "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page, Problems& problems) {
    const auto drawn = load_lesson(lesson.folder, 3);
    REQUIRE(drawn);
    const Page& other = drawn->pages[static_cast<std::size_t>(&page - lesson.pages.data())];
    if (check::draws_differently(page, other)) check::check_way(tests::launcher(), *drawn, other, problems);
  });
}

TEST_CASE("Pressing all acts of a check from the top down does not meet it", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page, Problems& problems) {
    if (page.stage == Stage::Check) check::check_not_by_pressing(tests::launcher(), lesson, page, problems);
  });
}

TEST_CASE("Who stops everybody and tries again has not found who has the port", "[lessons][kernel]") {
  for_each_goal([](const Lesson& lesson, const Page& page, Problems&) {
    if (lesson.id != "06-port-conflicts" || page.title == "Move it") return;
    CAPTURE(page.title);
    check::Player player(tests::launcher(), lesson, page);
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
