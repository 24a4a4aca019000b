#include <set>

#include "tests/experiment/parse_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::experiment;

TEST_CASE("Printing writes the canonical form and keeps comments and blank lines", "[experiment]") {
  CHECK(print(tests::parsed(
            "#!lab\n\n\ntitle   A port  #  why \nserver:s=socket( AF_INET,SOCK_STREAM )=ok\r\n"
            "server: bind(s,127.0.0.1:1)?=EACCES#c\nfile f # x\n # y\nend\npatience 1000ms\n\n# last")) ==
        "#!lab\n\n\ntitle A port  #  why \nserver: s = socket(AF_INET, SOCK_STREAM) = ok\n"
        "server: bind(s, 127.0.0.1:1) ?= EACCES  #c\nfile f  # x\n # y\nend\npatience 1s\n\n# last\n");
}

TEST_CASE("A file with every kind of statement prints and parses to the same", "[experiment]") {
  const std::string text = tests::read_file(LOOPSCOPE_EVERYTHING);
  const Experiment experiment = tests::parsed(text);
  CHECK(tests::parsed(print(experiment)) == experiment);
  CHECK(print(tests::parsed(print(experiment))) == print(experiment));
  std::set<std::size_t> kinds;
  for (const Statement& statement : experiment.statements) kinds.insert(statement.body.index());
  CHECK(kinds.size() == std::variant_size_v<Body>);
  std::set<std::size_t> calls;
  for (const Statement& statement : experiment.statements) {
    if (const auto* step = std::get_if<CallStep>(&statement.body)) calls.insert(step->call.index());
  }
  CHECK(calls.size() == std::variant_size_v<Call>);
}

TEST_CASE("Every statement alone prints to what parse_statement reads back", "[experiment]") {
  for (const Statement& statement : tests::parsed(tests::read_file(LOOPSCOPE_EVERYTHING)).statements) {
    if (std::holds_alternative<FileDecl>(statement.body)) continue;
    INFO(to_string(statement));
    const auto again = parse_statement(to_string(statement));
    REQUIRE(again);
    // Alone, `returns` does not know its call; the file's last such RESULT is `ok`, which needs none.
    CHECK(*again == statement);
  }
}

TEST_CASE("Strings are printed so that they read back, whatever their bytes", "[experiment]") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(parse_result(to_string(Text{all, 1})) == Result{Received{Text{all, 1}, std::nullopt}});
  CHECK(to_string(Text{"a\r\n\t\\\"\x01\x7f", 1}) == R"("a\r\n\t\\\"\x01\x7f")");
  CHECK(to_string(Text{"caf\xc3\xa9 \xff", 2}) == "\"caf\xc3\xa9 \\xff\" * 2");
}

TEST_CASE("A long repetition is shown as one", "[experiment]") {
  CHECK(to_string(Result{Received{Text{std::string(100000, 'x'), 1}, std::nullopt}}) == "\"x\" * 100000");
  std::string pairs;
  for (int index = 0; index < 100; ++index) pairs += "ab";
  CHECK(to_string(Result{Received{Text{pairs, 1}, std::nullopt}}) == "\"ab\" * 100");
  CHECK(to_string(Result{Received{Text{pairs + "a", 1}, std::nullopt}}) == "\"" + pairs + "a\"");
  CHECK(to_string(Result{Received{Text{"xxxx", 1}, std::nullopt}}) == "\"xxxx\"");
}
