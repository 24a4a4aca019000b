#include <fstream>

#include "tests/lessons/content.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
namespace fs = std::filesystem;

namespace {

/// A sound small lesson, for tests that break one thing of it.
const char* const sound = R"(# Doors

A lesson about doors.

| Lesson | Part | Minutes |
| --- | --- | --- |
| 2 | 1 | 5 |

## Question: Why?

Words.

## Predict: What?

Experiment: [door.lab](door.lab), step by call

### Prediction: What does bind return?

Asked at `server: bind(s, 127.0.0.1:62893)`:

- [x] `ok`: it is free
  > Nobody has it,
  > so far.
- [ ] `EADDRINUSE`: it is taken
  > By whom?

## Watch: How?

Words.

## Why: So?

Words.

## Change: Try

**Do:** Listen

```lab
server: listen(s, 16)
```

## Check: Done?

**Goal, in this order:** The server listens.

```lab
server: listen(s, 16) = ok   # the server calls listen
expect LISTEN 127.0.0.1:62893  # the table shows it
```

### Quiz: ports

Is 8080 free?

*Numbers: 8080 is any of 9000–9999.*

- [ ] Yes, 8080 is
  > Who knows.
- [x] It depends
  > So it does.
)";

const char* const door = "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 127.0.0.1:62893) ?= ok\n";

class Folder {
 public:
  explicit Folder(const std::string& lesson, const std::string& experiment = door)
      : path_(scratch_.path("02-doors")) {
    fs::create_directory(path_);
    std::ofstream(path_ + "/lesson.md") << lesson;
    std::ofstream(path_ + "/door.lab") << experiment;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  tests::Scratch scratch_;
  std::string path_;
};

/// The sound lesson with its first `what` in place of `by`.
std::string broken(const std::string& what, const std::string& by) {
  std::string text = sound;
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string problems_of(const std::string& lesson, const std::string& experiment = door) {
  const Folder folder(lesson, experiment);
  const auto read = load_lesson(folder.path());
  if (read) return "";
  std::string all;
  for (const auto& problem : read.error()) all += to_string(problem).substr(folder.path().size() + 1) + '\n';
  return all;
}

}  // namespace

TEST_CASE("A sound lesson is read whole", "[lessons]") {
  const Folder folder(sound);
  const auto lesson = load_lesson(folder.path());
  REQUIRE(lesson);
  CHECK(lesson->id == "02-doors");
  CHECK(lesson->title == "Doors");
  CHECK(lesson->summary == "A lesson about doors.");
  CHECK(lesson->number == 2);
  CHECK(lesson->minutes == 5);
  REQUIRE(lesson->pages.size() == 6);
  CHECK(lesson->pages[0].experiment.empty());
  CHECK(lesson->pages[1].step_by == "call");
  CHECK(lesson->pages[5].experiment == "door.lab");
  REQUIRE(lesson->forecasts.size() == 1);
  CHECK(lesson->forecasts[0].statement == 1);
  CHECK(lesson->forecasts[0].choices[0].feedback == "Nobody has it, so far.");
  REQUIRE(lesson->pages[4].acts.size() == 1);
  CHECK(lesson->pages[4].acts[0].lines == std::vector<std::string>{"server: listen(s, 16)"});
  REQUIRE(lesson->pages[5].goal);
  CHECK(lesson->pages[5].goal->in_order);
  CHECK(lesson->pages[5].goal->calls.size() == 1);
  CHECK(lesson->pages[5].goal->claims.size() == 1);
  CHECK(lesson->pages[5].quizzes[0].id == "ports");
  CHECK(lesson->pages[5].quizzes[0].choices[0].text == "Yes, 8080 is");
}

TEST_CASE("A lesson's numbers are drawn by a seed, the same everywhere in a question", "[lessons]") {
  const Folder folder(sound);
  const auto lesson = load_lesson(folder.path(), 42);
  REQUIRE(lesson);
  const Quiz& quiz = lesson->pages[5].quizzes[0];
  const std::string number = quiz.text.substr(3, 4);
  CHECK(number[0] == '9');
  CHECK(quiz.choices[0].text == "Yes, " + number + " is");
}

TEST_CASE("Numbers before the first page are drawn in pages and experiments alike", "[lessons]") {
  const std::string text =
      broken("| 2 | 1 | 5 |", "| 2 | 1 | 5 |\n\n*Numbers: 62893 is any of 62000–62009.*");
  const Folder folder(text);
  const auto written = load_lesson(folder.path());
  const auto drawn = load_lesson(folder.path(), 42);
  REQUIRE(written);
  REQUIRE(drawn);
  const auto line = [](const Lesson& lesson) {
    return experiment::to_string(lesson.experiments[0].second.statements.at(lesson.forecasts[0].statement));
  };
  CHECK(line(*written).find("62893") != std::string::npos);
  CHECK(line(*drawn).find(":6200") != std::string::npos);
  REQUIRE(drawn->commands.size() == written->commands.size());
  for (std::size_t at = 0; at < drawn->commands.size(); ++at)
    CHECK(drawn->commands[at].command == written->commands[at].command);
}

TEST_CASE("Each fault of a lesson is told with its line and a remedy", "[lessons]") {
  struct Case {
    const char* what;
    const char* by;
    const char* said;
  };
  for (const Case& one : {
           Case{"# Doors", "Doors", "lesson.md:1: a lesson begins with its title"},
           Case{"| 2 | 1 | 5 |", "| two | 1 | 5 |", "the table | Lesson | Part | Minutes |"},
           Case{"| 2 | 1 | 5 |", "| 3 | 1 | 5 |", "the folder is called 02-doors"},
           Case{"## Watch: How?", "## Look: How?", "lesson.md:27: '## Look: How?' is no page"},
           Case{"## Why: So?", "## Watch: So?", "lacks a page '## Why"},
           Case{"## Question: Why?", "## Why: Why?", "the first page is a Question"},
           Case{"[door.lab](door.lab)", "[door.lab](hall.lab)", "lesson.md:15: write 'Experiment:"},
           Case{"[door.lab](door.lab)", "[hall.lab](hall.lab)", "hall.lab is not beside lesson.md"},
           Case{"step by call", "step by step", "lesson.md:15: write 'Experiment:"},
           Case{"Asked at `server", "Asked at server", "say which step it is asked at"},
           Case{"`server: bind(s", "`server: bind(t", "door.lab has no step"},
           Case{"- [x] `ok`", "- [ ] `ok`", "exactly one answer"},
           Case{"`ok`: it is free", "free", "must begin with a result"},
           Case{"  > By whom?", "", "has no feedback"},
           Case{"**Do:** Listen", "**Do:**", "lesson.md:37: an act needs a label"},
           Case{"server: listen(s, 16)\n", "server: lisen(s, 16)\n", "lesson.md:40:9: "},
           Case{"# the server calls listen", "", "lesson.md:48: say behind a #"},
           Case{"server: listen(s, 16) = ok ", "title No ", "a goal is made of steps"},
           Case{"### Quiz: ports", "### Quiz:", "give the question a short name"},
           Case{"8080 is any of 9000–9999", "8080 is nice", "is no rule for a number"},
           Case{"**Goal, in this order:**", "**Aim:**", "no Check page has a goal"},
           Case{"```lab\nserver: listen(s, 16) = ok", "```lab \nserver: listen(s, 16) = ok", ""},
       }) {
    CAPTURE(one.what, one.by);
    const std::string said = problems_of(broken(one.what, one.by));
    CAPTURE(said);
    if (*one.said == '\0')
      CHECK(said.empty());
    else
      CHECK(said.find(one.said) != std::string::npos);
  }
}

TEST_CASE("What words rest on is held against the experiment, and left out of the page", "[lessons]") {
  const auto with = [](const std::string& tag) {
    return broken("## Why: So?\n\nWords.", "## Why: So?\n\nWords.\n\n" + tag);
  };
  const Folder folder(
      with("*Shown by [door.lab](door.lab): `server: bind(s, 127.0.0.1:62893) = ok`.*\n\n*Rests on ip(7).*"));
  const auto lesson = load_lesson(folder.path());
  REQUIRE(lesson);
  CHECK(lesson->pages[3].markdown.find("Shown by") == std::string::npos);
  CHECK(lesson->pages[3].markdown.find("ip(7)") == std::string::npos);
  struct Case {
    const char* tag;
    const char* said;
  };
  for (const Case& one : {
           Case{"*Shown by [door.lab](door.lab): `server: bind(s, 127.0.0.1:62893) = EADDRINUSE`.*",
                "lesson.md:35: door.lab has no step 'server: bind(s, 127.0.0.1:62893) = EADDRINUSE' with "
                "this"},
           Case{"*Shown by [door.lab](door.lab): `server: bind(s, 127.0.0.1:62893)`.*", "has no step"},
           Case{"*Shown by [hall.lab](hall.lab): `server: listen(s, 1) = ok`.*", "hall.lab is not beside"},
           Case{"*Shown by [door.lab](door.lab): `server: bnd(s)`.*", "'server: bnd(s)' is no step: "},
           Case{"*Shown by door.lab.*", "write '*Shown by"},
           Case{"*Rests on .*", "write '*Shown by"},
       }) {
    CAPTURE(one.tag);
    const std::string said = problems_of(with(one.tag));
    CAPTURE(said);
    CHECK(said.find(one.said) != std::string::npos);
  }
}

TEST_CASE("All faults of a lesson and its experiments are told at once", "[lessons]") {
  std::string text = broken("# the server calls listen", "");
  text.replace(text.find("  > By whom?"), 12, "");
  const std::string said = problems_of(text, std::string(door) + "server: bnd(s)\n");
  CAPTURE(said);
  CHECK(said.find("door.lab:3:9: ") != std::string::npos);
  CHECK(said.find("has no feedback") != std::string::npos);
  CHECK(said.find("say behind a #") != std::string::npos);
}

TEST_CASE("A question of an experiment that a lesson has no words for is a fault", "[lessons]") {
  const std::string said = problems_of(sound, std::string(door) + "server: listen(s, 1) ?= ok\n");
  CHECK(said.find("door.lab:3: this ?= has no words") != std::string::npos);
}

TEST_CASE("A file that does not belong into a lesson's folder is a fault", "[lessons]") {
  const Folder folder(sound);
  std::ofstream(folder.path() + "/notes.txt") << "x";
  const auto read = load_lesson(folder.path());
  REQUIRE_FALSE(read);
  CHECK(to_string(read.error()[0]).find("notes.txt") != std::string::npos);
  CHECK_FALSE(load_lesson(folder.path() + "-none"));
}
