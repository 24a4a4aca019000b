#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/app/cli/program.hpp"
#include "tests/support/files.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;
using loopscope::tests::ContainsText;

namespace {

/// Every match of the pattern's first group.
std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern, std::regex::multiline);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

std::set<std::string> commands() {
  const std::string help = run_program({"--help"}).out;
  const std::string list = help.substr(help.find("Subcommands:"));
  return all_matches(list, "^  ([a-z]+) ");
}

}  // namespace

TEST_CASE("--help names every command, and --version the version", "[cli]") {
  const Ran help = run_program({"--help"});
  CHECK(help.status == 0);
  CHECK(help.err.empty());
  CHECK(commands().count("run") == 1);
  for (const char* command : {"run", "lessons", "tour", "doctor", "shots"}) {
    CHECK(commands().count(command) == 1);
    CHECK(run_program({command, "--help"}).status == 0);
  }
  CHECK(std::regex_match(run_program({"--version"}).out, std::regex("loopscope [0-9.]+\n")));
}

TEST_CASE("The man page and the completion name every command and option", "[cli]") {
  const std::string man =
      std::regex_replace(read_file(LOOPSCOPE_ASSETS "/loopscope.1"), std::regex(R"(\\-)"), "-");
  const std::string completion = read_file(LOOPSCOPE_ASSETS "/loopscope.bash");
  std::set<std::string> words = all_matches(run_program({"--help"}).out, "(--[a-z-]+)");
  for (const std::string& command : commands()) {
    words.insert(command);
    words.merge(all_matches(run_program({command, "--help"}).out, "(--[a-z-]+)"));
  }
  CHECK(words.size() >= 22);
  for (const std::string& word : words) {
    INFO(word);
    CHECK_THAT(man, ContainsText(word));
    CHECK_THAT(completion, ContainsText(word));
  }
}

TEST_CASE("lessons lists what can be toured", "[cli]") {
  const Ran ran = run_program({"lessons"});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, ContainsText("03-journey"));
  CHECK_THAT(ran.out, ContainsText("06-port-conflicts"));
  CHECK_THAT(ran.out, ContainsText("(to come)"));
}

TEST_CASE("The tour goes through by itself where nobody types", "[cli]") {
  for (const std::string& lesson : all_matches(run_program({"lessons"}).out, "([0-9]{2}-[a-z-]+)")) {
    const Ran ran = run_program({"tour", lesson});
    INFO(ran.out << ran.err);
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, ContainsText("? "));
    CHECK_THAT(ran.out, ContainsText("│ TCP"));
  }
  const Ran journey = run_program({"tour"});
  CHECK_THAT(journey.out, ContainsText("Lesson 3: "));
  CHECK_THAT(journey.out, ContainsText("│ TCP ESTABLISHED"));
  CHECK_THAT(journey.out, !ContainsText("next:"));
}

TEST_CASE("The tour takes a lesson by name, number or part of its name", "[cli]") {
  CHECK_THAT(run_program({"tour", "6"}).out, ContainsText("Lesson 6: "));
  CHECK_THAT(run_program({"tour", "conflict"}).out, ContainsText("Lesson 6: "));
  const Ran none = run_program({"tour", "03-jorney"});
  CHECK(none.status == 2);
  CHECK(none.err == "loopscope tour: there is no lesson '03-jorney'; did you mean '03-journey'?\n");
}

TEST_CASE("The tour asks for predictions and says what became of them", "[cli]") {
  // Nobody has been there yet: the first page, then three steps of the first experiment of lesson 6, and the
  // rival's three, the third of which is a question.
  const Folder folder;
  const Ran ran = run_on_terminal({"tour", "6"}, "\n\n\n\n\n\nEADDRINUSE\nnonsense\n1\nq\n",
                                  {"XDG_STATE_HOME=" + folder.path("state")});
  INFO(ran.out);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("your prediction"));
  CHECK_THAT(ran.out, ContainsText("✓ you predicted it"));
  CHECK_THAT(ran.out, ContainsText("`nonsense` is no RESULT"));
}

TEST_CASE("doctor says what this machine allows", "[cli]") {
  const Ran ran = run_program({"doctor"});
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out.find_first_of("\n") != std::string::npos);
  std::istringstream lines(run_program({"doctor", "--json"}).out);
  std::set<std::string> ids;
  for (std::string line; std::getline(lines, line);) {
    const auto finding = nlohmann::json::parse(line);
    CHECK((finding["ability"] == "yes" || finding["ability"] == "limited" || finding["ability"] == "no"));
    CHECK((finding["ability"] == "yes" || !finding["details"].get<std::string>().empty()));
    ids.insert(finding["id"]);
  }
  CHECK(ids.count("lab") == 1);
}

TEST_CASE("A picture is drawn without a display", "[cli]") {
  const Folder folder;
  const std::string path = folder.path("shot.png");
  const Ran ran = run_program({"--screenshot", path, "--lesson", "3", "--steps", "2", "--size", "640x400"});
  INFO(ran.err);
  CHECK(ran.status == 0);
  const std::string png = read_file(path);
  REQUIRE(png.size() > 24);
  CHECK(png.substr(1, 3) == "PNG");
  // IHDR: width and height, four bytes each (PNG, section 11.2.2).
  CHECK(png.substr(16, 8) == std::string("\x00\x00\x02\x80\x00\x00\x01\x90", 8));
}

TEST_CASE("A file that is given is shown, and only one thing can be", "[cli]") {
  const Folder folder;
  const std::string file = folder.write("a.lab", "server: s = socket(AF_INET, SOCK_STREAM)\n");
  const auto picture_of = [&](const std::string& name, const std::string& steps) {
    const Ran ran =
        run_program({file, "--screenshot", folder.path(name), "--steps", steps, "--size", "640x400"});
    INFO(ran.err);
    CHECK(ran.status == 0);
    return read_file(folder.path(name));
  };
  CHECK(picture_of("0.png", "0") != picture_of("1.png", "1"));
  CHECK(run_program({file, "--lesson", "3", "--screenshot", folder.path("x.png")}).status == 2);
}

TEST_CASE("A picture can answer the questions on the way, and what was answered changes it", "[cli]") {
  const Folder folder;
  const auto taken = [&](const std::string& name, const std::string& choices) {
    const std::string path = folder.path(name);
    const Ran ran = run_program({"--screenshot", path, "--lesson", "6", "--page", "2", "--steps", "6",
                                 "--predict", choices, "--size", "900x600"});
    INFO(ran.err);
    CHECK(ran.status == 0);
    return read_file(path);
  };
  const std::string none = taken("none.png", "0");
  const std::string wrong = taken("wrong.png", "1");
  REQUIRE(none.size() > 1000);
  CHECK(none != wrong);
}

TEST_CASE("lessons are listed by number, those to come between the others", "[cli]") {
  const std::string out = run_program({"lessons"}).out;
  int before = 0;
  const std::regex numbered("\n +([0-9]+)  ");
  for (std::sregex_iterator at(out.begin(), out.end(), numbered), end; at != end; ++at) {
    CHECK(std::stoi((*at)[1]) > before);
    before = std::stoi((*at)[1]);
  }
  CHECK(before >= 6);
}

TEST_CASE("The window's options are checked before anything opens", "[cli]") {
  const Folder folder;
  CHECK(run_program({"--screenshot", folder.path("x.png"), "--size", "1x1"}).status == 2);
  CHECK(run_program({"--theme", "blue"}).status == 2);
  CHECK(run_program({"--size", "640x400"}).status == 2);
  CHECK(run_program({"--lessn", "3"}).status == 2);
  CHECK_THAT(run_program({"--lessn", "3"}).err, ContainsText("did you mean '--lesson'?"));
}
