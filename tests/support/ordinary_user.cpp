#include "tests/support/ordinary_user.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::test {
namespace {

constexpr uid_t ordinary = 1000;  // need not exist in /etc/passwd

[[noreturn]] void become(int program, int output, const std::string& filter) {
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

Rerun run_again_as_ordinary_user(const std::string& filter) {
  if (::geteuid() != 0) return {};
  const UniqueFd program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  check("open /proc/self/exe", program.get());
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = check("fork", ::fork());
  if (child == 0) become(program.get(), writing.get(), filter);
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

}  // namespace loopscope::test
