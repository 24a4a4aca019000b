#include <poll.h>

#include <cerrno>

#include "tests/experiment/parse_support.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::experiment;

namespace {

Result result(const char* text) { return parse_result(text).value(); }

/// agree() of the two, which must not depend on their order.
bool agrees(const Result& one, const Result& other) {
  const bool there = agree(one, other);
  CHECK(there == agree(other, one));
  return there;
}
bool agrees(const char* one, const char* other) { return agrees(result(one), result(other)); }

}  // namespace

TEST_CASE("ok agrees with every success and with no failure", "[experiment]") {
  for (const char* success :
       {"ok", "\"\"", "127.0.0.1:1", "18", "0", "{1, 0}", "LISTEN", "POLLIN", "exit 0", "holds"}) {
    INFO(success);
    CHECK(agrees("ok", success));
    CHECK(is_success(result(success)));
  }
  for (const char* failure : {"EADDRINUSE", "blocks", "exit 1", "fails"}) {
    INFO(failure);
    CHECK_FALSE(agrees("ok", failure));
    CHECK_FALSE(is_success(result(failure)));
    CHECK(agrees(failure, failure));
  }
}

TEST_CASE("Stars stand for any address and port", "[experiment]") {
  CHECK(agrees("127.0.0.1:*", "127.0.0.1:4000"));
  CHECK_FALSE(agrees("127.0.0.1:*", "127.0.0.2:4000"));
  CHECK(agrees("*:4000", "[::1]:4000"));
  CHECK(agrees("*", "[::1]:4000"));
  CHECK_FALSE(agrees("[::ffff:127.0.0.1]:1", "127.0.0.1:1"));
}

TEST_CASE("Bytes agree however they are written, and a sender only where both tell one", "[experiment]") {
  CHECK(agrees("\"x\" * 6", "\"xxx\" * 2"));
  CHECK(agrees("\"ab\" * 3", "\"ababab\""));
  CHECK_FALSE(agrees("\"ab\" * 3", "\"aba\" * 2"));
  CHECK_FALSE(agrees("\"x\" * 6", "\"x\" * 7"));
  CHECK(agrees("\"\"", "\"x\" * 0"));
  CHECK(agrees("\"hi\"", "\"hi\" from 127.0.0.1:4000"));
  CHECK(agrees("\"hi\" from 127.0.0.1:*", "\"hi\" from 127.0.0.1:4000"));
  CHECK_FALSE(agrees("\"hi\" from 127.0.0.1:1", "\"hi\" from 127.0.0.1:4000"));
}

TEST_CASE("What only its call tells apart agrees all the same", "[experiment]") {
  CHECK(agrees(result("0"), Events{0}));
  CHECK_FALSE(agrees(result("0"), Events{POLLIN}));
  CHECK(agrees(result("{1, 0}"), OptionValue{Timeval{1, 0}}));
  CHECK_FALSE(agrees(result("{1, 0}"), OptionValue{Timeval{1, 5}}));
  CHECK(agrees(result("\"lo\""), OptionValue{DeviceName{"lo"}}));
  CHECK_FALSE(agrees(result("0"), Errno{ECONNREFUSED}));
  CHECK(agrees("EAGAIN", "EWOULDBLOCK"));
}

TEST_CASE("What is not modelled is not known, and agrees with nothing", "[experiment]") {
  CHECK_FALSE(is_known(NotModelled{"why"}));
  CHECK_FALSE(agrees(NotModelled{"why"}, Ok{}));
  CHECK_FALSE(agrees(NotModelled{"why"}, NotModelled{"why"}));
}

TEST_CASE("A stated ok of SO_ERROR agrees with the error that it gives", "[experiment]") {
  const auto statement = parse_statement("p: getsockopt(s, SO_ERROR) = ok").value();
  CHECK(agree(statement, Ok{}, Errno{ECONNREFUSED}));
  CHECK(agree(statement, Ok{}, OptionValue{std::int64_t{0}}));
  CHECK_FALSE(agree(statement, Errno{ECONNRESET}, Errno{ECONNREFUSED}));
  CHECK_FALSE(agree(parse_statement("p: close(s) = ok").value(), Ok{}, Errno{EBADF}));
}

TEST_CASE("port(…) is replaced by the port it stands for", "[experiment]") {
  const auto lookup = [](const PortOf& of) -> std::optional<Port> {
    if (of == PortOf{"p", "s"}) return Port{4000};
    return std::nullopt;
  };
  CHECK(with_ports(result("127.0.0.1:port(p.s)"), lookup) == result("127.0.0.1:4000"));
  CHECK(with_ports(result("\"hi\" from 127.0.0.1:port(p.s)"), lookup) ==
        result("\"hi\" from 127.0.0.1:4000"));
  CHECK(with_ports(result("127.0.0.1:port(p.t)"), lookup) == result("127.0.0.1:port(p.t)"));
  CHECK(with_ports(result("ok"), lookup) == result("ok"));
}
