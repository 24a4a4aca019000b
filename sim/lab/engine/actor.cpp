#include "sim/lab/engine/actor.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/inhabitant.hpp"
#include "sim/sandbox/links.hpp"

namespace loopscope::lab {
namespace {

// More than any process may have open, so that the kernel itself says EBADF.
constexpr int nobodys_descriptor = 99'999'999;

}  // namespace

Actor::Actor(std::string name, std::string host, bool as_root, bool in_world, int network)
    : name_(std::move(name)), host_(std::move(host)), as_root_(as_root) {
  int ends[2];
  check("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
  control_.reset(ends[0]);
  UniqueFd theirs(ends[1]);
  {
    std::optional<sandbox::Visit> visit;
    if (network >= 0) visit.emplace(network);
    pid_ = check("fork", ::fork());
    if (pid_ == 0) inhabit(std::move(theirs), as_root, in_world);  // and stays on that host
  }
  last_pid_ = pid_;
}

Actor::~Actor() {
  if (alive()) kill();
}

void Actor::obey(Underway call) {
  underway_ = std::move(call);
  (void)send_structure(control_.get(), underway_->order,
                       underway_->bytes);  // where it has gone, ended() says so
}

std::vector<Told> Actor::collect() {
  std::array<char, 65536> part;
  for (;;) {
    const ssize_t got = ::recv(control_.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(part.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    closed_ = got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    break;
  }
  std::vector<Told> all;
  std::size_t used = 0;
  while (buffer_.size() - used >= sizeof(Report)) {
    Told told;
    std::memcpy(&told.report, buffer_.data() + used, sizeof told.report);
    const std::size_t whole = sizeof told.report + told.report.following;
    if (buffer_.size() - used < whole) break;
    told.bytes = buffer_.substr(used + sizeof told.report, told.report.following);
    used += whole;
    all.push_back(std::move(told));
  }
  buffer_.erase(0, used);
  return all;
}

void Actor::remember(const Underway& call, const Report& report) {
  const Op op = call.order.op;
  const bool made_one = op == Op::Socket || op == Op::Accept;
  const int fd = made_one ? static_cast<int>(report.value) : call.order.fd;
  if (made_one) {
    if (!call.step.variable.empty()) variables[call.step.variable] = Variable{fd, fd >= 0, 0};
    if (fd >= 0) open[fd] = report.inode;
  }
  if (op == Op::Close && report.value == 0) {
    open.erase(fd);
    for (auto& [name, variable] : variables) variable.open = variable.open && variable.fd != fd;
    return;
  }
  const bool may_bind = made_one || op == Op::Bind || op == Op::Listen || op == Op::Connect || op == Op::Send;
  const auto own = SocketAddress::from(report.own.storage);
  if (!may_bind || (report.value < 0 && report.error != EINPROGRESS) || report.own.length == 0 || !own)
    return;
  if (number(own->port) != 0) remember_port(fd, number(own->port));
}

void Actor::remember_port(int fd, std::uint16_t port) {
  for (auto& [name, variable] : variables) {
    if (variable.open && variable.fd == fd) variable.port = port;
  }
}

std::optional<int> Actor::descriptor(const std::string& name) const {
  const auto found = variables.find(name);
  if (found == variables.end()) return std::nullopt;
  const Variable& variable = found->second;
  if (variable.open) return variable.fd;
  return open.contains(variable.fd) ? nobodys_descriptor : variable.fd;
}

std::optional<int> Actor::ended() {
  if (!closed_ || !alive()) return std::nullopt;
  return reap();
}

bool Actor::asleep() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos || end_of_name + 2 >= text.size()) return false;
  return text[end_of_name + 2] == 'S';
}

int Actor::kill() {
  ::kill(pid_, SIGKILL);
  return reap();
}

void Actor::let_run(bool run) {
  ::kill(pid_, run ? SIGCONT : SIGSTOP);
  stopped_ = !run;
}

int Actor::leave() {
  Order order{};
  order.op = Op::Leave;
  (void)send_structure(control_.get(), order, {});
  return reap();
}

int Actor::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  stopped_ = false;
  control_.reset();
  underway_.reset();
  late_result.reset();
  open.clear();
  for (auto& [name, variable] : variables) variable.open = false;
  return status;
}

}  // namespace loopscope::lab
