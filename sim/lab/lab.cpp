#include "sim/lab/lab.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/protocol.hpp"
#include "sim/trace/json.hpp"

#ifndef LOOPSCOPE_VERSION
#error "the build sets LOOPSCOPE_VERSION"
#endif

namespace loopscope::lab {
namespace {

constexpr int hello_within_ms = 10'000;

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string(names.sysname) + " " + names.release : "";
}

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Nanoseconds>(now).count();
}

/// The first line of the world's channel. Empty where it ends or says nothing.
std::string first_line(int channel) {
  std::string line;
  for (char byte = 0; line.size() < 65536;) {
    pollfd wait{channel, POLLIN, 0};
    const int ready = ::poll(&wait, 1, hello_within_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return {};
    if (::recv(channel, &byte, 1, 0) != 1) return {};
    if (byte == '\n') return line;
    line += byte;
  }
  return {};
}

}  // namespace

struct Lab::Private {
  sandbox::Launcher::World world;
  UniqueFd epoll;
  Nanoseconds origin{};
  Hello hello;
  Found found;
  Lines input;
  std::string output;
  std::vector<trace::Event> ready;
  std::uint64_t last_step = 0;
  bool alive = true;
  bool waits_for_output = false;

  [[nodiscard]] Nanoseconds now() const { return monotonic_now() - origin; }

  /// What the engine has not taken yet waits here, and epoll wakes the caller when it can go on.
  void want_output(bool on) {
    if (on == waits_for_output) return;
    waits_for_output = on;
    epoll_event event{};
    event.events = on ? EPOLLIN | EPOLLOUT : EPOLLIN;
    (void)::epoll_ctl(epoll.get(), EPOLL_CTL_MOD, world.channel.get(), &event);
  }

  void flush() {
    while (alive && !output.empty()) {
      const ssize_t sent =
          ::send(world.channel.get(), output.data(), output.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno != EAGAIN) output.clear();  // the end shows when it is read
      if (sent < 0) break;
      output.erase(0, static_cast<std::size_t>(sent));
    }
    want_output(alive && !output.empty());
  }

  void ask(const Request& request) {
    if (!alive) return;
    output += to_line(request);
    flush();
  }

  void end(const std::string& reason) {
    if (!alive) return;
    alive = false;
    const bool told = !ready.empty() && std::holds_alternative<trace::RunEnded>(ready.back().fact);
    if (!told) ready.push_back({now(), trace::RunEnded{reason}});
    (void)::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, world.channel.get(), nullptr);
    world.channel.reset();
  }

  void take(const std::string& line) {
    auto event = trace::from_json(line);
    if (!event) return end("the lab said something that is no event: " + event.error());
    ready.push_back(std::move(*event));
    if (std::holds_alternative<trace::RunEnded>(ready.back().fact)) end("");
  }

  void read() {
    std::array<char, 65536> part;
    while (alive) {
      const ssize_t got = ::recv(world.channel.get(), part.data(), part.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return end("the lab ended unexpectedly");
      input.add({part.data(), static_cast<std::size_t>(got)});
      while (alive) {
        const auto line = input.next();
        if (!line) break;
        take(*line);
      }
    }
  }
};

tl::expected<std::unique_ptr<Lab>, sandbox::Refusal> Lab::open(sandbox::Launcher& launcher, Options options) {
  auto world = launcher.make_world(options.here ? sandbox::Ground::ThisMachine : sandbox::Ground::Private);
  if (!world) return tl::unexpected(world.error());
  auto inside = std::make_unique<Private>();
  inside->world = std::move(*world);
  inside->origin = monotonic_now();
  const int channel = inside->world.channel.get();
  const std::string setup = to_line(Setup{options.stepping, options.here, inside->origin.count()});
  const auto refuse = [](const std::string& step) {
    return tl::unexpected(
        sandbox::Refusal{step, ESRCH, "Start it again; if it happens twice, please report it."});
  };
  if (!write_fully(channel, setup.data(), setup.size())) return refuse("start of the lab");
  const std::string line = first_line(channel);
  auto hello = hello_from(line);
  if (!hello) {
    const auto event = trace::from_json(line);
    const auto* ended = event ? std::get_if<trace::RunEnded>(&event->fact) : nullptr;
    return refuse(ended != nullptr ? "start of the lab: " + ended->reason : "start of the lab");
  }
  inside->hello = std::move(*hello);
  inside->found = {inside->hello.why_no_capture, inside->hello.shows_bound, inside->hello.second_user,
                   inside->hello.ipv6};
  inside->epoll.reset(check("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
  epoll_event event{};
  event.events = EPOLLIN;
  check("epoll_ctl", ::epoll_ctl(inside->epoll.get(), EPOLL_CTL_ADD, channel, &event));
  inside->ready.push_back({Nanoseconds{0}, trace::RunStarted{LOOPSCOPE_VERSION, kernel_release(),
                                                             options.experiment, options.file, unix_now()}});
  return std::unique_ptr<Lab>(new Lab(std::move(inside)));
}

Lab::Lab(std::unique_ptr<Private> inside) : inside_(std::move(inside)) {}
Lab::~Lab() = default;

int Lab::fd() const noexcept { return inside_->epoll.get(); }
Nanoseconds Lab::origin() const noexcept { return inside_->origin; }
bool Lab::alive() const noexcept { return inside_->alive; }

std::vector<trace::Event> Lab::pump() {
  inside_->flush();
  inside_->read();
  return std::exchange(inside_->ready, {});
}

std::uint64_t Lab::perform(const experiment::Statement& statement, std::optional<std::uint64_t> index) {
  inside_->ask(Perform{++inside_->last_step, index, statement});
  return inside_->last_step;
}

bool Lab::can_hold() const noexcept { return inside_->hello.can_hold; }
const std::string& Lab::why_no_hold() const noexcept { return inside_->hello.why_no_hold; }
const Lab::Found& Lab::found() const noexcept { return inside_->found; }
void Lab::hold(bool on) { inside_->ask(HoldPackets{on}); }
void Lab::let_go(trace::HeldId id) { inside_->ask(Release{id, trace::Verdict::Passed, {}}); }
void Lab::drop(trace::HeldId id) { inside_->ask(Release{id, trace::Verdict::Dropped, {}}); }
void Lab::delay(trace::HeldId id, Milliseconds time) {
  inside_->ask(Release{id, trace::Verdict::Passed, time});
}
void Lab::look() { inside_->ask(Look{}); }

sandbox::Launcher make_launcher() { return sandbox::Launcher(run_engine); }

}  // namespace loopscope::lab
