#include "tests/lessons/kernel.hpp"

#include <algorithm>

#include "lessons/check/programs.hpp"
#include "lessons/check/runs.hpp"
#include "sim/lab/run.hpp"
#include "tests/lessons/content.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

TEST_CASE("Every experiment of a lesson gives on the kernel what it states", "[lessons][kernel]") {
  for (const auto& lesson : tests::library().lessons)
    for (const auto& [name, experiment] : lesson.experiments) {
      CAPTURE(lesson.id, name);
      if (const auto missing = check::missing_program(experiment); !missing.empty()) {
        WARN(lesson.id << ", " << name << ": skipped, since " << missing << " is not installed");
        continue;
      }
      Problems problems(lesson.folder);
      check::check_run(tests::launcher(), experiment, problems);
      CHECK(tests::told(problems) == "");
    }
}

TEST_CASE("Lessons whose numbers are drawn hold for whichever are drawn", "[lessons][kernel]") {
  for (const auto& lesson : tests::library().lessons)
    for (const std::uint64_t seed : {1, 2}) {
      const auto drawn = load_lesson(tests::library().folder + "/" + lesson.id, seed);
      REQUIRE(drawn);
      for (const auto& [name, experiment] : drawn->experiments) {
        CAPTURE(lesson.id, name, seed);
        if (experiment == *experiment_of(lesson, name) || !check::missing_program(experiment).empty())
          continue;
        Problems problems(lesson.folder);
        check::check_run(tests::launcher(), experiment, problems);
        CHECK(tests::told(problems) == "");
      }
    }
}

TEST_CASE("Lesson 2's clients get their ports from Linux's own range, which leaves 62893 out",
          "[lessons][kernel]") {
  const auto& lessons = tests::library().lessons;
  const auto ports = std::find_if(lessons.begin(), lessons.end(),
                                  [](const Lesson& lesson) { return lesson.id == "02-ports"; });
  REQUIRE(ports != lessons.end());
  const auto& experiment = *experiment_of(*ports, "who-picks.lab");
  const auto report = lab::run(tests::launcher(), experiment);
  REQUIRE(report);
  int seen = 0;
  for (const auto& outcome : report->outcomes) {
    if (experiment::to_string(experiment.statements[outcome.statement]).find("getsockname") ==
        std::string::npos)
      continue;
    REQUIRE(outcome.result);
    const std::string found = experiment::to_string(*outcome.result);
    CAPTURE(found);
    const int port = std::stoi(found.substr(found.find(':') + 1));
    const bool small_range = ++seen == 3;
    CHECK((small_range ? port == 62893 : port >= 32768 && port <= 60999));
  }
  CHECK(seen == 3);
}

TEST_CASE("What lesson 1 says of packets is so: all of TCP on lo, nothing on eth0", "[lessons][kernel]") {
  const Lesson& home = tests::library().lessons.front();
  for (const char* name : {"home.lab", "own-address.lab"}) {
    const auto report = lab::run(tests::launcher(), *experiment_of(home, name));
    REQUIRE(report);
    int seen = 0;
    for (const auto& event : report->events)
      if (const auto* packet = std::get_if<trace::PacketSeen>(&event.fact);
          packet && packet->packet.transport == trace::Transport::Tcp) {
        ++seen;
        CHECK(packet->device == "lo");
      }
    CHECK(seen >= 3);
  }
}

TEST_CASE("What lessons run works for an ordinary user as well", "[lessons][kernel]") {
  const auto again =
      test::run_again_as_ordinary_user("Every experiment of a lesson*", LOOPSCOPE_LESSONS_UNDER_TEST);
  if (!again.tried) return;
  INFO(again.output);
  CHECK(again.exit_status == 0);
}
