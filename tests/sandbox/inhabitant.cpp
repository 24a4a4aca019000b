#include "tests/sandbox/inhabitant.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "sim/base/address.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/links.hpp"
#include "sim/sandbox/settings.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {
namespace {

std::string outcome(int result) { return result < 0 ? errno_name(errno) : "ok"; }

std::string read_all(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  for (char& c : all) c = c == '\n' ? ' ' : c;
  return all;
}

std::string write_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  return outcome(file.get());
}

std::string bind_to(const std::string& text, int type = SOCK_STREAM) {
  const auto address = SocketAddress::parse(text);
  sockaddr_storage storage{};
  const socklen_t length = address->store(storage);
  const UniqueFd socket(::socket(address->ip.family(), type, 0));
  return outcome(::bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), length));
}

std::string as_ordinary(const std::function<std::string()>& question) {
  int ends[2];
  if (::pipe(ends) < 0) return "pipe";
  if (::fork() == 0) {
    std::string answer;
    try {
      sandbox::become_ordinary();
      answer = question();
    } catch (const std::exception& error) {
      answer = error.what();
    }
    (void)!::write(ends[1], answer.data(), answer.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  char text[256];
  const ssize_t got = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ::wait(nullptr);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "";
}

std::string capabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("CapEff:")) return line.substr(line.find_first_not_of(" \t", 7));
  }
  return "?";
}

std::string make_device() {
  sandbox::Links links;
  const UniqueFd hub = sandbox::make_hub_namespace();
  links.add_device("eth1", hub.get());
  links.add_address("eth1", *IpAddress::parse("192.0.2.1"), 24);
  links.add_address("eth1", *IpAddress::parse("2001:db8::1"), 64);
  return bind_to("192.0.2.1:80") + " " + bind_to("[2001:db8::1]:80");
}

std::string leave_daemon() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    for (int number = 1; number < 32; ++number) ::signal(number, SIG_IGN);
    for (;;) ::pause();
  }
  ::waitpid(child, nullptr, 0);
  return "ok";
}

std::string set(const std::string& arguments) {
  const auto space = arguments.find(' ');
  const auto result = sandbox::write_setting(arguments.substr(0, space), arguments.substr(space + 1));
  return result ? "ok" : result.error();
}

/// Question -> answer; what follows the first space is the argument.
const std::map<std::string, std::function<std::string(const std::string&)>> answers = {
    {"pid", [](const std::string&) { return std::to_string(::getpid()); }},
    {"read", read_all},
    {"write", write_file},
    {"bind", [](const std::string& where) { return bind_to(where); }},
    {"bind-as-ordinary",
     [](const std::string& where) { return as_ordinary([&] { return bind_to(where); }); }},
    {"ordinary-uid",
     [](const std::string&) { return as_ordinary([] { return std::to_string(::getuid()); }); }},
    {"ordinary-capabilities", [](const std::string&) { return as_ordinary(capabilities); }},
    {"capabilities", [](const std::string&) { return capabilities(); }},
    {"device", [](const std::string&) { return make_device(); }},
    {"daemon", [](const std::string&) { return leave_daemon(); }},
    {"set", set},
    {"netns",
     [](const std::string&) {
       char text[64] = {};
       (void)!::readlink("/proc/self/ns/net", text, sizeof text - 1);
       return std::string(text);
     }},
};

void live(const UniqueFd channel) {
  std::string line;
  for (char c; ::read(channel.get(), &c, 1) == 1;) {
    if (c != '\n') {
      line += c;
      continue;
    }
    const auto space = line.find(' ');
    std::string answer;
    try {
      answer = answers.at(line.substr(0, space))(space == std::string::npos ? "" : line.substr(space + 1));
    } catch (const std::exception& error) {
      answer = error.what();
    }
    answer += '\n';
    (void)!::write(channel.get(), answer.data(), answer.size());
    line.clear();
  }
}

}  // namespace

sandbox::Launcher& launcher() {
  static sandbox::Launcher only{live};
  return only;
}

std::string ask(const sandbox::Launcher::World& world, const std::string& question) {
  const std::string line = question + "\n";
  REQUIRE(::send(world.channel.get(), line.data(), line.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(line.size()));
  std::string answer;
  for (char c; ::read(world.channel.get(), &c, 1) == 1;) {
    if (c == '\n') return answer;
    answer += c;
  }
  FAIL("the world is gone; asked: " << question);
  return {};
}

sandbox::Launcher::World fresh_world() {
  auto world = launcher().make_world();
  if (!world) FAIL(sandbox::to_string(world.error()));
  return std::move(*world);
}

int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

bool ends(int pidfd, int timeout_ms) {
  pollfd wait{pidfd, POLLIN, 0};
  return ::poll(&wait, 1, timeout_ms) == 1;
}

}  // namespace loopscope::test
