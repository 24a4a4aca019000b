#include "tests/app/cli/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::tests {
namespace {

struct Pipe {
  UniqueFd reading, writing;
};

Pipe make_pipe() {
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment, const std::string& by_shell = "") {
  std::vector<std::string> words;
  if (!by_shell.empty()) words = {"sh", "-c", by_shell + " exec \"$0\" \"$@\""};
  words.emplace_back(LOOPSCOPE_PROGRAM);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  for (const char* variable : {"NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY"}) ::unsetenv(variable);
  ::setenv("TERM", "xterm", 1);
  for (const std::string& setting : environment) {
    const std::size_t equals = setting.find('=');
    ::setenv(setting.substr(0, equals).c_str(), setting.c_str() + equals + 1, 1);
  }
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

int status_of(pid_t child) {
  int status = 0;
  check("waitpid", ::waitpid(child, &status, 0));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// False at the end of the file (EIO: of a terminal whose other side is gone, pty(7)).
bool take(int fd, std::string& into) {
  std::array<char, 4096> part;
  const ssize_t got = ::read(fd, part.data(), part.size());
  if (got > 0) into.append(part.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace

Ran run_program(const std::vector<std::string>& arguments, const std::string& input,
                const std::string& by_shell, const std::function<void(const std::string&)>& heard) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  const pid_t child = check("fork", ::fork());
  if (child == 0) {
    ::dup2(in.reading.get(), STDIN_FILENO);
    ::dup2(out.writing.get(), STDOUT_FILENO);
    ::dup2(err.writing.get(), STDERR_FILENO);
    become(arguments, {}, by_shell);
  }
  in.reading.reset();
  out.writing.reset();
  err.writing.reset();
  // The program reads all that it will before it writes anything; it may end before it has read everything.
  ::signal(SIGPIPE, SIG_IGN);
  for (std::size_t written = 0; written < input.size();) {
    const ssize_t count = ::write(in.writing.get(), input.data() + written, input.size() - written);
    if (count < 0 && errno == EPIPE) break;
    written += static_cast<std::size_t>(check_long("write", count));
  }
  in.writing.reset();
  Ran ran;
  std::array<pollfd, 2> both{{{out.reading.get(), POLLIN, 0}, {err.reading.get(), POLLIN, 0}}};
  while (both[0].fd >= 0 || both[1].fd >= 0) {
    check("poll", ::poll(both.data(), both.size(), -1));
    if (both[0].revents != 0 && !take(both[0].fd, ran.out)) both[0].fd = -1;
    if (both[0].revents != 0 && heard) heard(ran.out);
    if (both[1].revents != 0 && !take(both[1].fd, ran.err)) both[1].fd = -1;
  }
  ran.status = status_of(child);
  return ran;
}

std::function<void(const std::string&)> once_told(std::string words, std::function<void()> then) {
  return [words = std::move(words), then = std::move(then)](const std::string& out) mutable {
    if (!then || out.find(words) == std::string::npos) return;
    then();
    then = nullptr;
  };
}

Ran run_on_terminal(const std::vector<std::string>& arguments, const std::string& typed,
                    const std::vector<std::string>& environment) {
  int terminal = -1;
  winsize size{};
  size.ws_col = 100;
  size.ws_row = 40;
  const pid_t child = check("forkpty", ::forkpty(&terminal, nullptr, nullptr, &size));
  if (child == 0) become(arguments, environment);
  const UniqueFd side(terminal);
  check_long("write", ::write(terminal, typed.data(), typed.size()));
  Ran ran;
  while (take(terminal, ran.out)) {
  }
  ran.status = status_of(child);
  return ran;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "loopscope-cli-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw SystemError("mkdtemp", errno);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path(name);
}

}  // namespace loopscope::tests
