#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope::tests;

namespace {

bool has_nc() {
  const bool there = ::access("/usr/bin/nc", X_OK) == 0 || ::access("/bin/nc", X_OK) == 0;
  if (!there) std::cout << "skipped: nc is not installed\n";
  return there;
}

}  // namespace

TEST_CASE("watch tells a program's network calls as strace does, and has its exit status", "[cli][watch]") {
  if (!has_nc()) return;
  for (const bool here : {false, true}) {
    CAPTURE(here);
    std::vector<std::string> words{"watch"};
    if (here) words.emplace_back("--here");
    words.insert(words.end(), {"--", "nc", "-z", "127.0.0.1", "1"});
    const Ran ran = run_program(words);
    INFO(ran.err);
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, ContainsText("socket(AF_INET, SOCK_STREAM"));
    CHECK_THAT(
        ran.err,
        ContainsText(
            R"(connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16))"));
    CHECK_THAT(ran.err, ContainsText("getsockopt(3, SOL_SOCKET, SO_ERROR, [111], [4])"));
    CHECK_THAT(ran.err, ContainsText("+++ exited with 1 +++"));
  }
}

TEST_CASE("watch follows children, and leaves what they write alone", "[cli][watch]") {
  if (!has_nc()) return;
  const Ran ran = run_program({"watch", "--", "sh", "-c", "echo mine; nc -z 127.0.0.1 1; exit 5"});
  INFO(ran.err);
  CHECK(ran.status == 5);
  CHECK(ran.out == "mine\n");
  CHECK_THAT(ran.err, ContainsText("[pid "));
  CHECK_THAT(ran.err, ContainsText("+++ exited with 5 +++"));
}

TEST_CASE("watch --json prints one object a call, and the program's output elsewhere", "[cli][watch]") {
  if (!has_nc()) return;
  const Ran ran = run_program({"watch", "--json", "--", "sh", "-c", "echo mine; nc -z 127.0.0.1 1"});
  INFO(ran.out << ran.err);
  CHECK_THAT(ran.err, ContainsText("mine"));
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() > 2);
  CHECK(lines.front()["call"] == "socket");
  CHECK(lines.front()["result"] == "ok");
  CHECK(lines.back()["exit_status"] == 1);
}

TEST_CASE("watch says what it could not start", "[cli][watch]") {
  const Ran none = run_program({"watch", "--", "no-such-program-here"});
  CHECK(none.status == 127);
  CHECK_THAT(none.err, ContainsText("no-such-program-here is not installed"));
  CHECK(run_program({"watch"}).status == 2);
  const Ran killed = run_program({"watch", "--", "sh", "-c", "kill -9 $$"});
  CHECK(killed.status == 128 + 9);
  CHECK_THAT(killed.err, ContainsText("+++ killed by SIGKILL +++"));
}

TEST_CASE("A file that starts programs is run only where that is allowed", "[cli][watch]") {
  const Folder folder;
  const std::string file = folder.write("a.lab", "p: run sh -c \"echo hello\" = exit 0\n");
  for (const char* command : {"run", "check"}) {
    CAPTURE(command);
    const Ran refused = run_program({command, file});
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, ContainsText(file + ":1: p: run sh"));
    CHECK_THAT(refused.err, ContainsText("--allow-programs"));
    const Ran allowed = run_program({command, "--allow-programs", file});
    INFO(allowed.out << allowed.err);
    CHECK(allowed.status == 0);
  }
  const Ran told = run_program({"run", "--allow-programs", file});
  CHECK_THAT(told.out, ContainsText(R"(write(1, "hello\n", 6) = 6)"));
  const auto lines = lines_of(run_program({"run", "--allow-programs", "--json", file}).out);
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.front()["kernel"] == "exit 0");
  CHECK(lines.front()["calls"].size() == 1);
}
