#include "lessons/game/schedule.hpp"

#include <set>

#include "lessons/game/catalogue.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using game::Knowledge;

TEST_CASE("A rule that was answered wrongly comes again after two other questions", "[game]") {
  lessons::GameRecord record;
  const std::string missed = game::next_rule(record, "", 0);
  game::note_answer(record, missed, false);
  CHECK(game::knowledge_of(record, missed) == Knowledge::Shaky);
  std::string last = missed;
  int between = 0;
  for (; between < 20; ++between) {
    const std::string rule = game::next_rule(record, last, 3);
    CHECK(rule != last);
    if (rule == missed) break;
    game::note_answer(record, rule, true);
    last = rule;
  }
  CHECK(between == 2);
}

TEST_CASE("A rule that is right twice is known, waits longer each time, and one mistake makes it shaky",
          "[game]") {
  lessons::GameRecord record;
  game::note_answer(record, "bind.free", true);
  CHECK(game::knowledge_of(record, "bind.free") == Knowledge::Shaky);
  const auto first = record.rules["bind.free"].due - record.asked;
  game::note_answer(record, "bind.free", true);
  CHECK(game::knowledge_of(record, "bind.free") == Knowledge::Known);
  const auto second = record.rules["bind.free"].due - record.asked;
  CHECK(second > first);
  CHECK(game::level_of(record, "bind.free") > 0);
  game::note_answer(record, "bind.free", false);
  CHECK(game::knowledge_of(record, "bind.free") == Knowledge::Shaky);
  CHECK(record.rules["bind.free"].asked == 3);
  CHECK(record.rules["bind.free"].right == 2);
  CHECK(record.run == 0);
  CHECK(record.best_run == 2);
}

TEST_CASE("Who knows everything meets every rule, the plain ones first", "[game]") {
  lessons::GameRecord record;
  std::string last;
  int highest = 1, questions = 0;
  for (; questions < 400 && game::score_of(record).unasked > 0; ++questions) {
    const std::string rule = game::next_rule(record, last, static_cast<std::uint64_t>(questions) * 7);
    const auto* topic = game::find_topic(rule);
    REQUIRE(topic != nullptr);
    if (game::knowledge_of(record, rule) == Knowledge::New) {
      CHECK(topic->tier >= highest);
      highest = std::max(highest, topic->tier);
    }
    game::note_answer(record, rule, true);
    last = rule;
  }
  CHECK(game::score_of(record).unasked == 0);
  CHECK(questions < 200);
}

TEST_CASE("Who is wrong about everything is not buried in new rules", "[game]") {
  lessons::GameRecord record;
  std::string last;
  for (int i = 0; i < 60; ++i) {
    const std::string rule = game::next_rule(record, last, static_cast<std::uint64_t>(i));
    game::note_answer(record, rule, false);
    last = rule;
  }
  CHECK(game::score_of(record).shaky <= 6);
}

TEST_CASE("A record with rules that the game no longer asks, or with a strange box, does no harm", "[game]") {
  lessons::GameRecord record;
  record.asked = 9;
  record.rules["no.such-rule"] = {.box = 2, .asked = 4, .right = 1, .last_right = false, .due = 0};
  record.rules["bind.free"] = {.box = 77, .asked = 4, .right = 1, .last_right = false, .due = 0};
  CHECK(game::next_rule(record, "", 1) == "bind.free");
  CHECK(game::level_of(record, "bind.free") == 3);
  game::note_answer(record, "bind.free", true);
  CHECK(record.rules["bind.free"].box == game::last_box);
}
