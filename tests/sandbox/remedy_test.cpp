#include "sim/sandbox/remedy.hpp"

#include <cerrno>

#include "sim/sandbox/launcher.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::sandbox {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each way in which a world is refused has its remedy") {
  CHECK(has(remedy_for("unshare(…)", ENOSPC, {"0", "100", "", ""}), "sysctl user.max_user_namespaces="));
  CHECK(has(remedy_for("unshare(…)", ENOSPC, {"100", "0", "", ""}), "sysctl user.max_net_namespaces="));
  CHECK(has(remedy_for("unshare(…)", EPERM, {"100", "100", "0", ""}), "unprivileged_userns_clone=1"));
  CHECK(has(remedy_for("unshare(…)", EPERM, {"100", "100", "", ""}), "container"));
  CHECK(has(remedy_for("write uid_map", EACCES, {"100", "100", "", "1"}),
            "apparmor_restrict_unprivileged_userns=0"));
  CHECK(has(remedy_for("lo up", EPERM, {"100", "100", "", "1"}), "apparmor_restrict_unprivileged_userns=0"));
  CHECK(has(remedy_for("mount proc", EPERM, {"100", "100", "", ""}), "unmask"));
  CHECK(has(remedy_for("fork", EAGAIN, {"100", "100", "", ""}), "ulimit"));
  CHECK(remedy_for("lo up", EIO, {"100", "100", "", ""}).empty());
}

TEST_CASE("a refusal names the step, the error and the remedy") {
  const std::string text = to_string(Refusal{"lo up", EPERM, "Do this."});
  CHECK(text == "a private world cannot be made here: lo up: EPERM (Operation not permitted). Do this.");
}

}  // namespace loopscope::sandbox
