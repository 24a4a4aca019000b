#include "lessons/engine/numbers.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope::lessons;

TEST_CASE("Numbers are drawn within their range, and those that follow from them follow", "[lessons]") {
  auto numbers = Numbers::parse(" 8080 is any of 1024–49151, 8081 is 8080 + 1");
  REQUIRE(numbers);
  CHECK(numbers->put_into("8080, 8081, 80801") == "8080, 8081, 80801");
  std::mt19937_64 random(7);
  for (int round = 0; round < 100; ++round) {
    numbers->draw(random);
    const int first = std::stoi(numbers->put_into("8080"));
    CHECK(first >= 1024);
    CHECK(first <= 49151);
    CHECK(numbers->put_into("127.0.0.1:8081") == "127.0.0.1:" + std::to_string(first + 1));
    CHECK(numbers->put_into("18080") == "18080");
  }
}

TEST_CASE("A rule for numbers that cannot be read says what would be right", "[lessons]") {
  for (const char* text : {" 8080", " 8080 is any of 9–1", " 8081 is 8080 + 1", " x is any of 1–2"}) {
    CAPTURE(text);
    CHECK_FALSE(Numbers::parse(text));
  }
  CHECK(Numbers::parse(" 8080").error().find("is any of") != std::string::npos);
}
