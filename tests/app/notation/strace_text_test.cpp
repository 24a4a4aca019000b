#include "app/notation/strace_text.hpp"

#include <cerrno>

#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app::notation;
using namespace std::chrono_literals;

namespace {
constexpr const char* home =
    R"(3, {sa_family=AF_INET, sin_port=htons(62893), sin_addr=inet_addr("127.0.0.1")}, 16)";
const trace::Event entered{55us, trace::CallEntered{7, "client", 4127, "connect", home, 3, "c"}};
}  // namespace

TEST_CASE("a call reads as strace prints it, with its time and how long it took") {
  const trace::Event done{96us, trace::CallReturned{7, "client", "connect", 0, 0, "ok", ""}};
  CHECK(strace_line({&entered, &done}) ==
        std::string("[pid 4127] 0.000055 connect(") + home + ") = 0 <0.000041>");
}

TEST_CASE("an error has its number's name and words") {
  const trace::Event done{96us,
                          trace::CallReturned{7, "client", "connect", -1, ECONNREFUSED, "ECONNREFUSED", ""}};
  CHECK(strace_line({&entered, &done}) == std::string("[pid 4127] 0.000055 connect(") + home +
                                              ") = -1 ECONNREFUSED (Connection refused) <0.000041>");
}

TEST_CASE("a call that has not returned is unfinished") {
  CHECK(strace_line({&entered, nullptr}) ==
        std::string("[pid 4127] 0.000055 connect(") + home + " <unfinished ...>");
}

TEST_CASE("socket addresses are shortened and anything else stays") {
  CHECK(shorten(home) == "3, 127.0.0.1:62893");
  CHECK(
      shorten(
          R"(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28)") ==
      "3, [::1]:80");
  CHECK(shorten(R"(3, {sa_family=AF_INET, sin_port=htons(41952), sin_addr=inet_addr("127.0.0.1")}, [16])") ==
        "3, 127.0.0.1:41952");
  CHECK(shorten("3, \"{x}\", 5, 0, NULL, 0") == "3, \"{x}\", 5, 0, NULL, 0");
  CHECK(short_call(std::get<trace::CallEntered>(entered.fact)) == "connect(3, 127.0.0.1:62893)");
}
