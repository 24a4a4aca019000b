#include "lessons/game/results.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

lessons::TestTaken taken(std::int64_t at, bool first_right, bool second_right) {
  return {at,
          2,
          {{"bind.listener", "bind(r, 127.0.0.1:62893)", first_right ? "EADDRINUSE" : "ok", "EADDRINUSE",
            true, first_right, 1.25},
           {"connect.done", "connect(c, 127.0.0.1:62893)", second_right ? "ok" : "", "ok", false,
            second_right, 12}}};
}

}  // namespace

TEST_CASE("The results as CSV have one line an answer, with quoted calls", "[game]") {
  const std::string csv = game::to_csv({taken(1'700'000'000, false, true)});
  CHECK(csv ==
        "test,taken_at,lessons_done,question,rule,call,answer,right_answer,answered_by,correct,seconds\r\n"
        "1,2023-11-14T22:13:20Z,2,1,bind.listener,\"bind(r, 127.0.0.1:62893)\",ok,EADDRINUSE,kernel,0,1.2\r\n"
        "1,2023-11-14T22:13:20Z,2,2,connect.done,\"connect(c, 127.0.0.1:62893)\",ok,ok,model,1,12.0\r\n");
}

TEST_CASE("What was gained is told by rule, the first test against the last", "[game]") {
  CHECK(game::gains_of({taken(1, false, true)}).empty());
  const auto gains = game::gains_of({taken(1, false, true), taken(2, false, false), taken(3, true, true)});
  REQUIRE(gains.size() == 2);
  CHECK(gains[0].rule == "bind.listener");
  CHECK_FALSE(gains[0].before);
  CHECK(gains[0].after);
  CHECK_FALSE(gains[0].sentence.empty());
  CHECK(gains[1].before);
  CHECK(gains[1].after);
  CHECK(game::right_of(taken(1, false, true)) == 1);
}
