#include "sim/firewall/confine.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "tests/support/catch.hpp"

namespace {

/// Each bit: something that was possible and should not have been.
int what_is_possible() {
  loopscope::firewall::confine();
  int possible = 0;
  if (::open("/etc/hosts", O_RDONLY) >= 0 || errno != EACCES) possible |= 1;
  if (::socket(AF_INET, SOCK_DGRAM, 0) >= 0 || errno != EACCES) possible |= 2;
  if (::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EACCES) possible |= 4;
  if (::socket(AF_NETLINK, SOCK_RAW, 0) < 0) possible |= 8;
  if (::execl("/bin/true", "true", nullptr) == 0 || errno != EACCES) possible |= 16;
  addrinfo* found = nullptr;
  if (::getaddrinfo("localhost", nullptr, nullptr, &found) == 0) possible |= 32;
  return possible;
}

}  // namespace

TEST_CASE("Who is confined opens no file, makes no socket but netlink's, and looks up no name") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(what_is_possible());
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
