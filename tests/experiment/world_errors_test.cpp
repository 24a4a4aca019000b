#include "tests/experiment/parse_support.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

struct Case {
  const char* line;
  const char* problem;  ///< from the column on
};

}  // namespace

TEST_CASE("A world statement that is written wrongly is told where and how it would be right",
          "[experiment]") {
  const std::vector<Case> cases{
      {R"(titel x)", R"(1: `titel` begins no statement; did you mean `title`?)"},
      {R"(title)", R"(6: the title is missing: `title WORDS`)"},
      {R"(==)", R"(3: the chapter has no name: `== WORDS`)"},
      {R"(process p on mars)", R"(14: no host `mars` is declared above; there is `here`)"},
      {R"(process a as king)", R"(14: `king` after `as`: only `as root` is known)"},
      {R"(process a b)", R"(11: `b` here; it is written `process NAME [on HOST] [as root]`)"},
      {R"(host wire)", R"(6: `wire` is a word of the language and can't name a host)"},
      {R"(host LISTEN)", R"(6: `LISTEN` is a word of the language and can't name a host)"},
      {R"(host here)", R"(1: the host `here` is always there and is not declared)"},
      {R"(host far 192.0.2.1/24)",
       R"(10: `192.0.2.1/24`: an address of a host has no length; its network is a /24 or a /64)"},
      {R"(host far 192.0.2.x)",
       R"(10: `192.0.2.x` is no IP address; it is like 192.0.2.7 or 2001:db8::7, without a port)"},
      {R"(device lo)", R"(1: the device `lo` is on each host and is not declared)"},
      {R"(device a/b)",
       R"(8: `a/b` is no name of a device: at most 15 characters without / : and blanks, like eth1)"},
      {R"(device sixteen-letters-x)",
       R"(8: `sixteen-letters-x` is no name of a device: at most 15 characters without / : and blanks, like eth1)"},
      {R"(device mars eth1)", R"(8: no host `mars` is declared above; there is `here`)"},
      {R"(address lo)",
       R"(11: the address is missing: `address [HOST] DEVICE ADDRESS/LENGTH`, as in `address lo 192.0.2.9/32`)"},
      {R"(address lo 1.2.3.4)", R"(12: the length is missing: 1.2.3.4/32 for this address alone)"},
      {R"(address lo 1.2.3.4/33)", R"(20: 33 is no length of the network's part: it goes from 0 to 32)"},
      {R"(address lo ::1/129)", R"(16: 129 is no length of the network's part: it goes from 0 to 128)"},
      {R"(address lo 1.2.3.4/x)", R"(20: `x` where a length of the network's part belongs: a whole number)"},
      {R"(address eth7 1.2.3.4/32)",
       R"(9: `here` has no device `eth7`; there is `lo`; `device eth7` makes one)"},
      {R"(address eth0 1.2.3.4/32)",
       R"(9: `here` has no device `eth0`: it comes with a second host, or with `device eth0`)"},
      {R"(sysctl kernel.hostname = x)",
       R"(8: `kernel.hostname` is no network setting: its name begins with `net.`, as in net.ipv4.ip_local_port_range)"},
      {R"(sysctl net.ipv4.ip_forward)", R"(27: nothing instead of `=`: `sysctl [HOST] NAME = VALUE`)"},
      {R"(sysctl net..ipv4 = 1)",
       R"(8: `net..ipv4` is no network setting: its name begins with `net.`, as in net.ipv4.ip_local_port_range)"},
      {R"(sysctl net.ipv4.ip_forward =)", R"(29: the value is missing: `sysctl [HOST] NAME = VALUE`)"},
      {R"(firewall)",
       R"(9: the rule is missing: `firewall [HOST] input|output RULE` or `firewall [HOST] clear`)"},
      {R"(firewall forward tcp dport 80 drop)",
       R"(10: no chain here: it is written `firewall [HOST] input|output RULE` or `firewall [HOST] clear`; there is `input` and `output`)"},
      {R"(firewall input)", R"(15: the rule is missing, in nftables' words: `tcp dport 62893 drop`)"},
      {R"(firewall mars clear)", R"(10: no host `mars` is declared above; there is `here`)"},
      {R"(firewall input log prefix "a)",
       R"(27: this string is not closed: end it with `"` on the same line)"},
      {R"(packets)", R"(8: nothing where `hold`, `pass`, `drop` or `flow` belongs)"},
      {R"(packets hlod)",
       R"(9: `hlod` where `hold`, `pass`, `drop` or `flow` belongs; did you mean `hold`?)"},
      {R"(packets sea hold)", R"(9: `sea` is neither a host nor `wire`; there is `here` and `wire`)"},
      {R"(packets wire hold)",
       R"(9: there is no `wire`: this world has one host only; `host NAME` makes another)"},
      {R"(packets hold 3)", R"(14: `3` after a whole statement, where the line should end)"},
      {R"(packets pass none)", R"(14: `none` where a count of packets belongs: a whole number)"},
      {R"(packets pass 0)", R"(14: 0 is no count of packets: it goes from 1 to 1000000)"},
      {R"(patience 0s)", R"(10: a patience of 0 would let no call return: at least 1us)"},
      {R"(patience soon)", R"(10: `soon` where a patience belongs: like 250ms, 1s, 1.5s or 10us)"},
      {R"(kill z)", R"(6: there is no process `z` so far)"},
      {R"(exit)",
       R"(5: nothing where the name of a process belongs: letters, digits, `_` and `-`, a letter first)"},
      {R"(wait)", R"(5: nothing where a time to wait belongs: like 250ms, 1s, 1.5s or 10us)"},
      {R"(wait 5)", R"(6: `5` where a time to wait belongs: like 250ms, 1s, 1.5s or 10us)"},
      {R"(wait 61min)", R"(6: `61min` is too long for a time to wait: at most 60min)"},
      {R"(wait 2h)", R"(6: `2h` where a time to wait belongs: like 250ms, 1s, 1.5s or 10us)"},
  };
  for (const Case& one : cases) {
    INFO(one.line);
    CHECK(tests::problems_of(one.line) == "a.lab:1:" + std::string(one.problem) + "\n");
  }
}

TEST_CASE("A claim that is written wrongly is told where and how it would be right", "[experiment]") {
  const std::vector<Case> cases{
      {R"(expect)",
       R"(7: the claim is missing: `expect STATE LOCAL`, `expect packets COUNT FLAGS` or `expect held COUNT`)"},
      {R"(expect LISTENING *:80)", R"(8: `LISTENING` is no state of a socket; did you mean `LISTEN`?)"},
      {R"(expect CLOSED *:80)",
       R"(8: a closed socket is in no table: write `expect no …` with the state it had)"},
      {R"(expect LISTEN)",
       R"(14: nothing where an address belongs; an address is like 127.0.0.1:62893, [::1]:62893 or 127.0.0.1:port(s))"},
      {R"(expect LISTEN 127.0.0.1)",
       R"(15: the port is missing; an address is like 127.0.0.1:62893, [::1]:62893 or 127.0.0.1:port(s))"},
      {R"(expect LISTEN AF_UNSPEC)", R"(15: AF_UNSPEC is no address that a socket has; `*` stands for any)"},
      {R"(expect LISTEN *:port(zz))",
       R"(22: no process has a variable `zz`; a claim takes a port as `port(PROCESS.VARIABLE)`)"},
      {R"(expect mars LISTEN *:80)", R"(8: no host `mars` is declared above; there is `here`)"},
      {R"(expect no packets 0 RST)", R"(8: that no packets are there is `expect packets 0 …`)"},
      {R"(expect packets RST)", R"(19: nothing where a count of packets belongs: a whole number)"},
      {R"(expect packets 1 PSH)",
       R"(18: `PSH` names no TCP packets; there is `SYN`, `SYN-ACK`, `RST`, `FIN` and `any`)"},
      {R"(expect packets 1 RTS)", R"(18: `RTS` names no TCP packets; did you mean `RST`?)"},
      {R"(expect packets 1 SYN via *:80)",
       R"(22: `via` here; it is written `expect packets [HOST] COUNT FLAGS [from ADDRESS] [to ADDRESS]`)"},
      {R"(expect held)", R"(12: nothing where a count of packets belongs: a whole number)"},
      {R"(expect held 1 all)",
       R"(15: `all` names no TCP packets; there is `SYN`, `SYN-ACK`, `RST`, `FIN` and `any`)"},
      {R"(expect LISTEN *:80 = holds)",
       R"(20: `=` here; it is written `expect [no] [HOST] STATE LOCAL [PEER] [by PROCESS]` and states no RESULT)"},
      {R"(expect LISTEN *:80 *:1 *:2)",
       R"(24: `*:2` here; it is written `expect [no] [HOST] STATE LOCAL [PEER] [by PROCESS]` and states no RESULT)"},
      {R"(expect LISTEN *:80 by nobody)", R"(23: there is no process `nobody` so far)"},
      {R"(end)", R"(1: `end` without a `file NAME` before it)"},
      {R"(%)", R"(1: `%` begins no statement)"},
  };
  for (const Case& one : cases) {
    INFO(one.line);
    CHECK(tests::problems_of(one.line) == "a.lab:1:" + std::string(one.problem) + "\n");
  }
}
