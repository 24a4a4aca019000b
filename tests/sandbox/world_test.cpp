#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "tests/sandbox/inhabitant.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

namespace loopscope::test {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

std::string own_link(const char* path) {
  char text[64] = {};
  (void)!::readlink(path, text, sizeof text - 1);
  return text;
}

}  // namespace

TEST_CASE("a world has its own processes, network and loopback addresses", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "pid") == "2");
  CHECK(ask(world, "netns") != own_link("/proc/self/ns/net"));
  CHECK(ask(world, "bind 127.0.0.1:62893") == "ok");
  CHECK(ask(world, "bind 127.9.9.9:80") == "ok");
  CHECK(ask(world, "bind [::1]:80") == "ok");
  CHECK(ask(world, "bind 192.0.2.1:80") == "EADDRNOTAVAIL");
  CHECK(ask(world, "read /proc/1/comm") == "loopscope-init ");
}

TEST_CASE("the settings of a world are the kernel's defaults", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "read /proc/sys/net/ipv4/ip_local_port_range") == "32768\t60999 ");
  CHECK(ask(world, "read /proc/sys/net/ipv4/tcp_tw_reuse") == "2 ");
  CHECK(ask(world, "read /proc/sys/net/core/somaxconn") == "4096 ");
  const std::string congestion = ask(world, "read /proc/sys/net/ipv4/tcp_congestion_control");
  CHECK((congestion == "cubic " || congestion == "reno "));  // reno where the kernel has no cubic
  CHECK(ask(world, "read /proc/sys/net/ipv6/bindv6only") == "0 ");
}

TEST_CASE("a world's table of connections is small, and its limits are not", "[world]") {
  const auto world = fresh_world();
  if (ask(world, "read /proc/sys/net/ipv4/tcp_ehash_entries") != "16384 ") return;  // before Linux 6.1
  // What the kernel makes of so small a table: half as many TIME-WAITs as buckets, a 128th for SYNs.
  CHECK(ask(world, "read /proc/sys/net/ipv4/tcp_max_tw_buckets") != "8192 ");
}

TEST_CASE("an ordinary process of a world has no capability, the world's own all", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "capabilities").substr(0, 8) == "000001ff");
  CHECK(ask(world, "ordinary-capabilities") == "0000000000000000");
  CHECK(ask(world, "bind-as-ordinary 127.0.0.1:80") == "EACCES");
  CHECK(ask(world, "bind-as-ordinary 127.0.0.1:8080") == "ok");
  const std::string uid = ask(world, "ordinary-uid");
  CHECK(uid == (::geteuid() == 0 ? "1000" : std::to_string(::geteuid())));
}

TEST_CASE("a world cannot write to the machine's files and has a folder of its own", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "write /etc/loopscope-was-here") == "EROFS");
  CHECK(ask(world, "write /var/tmp/loopscope-was-here") == "EROFS");
  CHECK(ask(world, "write /tmp/lab/a") == "ok");
  CHECK(::access("/tmp/lab/a", F_OK) != 0);
}

TEST_CASE("one more device comes up with the addresses that it is given", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "device") == "ok ok");
  CHECK(ask(world, "read /proc/net/if_inet6").find("fe80") == std::string::npos);
}

TEST_CASE("settings are written by name, below net only", "[world]") {
  const auto world = fresh_world();
  CHECK(ask(world, "set net.ipv4.ip_local_port_range 40000 40009") == "ok");
  CHECK(ask(world, "read /proc/sys/net/ipv4/ip_local_port_range") == "40000\t40009 ");
  const auto refuses = [&](const std::string& name) {
    INFO(name);
    CHECK(ask(world, "set " + name + " 1").find("is not a network setting") != std::string::npos);
  };
  refuses("kernel.core_pattern");
  refuses("net/../kernel/core_pattern");
  refuses("net....kernel.core_pattern");
  refuses("net./../../etc/passwd");
  refuses("net.ipv4.");
  CHECK(ask(world, "set net.ipv4.no_such_thing 1").find("has no network setting") != std::string::npos);
  CHECK(ask(world, "set net.ipv4.tcp_tw_reuse many").find("EINVAL") != std::string::npos);
}

TEST_CASE("a world ends with its channel, daemons included", "[world]") {
  auto world = fresh_world();
  const UniqueFd pidfd(open_pidfd(world.pid));
  REQUIRE(pidfd.valid());
  CHECK(ask(world, "daemon") == "ok");
  CHECK_FALSE(ends(pidfd.get(), 0));
  world.channel.reset();
  CHECK(ends(pidfd.get(), 2000));
}

TEST_CASE("worlds end with their launcher, and a launcher that ended says so", "[world]") {
  auto other = std::make_unique<sandbox::Launcher>([](UniqueFd) {
    for (;;) ::pause();
  });
  auto world = other->make_world();
  REQUIRE(world);
  const UniqueFd pidfd(open_pidfd(world->pid));
  REQUIRE(pidfd.valid());
  other.reset();
  CHECK(ends(pidfd.get(), 2000));
}

TEST_CASE("a world whose main returns is gone, and the channel says so", "[world]") {
  sandbox::Launcher other([](UniqueFd) {});
  auto world = other.make_world();
  REQUIRE(world);
  char byte;
  CHECK(::read(world->channel.get(), &byte, 1) == 0);
}

TEST_CASE("without a namespace WorldMain runs on this machine and still dies with the launcher", "[world]") {
  auto world = launcher().make_world(sandbox::Ground::ThisMachine);
  REQUIRE(world);
  CHECK(ask(*world, "pid") == std::to_string(world->pid));
  CHECK(ask(*world, "netns") == own_link("/proc/self/ns/net"));
  const UniqueFd pidfd(open_pidfd(world->pid));
  world->channel.reset();
  CHECK(ends(pidfd.get(), 2000));
}

TEST_CASE("a world is made and gone in well under 50 ms", "[world]") {
  (void)launcher();
  std::vector<double> made, gone;
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    auto world = fresh_world();
    made.push_back(milliseconds_since(start));
    const UniqueFd pidfd(open_pidfd(world.pid));
    world.channel.reset();
    if (pidfd.valid()) REQUIRE(ends(pidfd.get(), 5000));
    gone.push_back(milliseconds_since(start));
  }
  std::sort(made.begin(), made.end());
  std::sort(gone.begin(), gone.end());
  std::cout << "a world: made in " << made[50] << " ms, made and gone in " << gone[50]
            << " ms (medians of 100; worst " << gone.back() << " ms)\n";
  CHECK(gone[50] < 250);
}

TEST_CASE("all of this holds for an ordinary user as well", "[again]") {
  const Rerun rerun = run_again_as_ordinary_user("[world]");
  INFO(rerun.output);
  CHECK(rerun.exit_status == 0);
}

}  // namespace loopscope::test
