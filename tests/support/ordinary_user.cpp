#include "tests/support/ordinary_user.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::test {
namespace {

constexpr uid_t ordinary = 1000;  // need not exist in /etc/passwd
constexpr const char* folder_variable = "LOOPSCOPE_TEST_FOLDER";

/// A descriptor's link in /proc leads to the folder itself, past all that are above it (proc_pid_fd(5)).
void hand_over(const std::string& folder) {
  if (folder.empty()) return;
  const int opened = ::open(folder.c_str(), O_PATH | O_DIRECTORY);
  if (opened < 0) ::_exit(125);
  ::setenv(folder_variable, ("/proc/self/fd/" + std::to_string(opened)).c_str(), 1);
}

[[noreturn]] void become(int program, int output, const std::string& filter, const std::string& folder) {
  hand_over(folder);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::setgroups(0, nullptr) < 0 || ::setresgid(ordinary, ordinary, ordinary) < 0 ||
      ::setresuid(ordinary, ordinary, ordinary) < 0 || ::chdir("/") < 0) {
    ::_exit(126);
  }
  std::string name = "test", specification = filter;
  char* arguments[] = {name.data(), specification.data(), nullptr};
  // By descriptor: the folder that the program lies in may be closed to this user.
  ::fexecve(program, arguments, environ);
  ::_exit(127);
}

}  // namespace

Rerun run_again_as_ordinary_user(const std::string& filter, const std::string& folder) {
  if (::geteuid() != 0) return {};
  const UniqueFd program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  check("open /proc/self/exe", program.get());
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = check("fork", ::fork());
  if (child == 0) become(program.get(), writing.get(), filter, folder);
  writing.reset();
  Rerun rerun{true, 0, {}};
  std::array<char, 4096> part;
  for (ssize_t got; (got = ::read(reading.get(), part.data(), part.size())) != 0;) {
    if (got > 0)
      rerun.output.append(part.data(), static_cast<std::size_t>(got));
    else if (errno != EINTR)
      break;
  }
  int status = 0;
  check("waitpid", ::waitpid(child, &status, 0));
  rerun.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return rerun;
}

std::string test_folder(const std::string& folder) {
  const char* opened = std::getenv(folder_variable);
  return opened != nullptr ? opened : folder;
}

}  // namespace loopscope::test
