// Lessons in the terminal alone: written, checked, taken, handed out.
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/app/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;

namespace {

std::string new_lesson(const Folder& folder) {
  const std::string lesson = folder.path("course") + "/01-doors";
  REQUIRE(run_program({"lessons", "new", lesson}).status == 0);
  return lesson;
}

std::string put_instead(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("lessons new makes a lesson in which lessons check finds nothing", "[cli]") {
  const Folder folder;
  const std::string lesson = new_lesson(folder);
  const Ran ran = run_program({"lessons", "check", lesson});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("1 lesson: nothing found"));
  CHECK(run_program({"lessons", "new", lesson}).status == 2);
}

TEST_CASE("lessons check tells faults as FILE:LINE:COLUMN, or as JSON, and exits with 1", "[cli]") {
  const Folder folder;
  const std::string lesson = new_lesson(folder);
  folder.write(
      "course/01-doors/both.lab",
      put_instead(read_file(lesson + "/both.lab"), "server: listen(s, 16)   ", "server: lisen(s, 16)   "));
  const Ran ran = run_program({"lessons", "check", "--form", folder.path("course")});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 1);
  CHECK(std::regex_search(ran.out, std::regex("both\\.lab:7:9: `lisen` is no call")));
  const auto json = nlohmann::json::parse(run_program({"lessons", "check", "--form", "--json", lesson}).out);
  CHECK(json["problems"][0]["line"] == 7);
  CHECK(json["problems"][0]["column"] == 9);
  CHECK(run_program({"lessons", "check", folder.path("nothing")}).status == 1);
}

TEST_CASE("A course is listed and taken, and what it starts is asked about", "[cli]") {
  const Folder folder;
  const std::string lesson = new_lesson(folder);
  CHECK_THAT(run_program({"lessons", "--lessons", folder.path("course")}).out,
             ContainsText("course/01-doors"));
  const Ran ran = run_program({"tour", "--lessons", folder.path("course"), "course/01-doors"});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("Page 6 of 6 · Check: Both at once"));
  folder.write("course/01-doors/both.lab", read_file(lesson + "/both.lab") + "other: run true = exit 0\n");
  const Ran asked = run_program({"tour", "--lessons", folder.path("course")});
  CHECK(asked.status == 2);
  CHECK(asked.out.empty());
  CHECK_THAT(asked.err, ContainsText("both.lab:8: other: run true"));
  CHECK(run_program({"tour", "--allow-programs", "--lessons", folder.path("course")}).status == 0);
}

TEST_CASE("The tour's transcript has everything that a lesson shows", "[cli]") {
  const Ran ran = run_program({"tour", "6"});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  for (const char* words :
       {"Page 1 of", "protocol   the same; TCP and UDP never meet", "│ lo SYN 127.0.0.1:", "│ TCP LISTEN",
        "What you can do:", "1) ", "Goal", "· not yet: ", "✗ 1)", "Try it: the commands", "Windows, ",
        "macOS, ", "Words of this lesson", "EADDRINUSE. 'Address already in use'"})
    CHECK_THAT(ran.out, ContainsText(words));
  CHECK(ran.out.find("Solved by") == std::string::npos);
  CHECK(ran.out.find("Shown by") == std::string::npos);
}

TEST_CASE("A whole lesson can be done in the terminal, and is kept as in the window", "[cli]") {
  const Folder folder;
  const std::string lesson = new_lesson(folder);
  // Question; Predict: five steps, 'c' through each chapter, the answer; Watch; Why; Change; Check; the quiz.
  const std::string typed =
      "\nc\nc\n2\n\n\n\n2\n1\n\n"
      "c\n3\n1\n\n"
      "1\n2\n";
  const Ran ran = run_on_terminal({"tour", "--lessons", folder.path("course")}, typed,
                                  {"XDG_STATE_HOME=" + folder.path("state")});
  INFO(ran.out);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("✓ you predicted it"));
  CHECK(count_of(ran.out, "✓ met: ") >= 2);
  CHECK_THAT(ran.out, ContainsText("✗ not so. A firewall looks at packets."));
  CHECK_THAT(ran.out, ContainsText("✓ This lesson is done"));
  const auto kept = nlohmann::json::parse(read_file(folder.path("state") + "/loopscope/progress.json"));
  CHECK(kept["lessons"]["course/01-doors"]["done"] == true);
}

TEST_CASE("A lesson is exported as one page that stands alone", "[cli]") {
  const Folder folder;
  const std::string lesson = new_lesson(folder);
  folder.write("course/01-doors/lesson.md",
               put_instead(read_file(lesson + "/lesson.md"), "Say here why that matters",
                           "<script>alert(1)</script> & \"x\" [y](javascript:z) Say here why that matters"));
  const std::string out = folder.path("out.html");
  const Ran ran =
      run_program({"lessons", "export", "--lessons", folder.path("course"), "course/01-doors", out});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  const std::string page = read_file(out);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("javascript:") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;") != std::string::npos);
  for (const char* words : {"<svg ", "bind → EADDRINUSE", "LISTEN", "<details>", "<summary>Answer</summary>",
                            "prefers-color-scheme: dark", "@media print", "ss -ltnp"})
    CHECK_THAT(page, ContainsText(words));
  CHECK(count_of(page, "<details>") == count_of(page, "</details>"));
  const Ran well_formed = run_program(
      {"--version"}, "", "command -v xmllint >/dev/null && { xmllint --noout " + out + " || exit 9; };");
  INFO(well_formed.err);
  CHECK(well_formed.status == 0);
}
