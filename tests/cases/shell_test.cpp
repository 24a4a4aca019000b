#include <memory>

#include "sim/experiment/parser.hpp"
#include "tests/cases/player.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/ordinary_user.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
using loopscope::tests::ContainsText;

namespace {

experiment::Experiment experiment_of(const char* text) { return *experiment::parse(text, "test.lab"); }

/// A service that answers; what the shell may do is tested.
Case a_case(bool administrator) {
  Case one{.id = "01-test"};
  one.host = "here";
  one.administrator = administrator;
  one.files.push_back({"page", {"words of the page"}});
  one.hints = {"First.", "Second."};
  one.explanation = "Because.";
  one.broken = experiment_of("host far\nserver: start python3 -m http.server 8080 until 0.0.0.0:8080\n");
  one.check = experiment_of(
      "host far\nprocess client on far\n"
      "client: run curl -fsS --max-time 2 -o got http://192.0.2.1:8080/page  # it answers\n"
      "client: run grep -q words got\n");
  return one;
}

/// What a script wrote in the shell of a fresh world, and what the client saw then.
std::string story_of(const std::string& script, bool administrator) {
  std::string story;
  test::play_all(
      1, 1, [&](std::size_t) { return std::make_unique<test::Play>(a_case(administrator), script, false); },
      [&](std::size_t, test::Play& play) { story = play.story(); });
  return story;
}

}  // namespace

TEST_CASE("The shell sees, ends and edits what the case runs, and nothing else of the machine",
          "[cases][kernel]") {
  const std::string story = story_of(
      "echo processes $(ls -d /proc/[0-9]* | wc -l)\n"
      "ps -ef | grep -q '[h]ttp.server' && echo it is seen\n"
      "ss -ltnp | grep -q 'python3' && echo it is named\n"
      "echo more >> page && cat page\n"
      "touch /etc/here 2>&1; ls /root /home 2>&1; cat /etc/passwd | wc -l\n"
      "unshare -Ur true 2>&1\n"
      "nft add table inet t 2>&1 | head -1\n"
      "pkill -f http.server; echo ended $?\n",
      false);
  INFO(story);
  CHECK_THAT(story, ContainsText("it is seen"));
  CHECK_THAT(story, ContainsText("it is named"));
  CHECK_THAT(story, ContainsText("words of the page\nmore"));
  CHECK_THAT(story, ContainsText("Read-only file system"));
  CHECK_THAT(story, ContainsText("unshare failed: Operation not permitted"));
  CHECK_THAT(story, ContainsText("ended 0"));
  CHECK_THAT(story, ContainsText("Operation not permitted"));
  CHECK_THAT(story, ContainsText("NO   it answers"));  // it was ended
}

TEST_CASE("A shell as root administers the lab's network, still as an ordinary user", "[cases][kernel]") {
  const std::string story = story_of(
      "[ $(id -u) != 0 ] && echo no root; [ $(whoami) = lab ] && echo lab\n"
      "nft add table inet t && nft list tables | grep 'inet t'\n"
      "sysctl -w net.ipv4.ip_local_port_range='40000 40009'\n"
      "sudo ip address add 192.0.2.77/24 dev eth0 && ip -br address show eth0\n"
      "sysctl -w kernel.hostname=other 2>&1; cat /etc/shadow 2>&1\n",
      true);
  INFO(story);
  CHECK_THAT(story, ContainsText("no root\nlab\n"));
  CHECK_THAT(story, ContainsText("table inet t"));
  CHECK_THAT(story, ContainsText("net.ipv4.ip_local_port_range = 40000 40009"));
  CHECK_THAT(story, ContainsText("192.0.2.77/24"));
  CHECK_THAT(story, ContainsText("kernel.hostname"));
  CHECK_THAT(story, ContainsText("shadow: Permission denied"));
  CHECK_THAT(story, ContainsText("yes  it answers"));
}

TEST_CASE("Nothing that is put into the house changes what the client outside does", "[cases][kernel]") {
  const std::string story = story_of(
      "printf 'output = /dev/null\\nurl = file:///tmp/lab/page\\n' > .curlrc; echo words > got\n"
      "printf '#!/bin/sh\\nexit 0\\n' > curl; chmod +x curl; export PATH=/tmp/lab:$PATH\n"
      "pkill -f http.server; while pgrep -f http.server > /dev/null; do sleep 0.05; done\n",
      false);
  INFO(story);
  CHECK_THAT(story, ContainsText("NO   it answers"));
}

TEST_CASE("hint, check and give-up are answered in the shell", "[cases][kernel]") {
  const std::string story = story_of("hint\nhint\nhint\ncheck && echo it held\ngive-up\n", false);
  INFO(story);
  CHECK_THAT(story, ContainsText("Hint 1 of 2: First."));
  CHECK_THAT(story, ContainsText("Hint 2 of 2: Second."));
  CHECK_THAT(story, ContainsText("no more hints"));
  CHECK_THAT(story, ContainsText("Solved: the service answers."));
  CHECK_THAT(story, ContainsText("it held"));
  CHECK_THAT(story, ContainsText("does not count"));
}

TEST_CASE("On a terminal the shell is interactive, knows its size and can be left and opened again",
          "[cases][kernel]") {
  CaseSession session(test::launcher(), a_case(false));
  REQUIRE(test::pump_until(session, [&] { return session.state() == CaseSession::State::Ready; }));
  CaseSession::ShellPlace place;
  place.columns = 93;
  place.rows = 17;
  std::string screen;
  const auto shows = [&](const std::string& words) {
    return test::pump_until(session, [&] {
      screen += session.shell()->take_output();
      return screen.find(words) != std::string::npos;
    });
  };
  session.open_shell(place);
  CHECK(shows("lab@here"));
  session.shell()->type("stty size; tty; echo $-\n");
  CHECK(shows("17 93"));
  CHECK(shows("/dev/pts/0"));
  session.shell()->resize(40, 12);
  session.shell()->type("stty size\n");
  CHECK(shows("12 40"));
  session.shell()->type("sleep 100\n");
  session.shell()->type("\x03");
  session.shell()->type("exit 5\n");
  CHECK(test::pump_until(session, [&] { return session.shell()->ended(); }));
  CHECK(session.shell()->exit_status() == 5);
  session.open_shell(place);
  screen.clear();
  CHECK(shows("lab@here"));
  for (int time = 1; time <= 3; ++time) {
    session.check();
    REQUIRE(test::pump_until(session, [&] { return session.checks() == time; }));
    CHECK(session.last_check()->holds);
  }
  INFO(screen);
  CHECK(session.solved());
}

TEST_CASE("The shell is as safe for an ordinary user", "[cases][kernel]") {
  const auto again = test::run_again_as_ordinary_user("The shell sees*,A shell as root*,Nothing that is put*",
                                                      LOOPSCOPE_LESSONS_UNDER_TEST);
  if (!again.tried) return;
  INFO(again.output);
  CHECK(again.exit_status == 0);
}
