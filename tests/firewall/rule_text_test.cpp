#include "sim/firewall/rule_text.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope::firewall;

namespace {

int column_of_problem(const std::string& rule) {
  const auto problem = problem_of(rule);
  return problem ? problem->column : 0;
}

}  // namespace

TEST_CASE("Rules in nft's own words are taken as they are") {
  for (const char* rule :
       {"tcp dport 62893 drop", "ip saddr { 192.0.2.2, 192.0.2.3 } reject with tcp reset", "counter",
        "iifname \"lo\" tcp dport 80 counter packets 0 bytes 0 drop comment \"# ; $x and queue\"",
        "ct state established,related accept", "@th,16,16 5000 drop",
        "meta l4proto { tcp, udp } th dport 53 drop"}) {
    INFO(rule);
    CHECK_FALSE(problem_of(rule));
  }
}

TEST_CASE("What would begin a second command is refused where it stands") {
  CHECK(column_of_problem("drop; flush ruleset") == 5);
  CHECK(column_of_problem("tcp dport 80 drop\nflush ruleset") == 18);
  CHECK(column_of_problem("tcp dport 80 drop\rflush ruleset") == 18);
  CHECK(column_of_problem(std::string("drop\0flush", 10)) == 5);
  CHECK(column_of_problem("drop \\") == 6);
  CHECK(column_of_problem("tcp dport $port drop") == 11);
  CHECK(column_of_problem("drop # more") == 6);
  CHECK(column_of_problem("drop comment \"a") == 14);
  // nft knows no escapes in strings: its string ends before the `;`.
  CHECK(column_of_problem("drop comment \"a\\\"; flush ruleset\"") == 16);
  CHECK(column_of_problem("jump { drop; }") == 12);
}

TEST_CASE("A rule has no place of its own, and does not lead out of the lab's sight") {
  CHECK(column_of_problem("position 3 drop") == 1);
  CHECK(column_of_problem("  index 0 drop") == 3);
  CHECK(column_of_problem("handle 5 drop") == 1);
  CHECK(column_of_problem("tcp dport 80 queue num 62") == 14);
  CHECK(column_of_problem("goto output") == 1);
  CHECK(column_of_problem("meta nftrace set 0") == 6);
  CHECK(column_of_problem("   ") == 1);
}

TEST_CASE("nft's words and place are those of the rule") {
  const char* words =
      "Error: syntax error, unexpected string\n"
      "add table inet loopscope\n"
      "                                  ^^^^\n";
  CHECK(from_nft(words, 31) == RuleProblem{5, "syntax error, unexpected string"});
  CHECK(from_nft("Error: Could not process rule: Operation not supported\nadd rule\n^^^^^^^^\n", 31) ==
        RuleProblem{1, "Could not process rule: Operation not supported"});
  CHECK(from_nft("", 31).message == "nftables does not take this rule");
}

TEST_CASE("Words count outside quotation marks only") {
  CHECK(has_word("tcp dport 80 reject", "reject"));
  CHECK_FALSE(has_word("tcp dport 80 drop comment \"no reject\"", "reject"));
  CHECK_FALSE(has_word("iifname rejecting drop", "reject"));
}
