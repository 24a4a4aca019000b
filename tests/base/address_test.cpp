#include "sim/base/address.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope;

TEST_CASE("An address and a port read back as they are written", "[base]") {
  for (const char* text :
       {"127.0.0.1:62893", "[::1]:62893", "[::ffff:127.0.0.1]:1", "0.0.0.0:0", "[::]:65535"}) {
    const auto address = SocketAddress::parse(text);
    REQUIRE(address);
    CHECK(to_string(*address) == text);
    sockaddr_storage storage{};
    (void)address->store(storage);
    CHECK(SocketAddress::from(storage) == address);
  }
}

TEST_CASE("What is no address is refused", "[base]") {
  for (const char* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80",
                           "127.1:80", "[::1]:-1"}) {
    CAPTURE(text);
    CHECK_FALSE(SocketAddress::parse(text));
  }
}

TEST_CASE("Mapped addresses unmap and prefixes contain", "[base]") {
  const auto mapped = IpAddress::parse("::ffff:127.0.0.1");
  REQUIRE(mapped);
  CHECK(mapped->is_v4_mapped());
  CHECK(mapped->unmapped() == IpAddress::loopback_v4());
  CHECK(IpAddress::loopback_v4().mapped() == *mapped);
  CHECK(IpAddress::v4(127, 9, 9, 9).within(IpAddress::loopback_v4(), 8));
  CHECK_FALSE(IpAddress::v4(128, 0, 0, 1).within(IpAddress::loopback_v4(), 8));
}
