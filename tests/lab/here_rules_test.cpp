#include "sim/lab/here_rules.hpp"

#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

namespace loopscope::test {
namespace {

std::vector<std::string> refused(const std::string& text) {
  return lab::refused_on_this_machine(experiment_of(text, "try.lab"));
}

struct Case {
  const char* text;
  const char* place;  ///< 'FILE:LINE: ' and what it begins with
  const char* remedy;
};

}  // namespace

TEST_CASE("what stays on the loopback is not refused on this machine", "[here]") {
  CHECK(refused("server: s = socket(AF_INET, SOCK_STREAM)\n"
                "server: setsockopt(s, SO_BINDTODEVICE, \"lo\")\n"
                "server: bind(s, 127.255.0.9:0)\n"
                "server: listen(s, 1)\n"
                "client: c = socket(AF_INET6, SOCK_STREAM)\n"
                "client: bind(c, [::ffff:127.0.0.1]:0)\n"
                "client: connect(c, [::1]:4000)\n"
                "any: a = socket(AF_INET, SOCK_STREAM)\n"
                "any: connect(a, 0.0.0.0:4000)\n"
                "udp: u = socket(AF_INET, SOCK_DGRAM)\n"
                "udp: connect(u, 127.0.0.1:4000)\n"
                "udp: sendto(u, \"x\", 127.0.0.1:4001)\n"
                "patience 100ms\n"
                "expect LISTEN 127.255.0.9:*\n")
            .empty());
}

TEST_CASE("what would leave the loopback is refused on this machine, with its line and what to write",
          "[here]") {
  const auto test = GENERATE(
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: bind(s, 0.0.0.0:4000)", "try.lab:2: 0.0.0.0:4000",
           "write 127.0.0.1"},
      Case{"p: s = socket(AF_INET6, SOCK_STREAM)\np: bind(s, [::]:4000)", "try.lab:2: [::]:4000",
           "write [::1]"},
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: bind(s, 192.0.2.1:4000)", "try.lab:2: 192.0.2.1:4000",
           "write 127.0.0.1"},
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: connect(s, 192.0.2.1:80)", "try.lab:2: 192.0.2.1:80",
           "write 127.0.0.1"},
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: listen(s, 1)", "try.lab:2: listen", "127.0.0.1 first"},
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: bind(s, 127.0.0.1:0)\np: close(s)\n"
           "p: s = socket(AF_INET, SOCK_STREAM)\np: listen(s, 1)",
           "try.lab:5: listen", "127.0.0.1 first"},
      Case{"p: s = socket(AF_INET, SOCK_DGRAM)\np: sendto(s, \"x\", 127.0.0.1:4000)", "try.lab:2: sendto",
           "127.0.0.1:0 first"},
      Case{"p: s = socket(AF_INET, SOCK_DGRAM)\np: bind(s, 127.0.0.1:0)\n"
           "p: sendto(s, \"x\", 255.255.255.255:9)",
           "try.lab:3: 255.255.255.255:9", "write 127.0.0.1"},
      Case{"p: s = socket(AF_INET, SOCK_STREAM)\np: setsockopt(s, SO_BINDTODEVICE, \"eth0\")",
           "try.lab:2: `eth0`", "\"lo\""});
  INFO(test.text);
  const auto problems = refused(test.text);
  REQUIRE(problems.size() == 1);
  CHECK_THAT(problems.front(), Catch::Matchers::StartsWith(test.place));
  CHECK_THAT(problems.front(), tests::ContainsText(test.remedy));
}

TEST_CASE("what would change the machine is refused on it, every line of it", "[here]") {
  const auto problems = refused(
      "host other\n"
      "sysctl net.ipv4.tcp_tw_reuse = 1\n"
      "address lo 192.0.2.9/32\n"
      "device eth7\n"
      "firewall input tcp dport 4000 drop\n"
      "file x.conf\n"
      "hello\n"
      "end\n"
      "packets hold\n"
      "process r as root\n"
      "process far on other\n"
      "expect no LISTEN 127.0.0.1:4000\n"
      "curl: run curl http://127.0.0.1:4000/\n");
  REQUIRE(problems.size() == 10);
  for (const std::string& words : problems) {
    INFO(words);
    CHECK_THAT(words, Catch::Matchers::StartsWith("try.lab:"));
    CHECK_THAT(words, tests::ContainsText("--here"));
  }
  CHECK_THAT(problems.back(), Catch::Matchers::StartsWith("try.lab:13: "));
}

}  // namespace loopscope::test
