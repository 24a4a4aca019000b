#include "sim/diag/owners.hpp"

#include <array>
#include <fstream>
#include <string>

#include "sim/diag/socket_table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;

TEST_CASE("A socket's owner is found by its inode, with descriptor and name") {
  enter_fresh_network();
  const auto server = listener(at("127.0.0.1:62893"));
  auto entries = diag::SocketTable().dump();
  REQUIRE(entries.size() == 1);
  const std::array<pid_t, 1> self{::getpid()};
  const auto owners = diag::owners_among(self);
  REQUIRE(owners.contains(entries[0].inode));
  diag::attribute(entries, owners);
  CHECK(entries[0].pid == ::getpid());
  CHECK(entries[0].fd == server.get());
  std::string comm;
  std::ifstream file("/proc/self/comm");
  std::getline(file, comm);
  CHECK(entries[0].process == comm);
  CHECK(diag::owners_of_all().contains(entries[0].inode));
}

TEST_CASE("Processes that have gone are passed over") {
  const std::array<pid_t, 2> gone{0x3FFFFFFF, -1};
  CHECK(diag::owners_among(gone).empty());
}

TEST_CASE("What has no owner stays without one") {
  std::vector<trace::SocketEntry> entries(1);
  diag::attribute(entries, {{7, {1, 3, "init"}}});
  CHECK(entries[0].pid == 0);
  CHECK(entries[0].fd == -1);
}
