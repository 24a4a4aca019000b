#include "tests/app/notation/programs.hpp"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace loopscope::tests {
namespace {

[[noreturn]] void become(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

/// Starts a program whose output can be read from `out`.
pid_t start(const std::vector<std::string>& words, int& out) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) _exit(1);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    become(words);
  }
  close(ends[1]);
  out = ends[0];
  return pid;
}

/// Reads until `word` has been seen or the other end is closed.
std::string read_until(int fd, const char* word) {
  std::string all;
  std::array<char, 512> part{};
  for (ssize_t n = 1; n > 0 && (word == nullptr || all.find(word) == std::string::npos);) {
    n = read(fd, part.data(), part.size());
    if (n > 0) all.append(part.data(), static_cast<std::size_t>(n));
  }
  return all;
}

bool loopback_up() {
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  close(fd);
  return up;
}

constexpr int no_namespace = 77;

[[noreturn]] void talk(const std::vector<std::string>& server, const std::vector<std::string>& client,
                       int report) {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || !loopback_up()) _exit(no_namespace);
  int from_server = -1;
  int from_client = -1;
  start(server, from_server);
  auto said = read_until(from_server, "listen");
  start(client, from_client);
  said += read_until(from_client, nullptr);
  said += read_until(from_server, nullptr);
  (void)!write(report, said.data(), said.size());
  _exit(0);
}

}  // namespace

ScratchFolder::ScratchFolder() {
  auto name = (std::filesystem::temp_directory_path() / "loopscope-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw std::filesystem::filesystem_error("mkdtemp", {errno, std::generic_category()});
  folder_ = name;
}
ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}
std::string ScratchFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
  return path(name);
}

int run(const std::vector<std::string>& words) {
  const pid_t pid = fork();
  if (pid == 0) become(words);
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool talk_on_own_loopback(const std::vector<std::string>& server, const std::vector<std::string>& client,
                          std::string& said) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return false;
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    talk(server, client, ends[1]);
  }
  close(ends[1]);
  said = read_until(ends[0], nullptr);
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  return !(WIFEXITED(status) && WEXITSTATUS(status) == no_namespace);
}

}  // namespace loopscope::tests
