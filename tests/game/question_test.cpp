#include "lessons/game/question.hpp"

#include <iostream>
#include <set>

#include "lessons/game/catalogue.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

TEST_CASE("Each rule of the game is reached from every seed, at every level", "[game]") {
  for (const auto& topic : game::topics()) {
    INFO(topic.rule);
    std::set<std::string> worlds;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      const auto question = game::make_question(topic.rule, seed, static_cast<int>(seed % 4));
      INFO("seed " << seed);
      REQUIRE(question);
      CHECK(question->rule == topic.rule);
      worlds.insert(print(question->experiment));
    }
    CHECK(worlds.size() >= 10);  // drawn anew
  }
}

TEST_CASE("The same seed gives the same question", "[game]") {
  for (const auto& topic : game::topics()) {
    const auto one = game::make_question(topic.rule, 77, 2);
    const auto other = game::make_question(topic.rule, 77, 2);
    REQUIRE(one);
    REQUIRE(other);
    CHECK(one->experiment == other->experiment);
  }
}

TEST_CASE("Each wrong answer has a text that says why it is not what happens", "[game]") {
  for (const auto& topic : game::topics()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const auto question = game::make_question(topic.rule, seed, 1);
      REQUIRE(question);
      INFO(topic.rule << " " << question->call);
      CHECK(question->answers.size() >= 4);
      CHECK(question->answers.size() <= 6);
      CHECK(question->answers.front().name == "ok");
      CHECK_FALSE(question->why.empty());
      CHECK_FALSE(question->source.empty());
      std::set<std::string> texts;
      bool tempting = false;
      for (std::size_t i = 0; i < question->answers.size(); ++i) {
        const auto& answer = question->answers[i];
        INFO(answer.name);
        CHECK(answer.feedback.empty() == (i == question->predicted));
        CHECK(texts.insert(answer.feedback).second);  // one of its own for each
        tempting = tempting || (answer.name == topic.tempting && i != question->predicted);
      }
      CHECK(tempting);  // the likeliest mistake can be made
    }
  }
}

TEST_CASE("The call's own socket and who decides are marked in the world", "[game]") {
  const auto question = game::make_question("bind.listener", 5, 2);
  REQUIRE(question);
  bool own = false, decides = false;
  for (const auto& holder : question->world) {
    own = own || (holder.of_the_call && holder.process == "rival");
    if (!holder.decides) continue;
    decides = true;
    CHECK(holder.process == "server");
    CHECK(holder.state == "LISTEN");
  }
  CHECK(own);
  CHECK(decides);
  CHECK(question->world.size() >= 3);  // bystanders at this level
}

TEST_CASE("The test has twelve rules of the game, no two alike", "[game]") {
  std::set<std::string_view> rules;
  for (const auto rule : game::test_rules()) {
    CHECK(game::find_topic(rule) != nullptr);
    rules.insert(rule);
  }
  CHECK(rules.size() == 12);
}
