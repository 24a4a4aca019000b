#include "lessons/engine/progress.hpp"

#include <filesystem>
#include <fstream>

#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

Progress some_progress() {
  Progress progress;
  progress.last_lesson = "03-journey";
  progress.lessons["01-home"] = {
      .page = 7, .goals_met = {5, 7}, .answers = {{"which-device", 1}}, .done = true};
  progress.lessons["03-journey"] = {.page = 2};
  progress.surprises.push_back({"03-journey", "client: connect(c, 127.0.0.1:62893)", "blocks", "ok"});
  return progress;
}

}  // namespace

TEST_CASE("Progress that was saved is read back the same", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("loopscope/progress.json");
  REQUIRE(save_progress(path, some_progress()));
  const auto read = load_progress(path);
  REQUIRE(read);
  CHECK(read->last_lesson == "03-journey");
  REQUIRE(read->lessons.size() == 2);
  const LessonProgress& home = read->lessons.at("01-home");
  CHECK(home.page == 7);
  CHECK(home.goals_met == std::set<int>{5, 7});
  CHECK(home.answers == std::map<std::string, int>{{"which-device", 1}});
  CHECK(home.done);
  CHECK_FALSE(read->lessons.at("03-journey").done);
  REQUIRE(read->surprises.size() == 1);
  CHECK(read->surprises[0].kernel == "ok");
}

TEST_CASE("The game's record, the tests and where a surprise can be seen again are kept", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  Progress progress = some_progress();
  progress.surprises[0].experiment = "journey.lab";
  progress.surprises[0].statement = 6;
  progress.surprises[0].call = "connect(c, 127.0.0.1:8080)";
  progress.game = {.rules = {{"bind.listener", {2, 5, 3, true, 17}}}, .asked = 9, .run = 2, .best_run = 4};
  progress.tests.push_back(
      {1'700'000'000, 3, {{"bind.listener", "bind(r, 127.0.0.1:80)", "ok", "EADDRINUSE", true, false, 2.5}}});
  REQUIRE(save_progress(path, progress));
  const auto read = load_progress(path);
  REQUIRE(read);
  CHECK(read->surprises[0].experiment == "journey.lab");
  CHECK(read->surprises[0].statement == 6);
  CHECK(read->surprises[0].call == "connect(c, 127.0.0.1:8080)");
  CHECK(read->game.asked == 9);
  CHECK(read->game.best_run == 4);
  const RuleRecord& rule = read->game.rules.at("bind.listener");
  CHECK(rule.box == 2);
  CHECK(rule.right == 3);
  CHECK(rule.due == 17);
  REQUIRE(read->tests.size() == 1);
  CHECK(read->tests[0].lessons_done == 3);
  CHECK(read->tests[0].answers.at(0).right_answer == "EADDRINUSE");
  CHECK(read->tests[0].answers.at(0).by_kernel);
}

TEST_CASE("Progress from before there was a game is read, and a damaged record of it is kept aside",
          "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  std::ofstream(path) << R"({"loopscope_progress": 1, "last_lesson": "03-journey", "lessons": {}, "surprises":
    [{"lesson": "a", "question": "b", "predicted": "c", "kernel": "d"}]})";
  const auto old = load_progress(path);
  REQUIRE(old);
  CHECK(old->surprises.at(0).statement == -1);
  CHECK(old->game.asked == 0);
  std::ofstream(path) << R"({"loopscope_progress": 1, "last_lesson": "", "lessons": {}, "surprises": [],
    "game": {"asked": "many"}})";
  CHECK_FALSE(load_progress(path));
  CHECK(std::filesystem::exists(path + ".damaged"));
}

TEST_CASE("No file yet is no progress yet", "[lessons]") {
  const tests::Scratch scratch;
  const auto read = load_progress(scratch.path("progress.json"));
  REQUIRE(read);
  CHECK(read->lessons.empty());
}

TEST_CASE("Damaged progress is kept beside and said so", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  for (const char* text :
       {"", "{", "[]", "{\"loopscope_progress\": 1}", "{\"loopscope_progress\": 99, \"lessons\": {}}",
        "{\"loopscope_progress\": 1, \"last_lesson\": 3, \"lessons\": {}, \"surprises\": []}"}) {
    CAPTURE(text);
    std::ofstream(path) << text;
    const auto read = load_progress(path);
    REQUIRE_FALSE(read);
    CHECK(read.error().find(".damaged") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK(tests::read_file(path + ".damaged-2") == "{");
  REQUIRE(save_progress(path, some_progress()));
  CHECK(tests::read_file(path + ".damaged-2") == "{");
}

TEST_CASE("What is told of damaged progress is for a reader, and names the line", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  std::ofstream(path) << "{\n \"loopscope_progress\": 1,\n oops\n}";
  const auto read = load_progress(path);
  REQUIRE_FALSE(read);
  CHECK(read.error().find("damaged at line 3") != std::string::npos);
  CHECK(read.error().find("json.exception") == std::string::npos);
  CHECK(read.error().find(path + ".damaged") != std::string::npos);
}

TEST_CASE("Bytes that are no text do not keep progress from being saved", "[lessons]") {
  const tests::Scratch scratch;
  Progress progress = some_progress();
  progress.surprises[0].kernel = "\"\xff\xfe\"";
  REQUIRE(save_progress(scratch.path("progress.json"), progress));
  CHECK(load_progress(scratch.path("progress.json")));
}
