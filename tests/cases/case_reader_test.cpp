#include <algorithm>

#include "lessons/cases/case_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::lessons;
using loopscope::tests::ContainsText;

namespace {

const std::string words = R"(# A page

The page does not load.

| Case | Level | Minutes | Shell |
| --- | --- | --- | --- |
| 7 | easy | 5 | web as root |

*After a real report: [project 1](https://example.org/1).*

## The symptom

It does not load.

## Where to look

- `web.conf`

## Hints

1. Look
   twice.
2. Look again.

## What happened

This.

## The shortest way

```console
$ true
```
)";

CaseSource source(const std::string& text = words) {
  return {"/cases/07-page",
          "07-page",
          {{"broken.lab", "host web\nprocess server on web\nserver: start nc -l 8080\n"},
           {"case.md", text},
           {"check.lab", "host web\nprocess client\nclient: run true # it loads\n"},
           {"solution.sh", "true\n"},
           {"web.conf", "port 1\n"},
           {"wrong-a.sh", "true\n"},
           {"wrong-b.sh", "true\n"}}};
}

std::string problems_of(const CaseSource& wrong) {
  const auto read = read_case(wrong);
  if (read) return "";
  std::string all;
  for (const LessonProblem& problem : read.error()) all += to_string(problem) + "\n";
  return all;
}

std::string with(std::string text, const std::string& before, const std::string& after) {
  text.replace(text.find(before), before.size(), after);
  return text;
}

}  // namespace

TEST_CASE("A case is read with all its parts", "[cases]") {
  const auto read = read_case(source());
  REQUIRE(read);
  CHECK(read->number == 7);
  CHECK(read->host == "web");
  CHECK(read->administrator);
  CHECK(read->report == "[project 1](https://example.org/1)");
  CHECK(read->hints == std::vector<std::string>{"Look twice.", "Look again."});
  CHECK(read->explanation == "This.");
  REQUIRE(read->files.size() == 1);
  CHECK(read->files[0].lines == std::vector<std::string>{"port 1"});
  CHECK(read->wrong.size() == 2);
}

TEST_CASE("What is wrong with a case is told with its place", "[cases]") {
  CHECK_THAT(problems_of(source(with(words, "## Hints", "## Help"))),
             ContainsText("/cases/07-page/case.md:19: the sections are"));
  CHECK_THAT(problems_of(source(with(words, "| 7 | easy", "| 8 | easy"))),
             ContainsText("the table says case 8"));
  CHECK_THAT(problems_of(source(with(words, "https://", "http://"))),
             ContainsText("before the first section"));
  CHECK_THAT(problems_of(source(with(words, "web as root", "wob"))), ContainsText("host wob is none"));
  auto changed = source();
  changed.files[2].second = "process server\nserver: run true\nsysctl net.ipv4.ip_forward = 1\nhost other\n";
  const auto told = problems_of(changed);
  CHECK_THAT(told, ContainsText("/cases/07-page/check.lab:3: a check only looks"));
  CHECK_THAT(told, ContainsText("/cases/07-page/check.lab:4: broken.lab has no such `host`"));
  CHECK_THAT(told, ContainsText("a process server too"));
  changed = source();
  changed.files.pop_back();
  changed.files.erase(changed.files.begin() + 3);
  CHECK_THAT(problems_of(changed), ContainsText("two or more wrong-NAME.sh") && ContainsText("solution.sh"));
}
