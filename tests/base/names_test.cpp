#include <cerrno>

#include "sim/base/errno_name.hpp"
#include "sim/base/socket_state.hpp"
#include "sim/base/system_error.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

TEST_CASE("Every errno name gives its number back", "[base]") {
  for (int number = 1; number < 134; ++number) {
    if (errno_name(number).rfind("errno ", 0) == 0) continue;  // a hole in the table (41, 58)
    CHECK(errno_number(errno_name(number)) == number);
  }
  CHECK(errno_name(EADDRINUSE) == "EADDRINUSE");
  CHECK(errno_name(EWOULDBLOCK) == "EAGAIN");
  CHECK_FALSE(errno_number("EADDRINUS"));
}

TEST_CASE("Every socket state gives its name back", "[base]") {
  for (int index = 0; index <= static_cast<int>(SocketState::Unconnected); ++index) {
    const auto state = static_cast<SocketState>(index);
    CHECK(parse_socket_state(to_string(state)) == state);
  }
  CHECK_FALSE(parse_socket_state("LISTENING"));
}

TEST_CASE("A failed system call names the call and the error", "[base]") {
  errno = EPERM;
  try {
    check("unshare", -1);
    FAIL("check did not throw");
  } catch (const SystemError& error) {
    CHECK(error.call() == "unshare");
    CHECK(std::string(error.what()).find("unshare: EPERM") == 0);
  }
}
