#include "sim/lab/watch.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "sim/lab/engine/box.hpp"

namespace loopscope::lab {
namespace {

std::string search_of(const WatchRequest& request) {
  for (const std::string& one : request.environment) {
    if (one.rfind("PATH=", 0) == 0) return one.substr(5);
  }
  return usual_search;
}

}  // namespace

tl::expected<Watch, sandbox::Refusal> Watch::start(sandbox::Launcher& launcher, WatchRequest request) {
  if (request.path.empty()) {
    auto found = find_program(request.words.front(), search_of(request));
    if (!found) return tl::unexpected(sandbox::Refusal{"", ENOENT, found.error()});
    request.path = *found;
  }
  auto world = launcher.make_world(request.here ? sandbox::Ground::ThisMachine : sandbox::Ground::Private);
  if (!world) return tl::unexpected(world.error());
  Watch watch(std::move(*world));
  if (!send_watch(watch.fd(), request)) {
    watch.end_.trouble = "the lab ended unexpectedly";
    watch.told_ = true;
  }
  return watch;
}

bool Watch::pump() {
  std::array<char, 4096> part;
  for (;;) {
    const ssize_t got = ::recv(fd(), part.data(), part.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) break;
    input_.append(part.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = input_.find('\n')) != std::string::npos; input_.erase(0, end + 1))
      take(input_.substr(0, end));
  }
  if (!told_) end_.trouble = "the lab ended unexpectedly";
  return false;
}

void Watch::take(const std::string& line) {
  told_ = true;
  const auto space = line.find(' ');
  if (line.substr(0, space) == "ended") {
    end_.wait_status = std::stoi(line.substr(space + 1));
  } else {
    end_.trouble = line.substr(space + 1);
  }
}

void Watch::send_signal(int number) {
  const char byte = static_cast<char>(number);
  (void)::send(fd(), &byte, 1, MSG_NOSIGNAL);
}

}  // namespace loopscope::lab
