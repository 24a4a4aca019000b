#include <nlohmann/json.hpp>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;
using loopscope::tests::ContainsText;
using nlohmann::json;

namespace {

const std::string refused = "p: s = socket(AF_INET, SOCK_STREAM)\np: connect(s, 127.0.0.1:9) = ok\n";
const std::string taken =
    "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:4000)\nserver: listen(s, 1)\n"
    "rival: r = socket(AF_INET, SOCK_STREAM)\nrival: bind(r, 127.0.0.1:4000) = EADDRINUSE\n";

}  // namespace

TEST_CASE("predict --json has the model's answer, its rule and the reason, and no kernel's", "[cli]") {
  const Ran ran = run_program({"predict", "--json", "-"}, example);
  INFO(ran.err);
  CHECK(ran.status == 0);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 17);
  const json& bind = lines[5];
  CHECK(bind["model"] == "EADDRINUSE");
  CHECK(bind["kernel"].is_null());
  CHECK(bind["stated"] == "EADDRINUSE");
  CHECK(bind["rule"] == "bind.listener");
  CHECK_THAT(bind["because"].get<std::string>(), ContainsText("Process `server`, socket `s`, listens on"));
  CHECK(lines[15]["model"] == "holds");
  CHECK(
      lines[16] ==
      json::parse(R"({"summary": {"files": 1, "steps": 16, "agree": 16, "differ": 0, "not_modelled": 0}})"));
}

TEST_CASE("check --json has the model's and the kernel's answers side by side", "[cli]") {
  const Ran ran = run_program({"check", "--json", "-"}, example);
  INFO(ran.err);
  CHECK(ran.status == 0);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 17);
  for (std::size_t index = 0; index < 16; ++index) {
    INFO(lines[index].dump());
    CHECK(lines[index]["model"] == lines[index]["kernel"]);
    CHECK(lines[index]["agree"] == true);
    CHECK(lines[index]["rule"].is_string());
  }
}

TEST_CASE("predict and check end with 1 where the file states another result, and say all answers", "[cli]") {
  const Ran predicted = run_program({"predict", "-"}, refused);
  CHECK(predicted.status == 1);
  CHECK_THAT(predicted.out, ContainsText("✗ model ECONNREFUSED, stated ok"));
  const Ran checked = run_program({"check", "-"}, refused);
  CHECK(checked.status == 1);
  CHECK_THAT(checked.out, ContainsText("✗ model ECONNREFUSED, kernel ECONNREFUSED, stated ok"));
  CHECK_THAT(checked.out, ContainsText("2 steps: 1 differ"));
}

TEST_CASE("predict tells beside a failed call what would have worked, and what that costs", "[cli]") {
  const Ran ran = run_program({"predict", "-"}, taken);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out,
             ContainsText("[bind.listener]\n      What would have worked: Take another port: 4001 (note:"));
  CHECK_THAT(ran.out, ContainsText("\n      or: Take any free port"));
}

TEST_CASE("A program's start is a step: it comes off or not, and the model knows nothing of it", "[cli]") {
  const std::string started = "p: start sleep 60\nexpect no LISTEN *:1\n";
  const auto predicted = lines_of(run_program({"predict", "--json", "-"}, started).out);
  REQUIRE(predicted.size() == 3);
  CHECK(predicted[0]["call"] == "start sleep 60");
  CHECK(predicted[0]["model"] == "not modelled");
  CHECK(predicted[1]["stated"] == "holds");
  const Ran ran = run_program({"run", "--json", "--allow-programs", "-"}, started);
  INFO(ran.err);
  CHECK(ran.status == 0);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["kernel"] == "ok");
  const Ran none = run_program({"run", "--json", "--allow-programs", "-"}, "p: start no-such-program\n");
  CHECK(none.status == 1);
  CHECK(lines_of(none.out).at(0)["agree"] == false);
}
