#include "sim/lab/plan.hpp"

#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lab;

namespace {

const auto statements = experiment::parse(R"(title  A plan
sysctl net.ipv4.tcp_syncookies = 0
== One
> It begins.
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
expect BOUND 127.0.0.1:62893
== Two
patience 1s
kill server
> And then?
expect no BOUND 127.0.0.1:62893
)",
                                          "plan.lab")
                            .value()
                            .statements;

}  // namespace

TEST_CASE("A learner stops at calls, at what ends processes, and at claims that are led to") {
  std::string stops;
  for (std::size_t index = 0; index < statements.size(); ++index)
    stops += std::to_string(index) + (is_stop(statements, index) ? "! " : " ");
  CHECK(stops == "0 1 2 3 4! 5! 6 7 8 9! 10 11! ");
  CHECK(next_stop(statements, 0) == 4);
  CHECK(next_stop(statements, 6) == 9);
  CHECK(next_stop(statements, 12) == statements.size());
}

TEST_CASE("Statements between the same headings are in one chapter") {
  CHECK(chapter_of(statements, 0) == 0);
  CHECK(chapter_of(statements, 4) == 1);
  CHECK(chapter_of(statements, 6) == 1);
  CHECK(chapter_of(statements, 9) == 2);
  CHECK(chapter_of(statements, 99) == 2);
}
