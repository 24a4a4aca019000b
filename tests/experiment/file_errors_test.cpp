#include <algorithm>

#include "tests/experiment/parse_support.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using tests::problems_of;

namespace {

std::string repeated(const std::string& unit, std::size_t times) {
  std::string all;
  for (std::size_t index = 0; index < times; ++index) all += unit;
  return all;
}

}  // namespace

TEST_CASE("All problems of a file come at once, in the order of their lines", "[experiment]") {
  CHECK(problems_of("p: s = soket(AF_INET, SOCK_STREAM)\n"
                    "p: bind(s, localhost:1)\n"
                    "p: connect(t, 127.0.0.1:port(u))\n") ==
        "a.lab:1:8: `soket` is no call of the language; did you mean `socket`?\n"
        "a.lab:2:12: `localhost` is no address; names are not looked up: write 127.0.0.1 or [::1]\n"
        "a.lab:3:12: process `p` has no variable `t`; there is `s`\n"
        "a.lab:3:30: process `p` has no variable `u`; there is `s` and `t`\n");
}

TEST_CASE("A broken line does not make later lines wrong", "[experiment]") {
  CHECK(problems_of("host far 192.0.2.x\nprocess p on far\nexpect far LISTEN *:80\n") ==
        "a.lab:1:10: `192.0.2.x` is no IP address; it is like 192.0.2.7 or 2001:db8::7, without a port\n");
  CHECK(problems_of("p: a = acept(s)\np: recv(a)\np: returns = \"hi\"\n") ==
        "a.lab:1:8: `acept` is no call of the language; did you mean `accept`?\n");
}

TEST_CASE("What is declared twice is told with the line that has it", "[experiment]") {
  CHECK(problems_of("title one\ntitle two\n") ==
        "a.lab:2:1: a second title; the experiment has its name from line 1\n");
  CHECK(problems_of("host far\nhost far\n") == "a.lab:2:1: host `far` is already declared in line 1\n");
  CHECK(problems_of("process p\n\nprocess p as root\n") ==
        "a.lab:3:1: process `p` is already declared in line 1\n");
  CHECK(problems_of("p: s = socket(AF_INET, SOCK_DGRAM)\nprocess p as root\n") ==
        "a.lab:2:1: process `p` takes a step in line 1 already: declare it before that\n");
  CHECK(problems_of("device eth1\ndevice here eth1\n") ==
        "a.lab:2:1: device `eth1` of `here` is already declared in line 1\n");
}

TEST_CASE("A process that has ended has no descriptors, but may be started again", "[experiment]") {
  const std::string start = "p: s = socket(AF_INET, SOCK_DGRAM)\np: bind(s, 127.0.0.1:0)\nkill p\n";
  CHECK(problems_of(start + "p: close(s)\n") == "a.lab:4:10: `s` is gone: process `p` ended in line 3\n");
  CHECK(problems_of(start + "exit p\n") == "a.lab:4:1: process `p` has ended in line 3 already\n");
  CHECK(problems_of(start + "p: s = socket(AF_INET, SOCK_DGRAM)\np: close(s)\nexit p\n").empty());
  CHECK(problems_of(start + "process p as root\np: s = socket(AF_INET, SOCK_DGRAM)\n").empty());
  // Its port is still known, as the contract says.
  CHECK(problems_of(start + "q: c = socket(AF_INET, SOCK_DGRAM)\nq: connect(c, 127.0.0.1:port(p.s))\n")
            .empty());
}

TEST_CASE("A claim's port(VARIABLE) is that of the only process that has it", "[experiment]") {
  const std::string one = "p: s = socket(AF_INET, SOCK_STREAM)\n";
  const auto experiment = tests::parsed(one + "expect no LISTEN *:port(s)\n");
  CHECK(to_string(experiment.statements.back()) == "expect no LISTEN *:port(p.s)");
  CHECK(problems_of(one + "q: s = socket(AF_INET, SOCK_STREAM)\nexpect no LISTEN *:port(s)\n") ==
        "a.lab:3:25: both `p` and `q` have a variable `s`: write `port(p.s)` or `port(q.s)`\n");
}

TEST_CASE("The RESULT of returns is one of the call that is under way", "[experiment]") {
  const std::string start = "p: s = socket(AF_INET, SOCK_STREAM)\np: poll(s, POLLIN) = blocks\n";
  const auto experiment = tests::parsed(start + "p: returns = 0\n");
  CHECK(stated_of(experiment.statements.back())->result == experiment::Result{experiment::Events{0}});
  CHECK(problems_of(start + "p: returns = \"hi\"\n") ==
        "a.lab:3:14: poll gives events like POLLIN|POLLHUP, or 0, never `\"hi\"`\n");
}

TEST_CASE("A `file` block without an end is told with the line that opens it", "[experiment]") {
  CHECK(problems_of("patience 1s\nfile a.conf\nport = 1\n") ==
        "a.lab:2:1: this `file` block has no end: a line with nothing but `end` closes it\n");
  CHECK(problems_of("file a/b\nanything at all\nend\npatience x\n") ==
        "a.lab:1:6: a file lies in the processes' folder itself: a name without `/` and `\"`, as in `file "
        "server.conf`\n"
        "a.lab:4:10: `x` where a patience belongs: like 250ms, 1s, 1.5s or 10us\n");
}

TEST_CASE("Bytes that are no text are told by their place", "[experiment]") {
  using namespace std::string_literals;
  CHECK(problems_of("> caf\xe9\n") ==
        "a.lab:1:6: the byte 0xe9 is not UTF-8: save the file as UTF-8; in a string write `\\xe9`\n");
  CHECK(problems_of("> over\xc0\xaflong\n") ==
        "a.lab:1:7: the byte 0xc0 is not UTF-8: save the file as UTF-8; in a string write `\\xc0`\n");
  CHECK(problems_of("> a\0b\n"s) == "a.lab:1:4: a NUL byte; in a string write `\\x00`\n");
  CHECK(problems_of("> a\rb\n") == "a.lab:1:4: a carriage return inside a line; in a string write `\\r`\n");
  CHECK(problems_of("> a\x1b[31m\n") ==
        "a.lab:1:4: a control character (0x1b); in a string write it as `\\xNN`\n");
  CHECK(problems_of("> \xc2\x9b\n") ==
        "a.lab:1:3: a control character (0x9b); in a string write it as `\\xNN`\n");
  CHECK(problems_of("> caf\xc3\xa9 \xf0\x9f\x94\x81\n").empty());
}

TEST_CASE("Lines may end in CRLF, the last in nothing, and the file may begin with a byte order mark",
          "[experiment]") {
  const auto unix_lines = tests::parsed("title t\n\nfile a\nx\nend\npatience 1s\n");
  CHECK(tests::parsed("title t\r\n\r\nfile a\r\nx\r\nend\r\npatience 1s") == unix_lines);
  CHECK(tests::parsed("\xef\xbb\xbftitle t\n\nfile a\nx\nend\npatience 1s\n") == unix_lines);
  CHECK(tests::parsed("").statements.empty());
}

TEST_CASE("The limits of line and file are told with the line that passes them", "[experiment]") {
  const std::string longest = "> " + std::string(4094, 'x') + "\n";
  CHECK(problems_of(longest).empty());
  CHECK(problems_of("patience 1s\n> " + std::string(4095, 'x') + "\n") ==
        "a.lab:2:4097: the line has 4097 bytes; a line has at most 4096\n");
  const std::string file = repeated("> " + std::string(4093, 'x') + "\n", 256);
  REQUIRE(file.size() == 1 << 20);
  CHECK(problems_of(file).empty());
  CHECK(problems_of(file + "\n") ==
        "a.lab:257:1: the file has 1048577 bytes and passes the limit of 1048576 in this line\n");
}

TEST_CASE("The limits of a world are told with the line that passes them", "[experiment]") {
  std::string hosts, processes, sockets;
  for (int index = 1; index <= 15; ++index) hosts += "host h" + std::to_string(index) + "\n";
  CHECK(problems_of(hosts).empty());
  CHECK(problems_of(hosts + "host h16\n") ==
        "a.lab:16:1: host `h16` would be one too many: a world has at most 16, `here` included\n");
  for (int index = 1; index <= 64; ++index) processes += "process p" + std::to_string(index) + "\n";
  CHECK(problems_of(processes).empty());
  CHECK(problems_of(processes + "q: s = socket(AF_INET, SOCK_DGRAM)\n") ==
        "a.lab:65:1: process `q` would be one too many: a world has at most 64\n");
  sockets = repeated("p: s = socket(AF_INET, SOCK_DGRAM)\n", 4096);
  CHECK(problems_of(sockets + "p: close(s)\np: s = socket(AF_INET, SOCK_DGRAM)\n").empty());
  CHECK(problems_of(sockets + "p: s = socket(AF_INET, SOCK_DGRAM)\n") ==
        "a.lab:4097:1: one socket too many: a world has at most 4096 at a time\n");
}

TEST_CASE("A file that is no experiment ends in a word about the rest", "[experiment]") {
  const std::string problems = problems_of(repeated("%\n", 5000));
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 1001);
  CHECK(problems.ends_with("a.lab:1000:1: there are more than 1000 problems; the rest is not shown\n"));
}
