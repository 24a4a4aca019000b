#include <algorithm>
#include <regex>

#include "tests/app/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;
using loopscope::tests::ContainsText;

namespace {

/// The program with a progress file of its own.
Ran play(const Folder& folder, const std::vector<std::string>& arguments, const std::string& input = "") {
  return run_program(arguments, input, "export XDG_STATE_HOME=" + folder.path("state") + ";");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("kernel asks, the kernel answers beside, and the record grows", "[cli]") {
  const Folder folder;
  const Ran ran = play(folder, {"kernel", "--questions", "3", "--seed", "4"}, "2\nok\n\n");
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("Question 3"));
  CHECK_THAT(ran.out, ContainsText("1) ok"));
  CHECK((ran.out.find("the kernel: ") != std::string::npos ||
         ran.err.find("the model answers") != std::string::npos));
  CHECK_THAT(ran.out, ContainsText(" of 3 right"));
  const Ran scores = play(folder, {"kernel", "--scores"});
  CHECK_THAT(scores.out, ContainsText("0 known, 3 shaky, "));
  CHECK_THAT(scores.out, ContainsText("bind.time-wait"));
}

TEST_CASE("kernel takes names and numbers, asks again where it does not understand, and stops with q",
          "[cli]") {
  const Folder folder;
  const Ran ran = play(folder, {"kernel", "--rule", "bind.listener", "--seed", "1"}, "9\neaddrinuse\nq\n");
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("A number from 1 to 6"));
  CHECK_THAT(ran.out, ContainsText("1 of 1 right"));
  CHECK_THAT(ran.out, ContainsText("rule bind.listener"));
}

TEST_CASE("kernel says why a wrong answer is not what happens", "[cli]") {
  const Folder folder;
  const Ran ran = play(folder, {"kernel", "--rule", "bind.time-wait", "-n", "1", "--seed", "2"}, "1\n");
  CHECK_THAT(ran.out, ContainsText("you: ok"));
  CHECK_THAT(ran.out, ContainsText("Every descriptor is closed"));
}

TEST_CASE("kernel names the nearest rule", "[cli]") {
  const Folder folder;
  const Ran ran = play(folder, {"kernel", "--rule", "bind.listner"});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, ContainsText("did you mean 'bind.listener'?"));
}

TEST_CASE("test asks twelve, tells what was gained, and exports it", "[cli]") {
  const Folder folder;
  CHECK(play(folder, {"test", "export", "-"}).status == 2);
  const Ran unfinished = play(folder, {"test"}, "1\n2\n");
  CHECK(unfinished.status == 1);
  CHECK_THAT(unfinished.out, ContainsText("nothing of it is kept"));
  const Ran first = play(folder, {"test", "--seed", "5"}, repeated("\n", 12));
  CHECK(first.status == 0);
  CHECK_THAT(first.out, ContainsText("0 of 12 right."));
  const Ran second = play(folder, {"test", "--seed", "6"}, repeated("2\n", 12));
  CHECK_THAT(second.out, ContainsText("First test and this one, rule by rule"));
  const std::string path = folder.path("results.csv");
  CHECK(play(folder, {"test", "export", path}).status == 0);
  const std::string csv = play(folder, {"test", "export", "-"}).out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 25);
  CHECK(csv.starts_with(
      "test,taken_at,lessons_done,question,rule,call,answer,right_answer,answered_by,correct,seconds\r\n"));
  CHECK(std::regex_search(
      csv, std::regex("2,20[0-9-]+T[0-9:]+Z,0,1,bind.listener,.*,EADDRINUSE,EADDRINUSE,(kernel|model),1,")));
}
