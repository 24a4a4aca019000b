#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "sim/base/unique_fd.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/launcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

/// Machines that forbid worlds, made inside namespaces of this test's own.
namespace loopscope::test {
namespace {

/// In a user namespace of its own, where `forbid` may do as root would: what make_world() then says.
std::string refusal_where(const std::function<bool()>& forbid) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string text = "cannot forbid it";
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
      sandbox::map_self(user, group);
      if (forbid()) {
        sandbox::Launcher launcher([](UniqueFd) {});
        const auto world = launcher.make_world();
        text = world ? "made" : to_string(world.error());
      }
    }
    (void)!::write(writing.get(), text.data(), text.size());
    ::_exit(0);
  }
  writing.reset();
  char text[1024];
  const ssize_t got = ::read(reading.get(), text, sizeof text);
  ::waitpid(child, nullptr, 0);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("where user namespaces are turned off, the refusal names the step and the command", "[world]") {
  const std::string text = refusal_where([] {
    std::ofstream limit("/proc/sys/user/max_user_namespaces");
    limit << "0" << std::flush;
    return limit.good();
  });
  INFO(text);
  CHECK(has(text, "unshare("));
  CHECK(has(text, "ENOSPC"));
  CHECK(has(text, "sudo sysctl user.max_user_namespaces="));
}

TEST_CASE("where part of /proc is covered, as in a container, the refusal says that", "[world]") {
  const std::string text =
      refusal_where([] { return ::mount("none", "/proc/sys", "tmpfs", MS_RDONLY, nullptr) == 0; });
  INFO(text);
  CHECK(has(text, "mount proc: EPERM"));
  CHECK(has(text, "unmask=ALL"));
}

}  // namespace loopscope::test
