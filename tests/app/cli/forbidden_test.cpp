#include <unistd.h>

#include <fstream>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

/// Every command where the machine forbids a lab: in a user namespace of this test's own that allows no
/// further one (user_namespaces(7)). The machine's own setting stays as it is.
using namespace loopscope::tests;

namespace {

const std::string step = "p: s = socket(AF_INET, SOCK_STREAM) = ok\n";

/// What sh does before: `exec` takes the place of what stands behind.
const std::string nested =
    "exec unshare --user --map-root-user sh -c 'echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" "
    "\"$@\"' \"$0\" \"$@\";";
/// The same begun as a user who is not root. The program by its descriptor: its folder may be closed to him.
const std::string nested_as_user =
    "exec 3<\"$0\"; exec setpriv --reuid=1000 --regid=1000 --clear-groups unshare --user --map-root-user sh "
    "-c "
    "'echo 0 > /proc/sys/user/max_user_namespaces && exec /proc/self/fd/3 \"$@\"' \"$0\" \"$@\";";

std::vector<std::string> ways() {
  // Where unshare(1) may not do it either, every lab test is skipped or fails with its own reason.
  return ::geteuid() == 0 ? std::vector{nested, nested_as_user} : std::vector{nested};
}

std::string limit_of_this_machine() {
  std::ifstream file("/proc/sys/user/max_user_namespaces");
  std::string text;
  std::getline(file, text);
  return text;
}

void says_what_and_how(const Ran& ran) {
  INFO(ran.out << ran.err);
  CHECK(ran.status == 3);
  CHECK_THAT(ran.out + ran.err, ContainsText("ENOSPC"));
  CHECK_THAT(ran.out + ran.err, ContainsText("user.max_user_namespaces=15000"));
}

}  // namespace

TEST_CASE("where a lab is forbidden, every command that needs one says which limit it is and how to lift it",
          "[cli][forbidden]") {
  const std::string before = limit_of_this_machine();
  for (const std::string& way : ways()) {
    INFO(way);
    const Ran doctor = run_program({"doctor"}, "", way);
    says_what_and_how(doctor);
    CHECK_THAT(doctor.out, ContainsText("This machine's own loopback") && ContainsText("run --here"));
    const Ran run = run_program({"run", "-"}, step, way);
    says_what_and_how(run);
    CHECK_THAT(run.err, ContainsText("loopscope predict") && ContainsText("run --here"));
    says_what_and_how(run_program({"run", "--json", "-"}, step, way));
    says_what_and_how(run_program({"check", "-"}, step, way));
    says_what_and_how(run_program({"watch", "--", "true"}, "", way));
  }
  says_what_and_how(run_program({"tour"}, "", nested));  // the lessons' folder may be closed to others
  const Folder folder;
  const Ran picture = run_program(
      {"--lesson", "8", "--page", "3", "--steps", "2", "--screenshot", folder.path("p.png")}, "", nested);
  says_what_and_how(picture);
  CHECK_THAT(picture.err, ContainsText("no step can be taken, and no picture was made"));
  CHECK_FALSE(std::ifstream(folder.path("p.png")));
  CHECK(limit_of_this_machine() == before);
}

TEST_CASE("where a lab is forbidden, what needs none goes on", "[cli][forbidden]") {
  for (const std::string& way : ways()) {
    INFO(way);
    const Ran here = run_program({"run", "--here", "-"}, step, way);
    INFO(here.out << here.err);
    CHECK(here.status == 0);
    CHECK(run_program({"predict", "-"}, step, way).status == 0);
    CHECK(run_program({"rules"}, "", way).status == 0);
    CHECK(run_program({"--version"}, "", way).status == 0);
    const Ran explain = run_program({"explain", "--json", "127.0.0.1:1"}, "", way);
    CHECK(lines_of(explain.out).size() == 1);
    const Ran watch = run_program({"watch", "--here", "--", "true"}, "", way);
    INFO(watch.out << watch.err);
    CHECK(watch.status == 0);
  }
  CHECK(run_program({"lessons"}, "", nested).status == 0);
}
