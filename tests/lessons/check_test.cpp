// `loopscope lessons check` finds what is wrong, and says where.
#include "lessons/check/check.hpp"

#include <fstream>
#include <regex>

#include "lessons/check/links.hpp"
#include "lessons/check/spelling.hpp"
#include "lessons/check/template.hpp"
#include "tests/lessons/content.hpp"
#include "tests/lessons/kernel.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
namespace fs = std::filesystem;

namespace {

std::string put_instead(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// A new lesson in a course of its own, with one thing changed.
class Course {
 public:
  Course() {
    fs::create_directories(scratch_.path("course"));
    const auto made = check::make_lesson(scratch_.path("course") + "/01-doors", ".");
    REQUIRE(made);
    folder_ = *made;
  }
  void change(const std::string& file, const std::string& from, const std::string& to) const {
    const std::string text = put_instead(tests::read_file(folder_ + "/" + file), from, to);
    std::ofstream(folder_ + "/" + file) << text;
  }
  [[nodiscard]] std::string form() const { return lines(check::check_form(folder_, options())); }
  [[nodiscard]] std::string all() const {
    return lines(check::check_lesson(tests::launcher(), folder_, options()));
  }
  [[nodiscard]] check::Options options() const {
    return check::options_for(scratch_.path("course"), tests::library().folder);
  }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string course() const { return scratch_.path("course"); }

 private:
  static std::string lines(const check::Report& report) {
    std::string all = report.no_lab;
    for (const auto& problem : report.problems) all += to_string(problem) + '\n';
    return all;
  }
  tests::Scratch scratch_;
  std::string folder_;
};

int line_of(const std::string& text, const std::string& words) {
  return 1 + static_cast<int>(std::count(text.begin(),
                                         text.begin() + static_cast<std::ptrdiff_t>(text.find(words)), '\n'));
}

}  // namespace

TEST_CASE("A new lesson is complete: nothing is found in it, and the kernel agrees", "[lessons][kernel]") {
  const Course course;
  CHECK(course.all() == "");
  const auto lesson = load_lesson(course.folder(), 0, Origin::Stranger);
  REQUIRE(lesson);
  CHECK(lesson->title == "Doors");
  CHECK(lesson->number == 1);
  CHECK(lesson->forecasts.size() == 1);
  CHECK(tests::read_file(course.course() + "/README.md").find("1. [Doors](01-doors/lesson.md)") !=
        std::string::npos);
}

TEST_CASE("A second new lesson is listed behind the first, and nothing is ever written over", "[lessons]") {
  const Course course;
  const auto second = check::make_lesson("My first socket!", course.course());
  REQUIRE(second);
  CHECK(*second == course.course() + "/02-my-first-socket");
  CHECK(tests::read_file(course.course() + "/README.md")
            .find("2. [My first socket!](02-my-first-socket/lesson.md)") != std::string::npos);
  const auto again = check::make_lesson(course.folder(), ".");
  REQUIRE_FALSE(again);
  CHECK(again.error().find("is there already; nothing was written") != std::string::npos);
  CHECK_FALSE(check::make_lesson("!!", course.course()));
}

TEST_CASE("Each fault of form is told with its line", "[lessons]") {
  struct Fault {
    const char *from, *to, *said;
  };
  for (const Fault& one : {
           Fault{"A `bind` for an address", "A `bind` is is for an address", "' is is "},
           Fault{"  > The error says that somebody has it: `ss -ltnp` tells who.", "  > Yes.",
                 "is not explained"},
           Fault{"*Rests on bind(2), ip(7).*", "*Rests on bind(2), ip(7).*\n\nThe kernel never errs.",
                 "rest on nothing"},
           Fault{"The kernel keeps a table", "On Windows the kernel keeps a table", "says of Windows"},
           Fault{"= EADDRINUSE`, `expect", "= ok`, `expect", "with this result"},
           Fault{"What has to happen first?", "What [must](../../secret.md) happen?", "it leads to no file"},
           Fault{"What has to happen first?", "What [must](http://a.example/) happen?",
                 "begins with https://"},
           Fault{"What has to happen first?", "What [must](https://a.example/) happen?", "links.txt"},
           Fault{"What has to happen first?", "What gives EADDRINUES?", "no error called EADDRINUES"},
           Fault{"*Solved by `Stop the server`, `The rival", "*Solved by `Stop it`, `The rival",
                 "there is no '**Do:** Stop it'"},
           Fault{"8080 is any of 1024–9999", "8080 is some of 9–1", "is no rule for a number"},
       }) {
    CAPTURE(one.from, one.to);
    const Course course;
    course.change("lesson.md", one.from, one.to);
    const std::string said = course.form();
    CAPTURE(said);
    CHECK(said.find(one.said) != std::string::npos);
    CHECK(std::regex_search(said, std::regex("lesson\\.md:[1-9][0-9]*(:[1-9][0-9]*)?: ")));
  }
}

TEST_CASE("What the kernel answers otherwise is told at its line of the experiment", "[lessons][kernel]") {
  const Course course;
  course.change("both.lab", "server: listen(s, 16)                        = ok",
                "server: listen(s, 16)   = EADDRINUSE");
  const std::string said = course.all();
  CAPTURE(said);
  CHECK(said.find("both.lab:7:") != std::string::npos);
  CHECK(said.find("the kernel answered ok, and the file states EADDRINUSE") != std::string::npos);
}

TEST_CASE("A goal that pressing Next meets, or that its way does not meet, is a fault", "[lessons][kernel]") {
  const Course met;
  met.change("lesson.md", "*Solved by `The rival asks for 62894`, `A client calls the rival`.*",
             "*Solved by `A client calls the rival`, `The rival asks for 62894`.*");
  const std::string text = tests::read_file(met.folder() + "/lesson.md");
  const std::string said = met.all();
  CAPTURE(said);
  CHECK(said.find("lesson.md:" + std::to_string(line_of(text, "**Goal:** Both")) +
                  ": the way below does not meet") != std::string::npos);
  const Course none;
  none.change("lesson.md", "*Solved by `Stop the server`, `The rival binds again`.*\n", "");
  CHECK(none.all().find("say below its block how it is met") != std::string::npos);
}

TEST_CASE("All faults are told at once, those of an experiment with their column", "[lessons]") {
  const Course course;
  course.change("rival.lab", "rival: r = socket(AF_INET, SOCK_STREAM)",
                "rival: r = sockt(AF_INET, SOCK_STREAM)");
  course.change("lesson.md", "  > A firewall looks at packets. A bind sends none.\n", "");
  course.change("lesson.md", "Try it\n", "Try it\n\n[x](nowhere.md)\n");
  const std::string said = course.form();
  CAPTURE(said);
  CHECK(std::regex_search(said, std::regex("rival\\.lab:11:[0-9]+: ")));
  CHECK(said.find("has no feedback") != std::string::npos);
  CHECK(said.find("nowhere.md") != std::string::npos);
}

TEST_CASE("Words that no dictionary has are found at their place, and code is left alone", "[lessons]") {
  const auto lines =
      check::prose_lines("A wrod, `netns`, [here](htpp://x).\n\n```text\nabcdefg\n```\n\nip(7) and IPv4.\n");
  CHECK(lines[3].empty());
  CHECK(lines[6].find("IPv4") == std::string::npos);
  Problems problems("lesson.md");
  const auto done = check::check_spelling("A wrod, `netns`.\n\nNftables is known.\n", {"nftables"}, problems);
  if (!done) {
    WARN("skipped: " << done.error());
    return;
  }
  const std::string said = tests::told(problems);
  CHECK(said.find("lesson.md:1:3: 'wrod'") == 0);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

TEST_CASE("What starts programs is not run unless it is allowed", "[lessons][kernel]") {
  const Course course;
  course.change("both.lab", "server: listen(s, 16)                        = ok",
                "server: listen(s, 16) = ok\nother: run true = exit 1");
  const auto asked = check::check_lesson(tests::launcher(), course.folder(), course.options());
  REQUIRE(asked.programs.size() == 1);
  CHECK(asked.programs[0].find("both.lab:8: other: run true") != std::string::npos);
  CHECK(asked.problems.empty());
  check::Options allowed = course.options();
  allowed.programs = true;
  const auto ran = check::check_lesson(tests::launcher(), course.folder(), allowed);
  CHECK(ran.programs.empty());
  REQUIRE(ran.problems.size() >= 1);
  CHECK(ran.problems[0].message.find("the kernel answered exit 0") != std::string::npos);
}
