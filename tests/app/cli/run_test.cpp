#include <nlohmann/json.hpp>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/files.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;
using loopscope::tests::ContainsText;
using nlohmann::json;

namespace {

const std::string wrong = "p: s = socket(AF_INET, SOCK_STREAM)\np: listen(s, 1) = EADDRINUSE\n";

}  // namespace

TEST_CASE("run --json prints one object a step and a summary, and nothing else", "[cli]") {
  const Ran ran = run_program({"run", "--json", "-"}, example);
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 17);
  CHECK(
      ran.out.substr(0, ran.out.find('\n')) ==
      R"x({"file":"-","line":5,"chapter":"Application initialization","process":"server","call":"socket(AF_INET, SOCK_STREAM)",)x"
      R"("model":null,"kernel":"ok","stated":null,"agree":true,"rule":null,"because":null})");
  const json& bind = lines[5];
  CHECK(bind["call"] == "bind(r, 127.0.0.1:62893)");
  CHECK(bind["process"] == "rival");
  CHECK(bind["chapter"] == "A second server");
  CHECK(bind["kernel"] == "EADDRINUSE");
  CHECK(bind["stated"] == "EADDRINUSE");
  CHECK(lines[9]["call"] == R"(send(c, "GET / HTTP/1.0\r\n\r\n"))");
  CHECK(lines[9]["kernel"] == "18");
  CHECK(lines[10]["kernel"] == R"("GET / HTTP/1.0\r\n\r\n")");
  CHECK(lines[15]["kernel"] == "holds");
  CHECK(
      lines[16] ==
      json::parse(R"({"summary": {"files": 1, "steps": 16, "agree": 16, "differ": 0, "not_modelled": 0}})"));
}

TEST_CASE("A claim is a step that holds or fails", "[cli]") {
  const Ran ran =
      run_program({"run", "--json", "-"}, "patience 10ms\nexpect no LISTEN *:1\nexpect LISTEN *:1\n");
  REQUIRE(ran.status == 1);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["call"] == "expect no LISTEN *:1");
  CHECK(lines[0]["kernel"] == "holds");
  CHECK(lines[0]["agree"] == true);
  CHECK(lines[1]["kernel"] == "fails");
  CHECK(lines[1]["agree"] == false);
  CHECK(lines[2] ==
        json::parse(R"({"summary": {"files": 1, "steps": 2, "agree": 1, "differ": 1, "not_modelled": 0}})"));
}

TEST_CASE("A stated port(…) is compared by the number it stands for", "[cli]") {
  const std::string start =
      "p: s = socket(AF_INET, SOCK_DGRAM)\np: t = socket(AF_INET, SOCK_DGRAM)\np: bind(s, 127.0.0.1:4000)\n";
  const std::string asked = "p: getsockname(t) = 127.0.0.2:port(s)\n";
  CHECK(run_program({"run", "-"}, start + "p: bind(t, 127.0.0.2:port(s))\n" + asked).status == 0);
  const Ran ran = run_program({"run", "--json", "-"}, start + "p: bind(t, 127.0.0.2:4001)\n" + asked);
  CHECK(ran.status == 1);
  const json last = lines_of(ran.out).at(4);
  CHECK(last["kernel"] == "127.0.0.2:4001");
  CHECK(last["stated"] == "127.0.0.2:port(s)");
  CHECK(last["agree"] == false);
}

TEST_CASE("For people it says what is stated and what the kernel did", "[cli]") {
  const Ran ran = run_program({"run", "-"}, example);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("Who gets the port?"));
  CHECK_THAT(ran.out, ContainsText("A second server"));
  CHECK_THAT(ran.out, ContainsText("Same address, same port, while the first is listening."));
  CHECK_THAT(ran.out, ContainsText("EADDRINUSE (Address already in use)  ✓ as stated"));
  CHECK_THAT(ran.out, ContainsText("16 steps: all as stated"));
  CHECK_THAT(ran.out, !ContainsText("\x1b"));
  const Ran differs = run_program({"run", "-"}, wrong);
  CHECK(differs.status == 1);
  CHECK_THAT(differs.out, ContainsText("✗ the file states EADDRINUSE"));
  CHECK_THAT(differs.out, ContainsText("2 steps: 1 differs from what the file states"));
}

TEST_CASE("A process that is ended may be started anew, and its old port is still known", "[cli]") {
  const Ran ran = run_program({"run", "-"},
                              "p: s = socket(AF_INET, SOCK_DGRAM)\np: bind(s, 127.0.0.1:4000) = ok\nkill p\n"
                              "p: t = socket(AF_INET, SOCK_DGRAM)\np: bind(t, 127.0.0.1:port(s)) = ok\np: "
                              "getsockname(t) = 127.0.0.1:4000\n");
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
}

TEST_CASE("A folder means every .lab below it, one line each", "[cli]") {
  const Folder folder;
  folder.write("b/wrong.lab", wrong);
  folder.write("a.lab", example);
  folder.write("notes.txt", "not an experiment");
  const Ran ran = run_program({"run", folder.path("")});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, ContainsText("✓ " + folder.path("") + "a.lab  16 steps"));
  CHECK_THAT(ran.out, ContainsText("✗ " + folder.path("") + "b/wrong.lab  2 steps"));
  CHECK_THAT(ran.out, ContainsText("2 files, ✗ 18 steps: 1 differs"));
  CHECK(run_program({"run", "--json", folder.path("a.lab"), folder.path("b")}).status == 1);
  CHECK(run_program({"run", folder.path("a.lab")}).status == 0);
}

TEST_CASE("All errors of all files come at once, nothing is run, and the status is 2", "[cli]") {
  const Folder folder;
  const std::string one = folder.write("one.lab", "p: s = soket(AF_INET, SOCK_STREAM)\np: bind(s)\n");
  const std::string two = folder.write("two.lab", "titel x\n");
  const Ran ran = run_program({"run", one, two, folder.path("none.lab")});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err == one + ":1:8: `soket` is no call of the language; did you mean `socket`?\n" + one +
                       ":2:10: `)` here; the call is written bind(fd, ADDRESS)\n" + two +
                       ":1:1: `titel` begins no statement; did you mean `title`?\n" +
                       folder.path("none.lab") +
                       ": can't open it: ENOENT (No such file or directory); `-` reads standard input\n");
  CHECK(run_program({"run", "-"}, std::string(2 << 20, '#')).status == 2);
  CHECK(run_program({"run", "-"}, std::string("p: \0x\n", 6)).status == 2);
  std::filesystem::create_directory(folder.path("empty"));
  CHECK_THAT(run_program({"run", folder.path("empty")}).err,
             ContainsText("there is no .lab file in this folder"));
}

TEST_CASE("The command line's own mistakes end with 2 and a hint", "[cli]") {
  CHECK(run_program({"rnu", "x.lab"}).status == 2);
  CHECK(
      run_program({"rnu", "x.lab"}).err ==
      "loopscope: there is no command 'rnu'; did you mean 'run'?\n`loopscope --help` lists the commands.\n");
  CHECK(run_program({"x.lab"}).status == 3);  // no display
  CHECK_THAT(run_program({"x.lab"}).err, ContainsText("`loopscope run x.lab`"));
  CHECK_THAT(run_program({"run", "-", "--jsn"}).err, ContainsText("did you mean '--json'?"));
  CHECK(run_program({"run", "-", "--jsn"}).status == 2);
  CHECK(run_program({"run"}).status == 2);
  CHECK(run_program({"run", "-", "--json", "--step"}).status == 2);
  CHECK(run_program({"run", "-", "--step"}, wrong).status == 2);
  const Folder folder;
  CHECK(run_program({"run", "-", "--trace", folder.path("no/such/folder")}, wrong).status == 2);
  CHECK(run_program(
            {"run", folder.write("a.lab", wrong), folder.write("b.lab", wrong), "--pcap", folder.path("x")})
            .status == 2);
}

TEST_CASE("What happened is kept where it is asked for", "[cli]") {
  const Folder folder;
  const Ran ran = run_program(
      {"run", "-", "--trace", folder.path("out.jsonl"), "--pcap", folder.path("out.pcap")}, example);
  INFO(ran.err);
  CHECK(ran.status == 0);
  CHECK_THAT(read_file(folder.path("out.jsonl")), ContainsText("\"call-returned\""));
  CHECK(read_file(folder.path("out.pcap")).substr(0, 4) == "\x4d\x3c\xb2\xa1");
}

TEST_CASE("--step goes on with Enter, and stops where it is told to", "[cli]") {
  const Folder folder;
  const std::string file = folder.write("a.lab", wrong);
  // Nobody types: it waits for nothing.
  CHECK(run_program({"run", "--step", file}).status == 1);
  const Ran stopped = run_program({"run", "--step", file}, "\nq\n");
  CHECK(stopped.status == 0);
  CHECK_THAT(stopped.out, ContainsText("1 step: all as stated"));
  const Ran all = run_on_terminal({"run", "--step", file}, "\n\n");
  CHECK(all.status == 1);
  CHECK_THAT(all.out, ContainsText("next: p: s = socket(AF_INET, SOCK_STREAM)"));
  CHECK_THAT(all.out, ContainsText("\x1b[1;31m✗ the file states EADDRINUSE"));
  CHECK_THAT(run_on_terminal({"run", file}, "", {"NO_COLOR=1"}).out, !ContainsText("\x1b[1"));
}

TEST_CASE("It runs with its standard streams closed, and with few descriptors", "[cli]") {
  const Folder folder;
  const std::string file = folder.write("a.lab", example);
  CHECK(run_program({"run", file}, "", "exec <&-;").status == 0);
  CHECK_THAT(run_program({"run", "-"}, "", "exec <&-;").out, ContainsText("0 steps"));
  CHECK(run_program({"run", "--json", file}, "", "exec >&-;").status == 2);
  CHECK(run_program({"run", "--json", file}, "", "exec >/dev/full;").status == 2);
  CHECK(run_program({"run", file}, "", "exec <&- 2>&-;").status == 0);
  for (const std::string few : {"20", "64", "256"}) {
    const Ran ran = run_program({"run", file}, "", "ulimit -n " + few + ";");
    INFO(few << " descriptors: " << ran.out << ran.err);
    CHECK(ran.status == 0);
  }
}
