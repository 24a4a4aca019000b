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
#include "sim/experiment/parser.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/firewall_rules.hpp"
#include "sim/lab/here_rules.hpp"
#include "sim/lab/passing.hpp"
#include "sim/lab/protocol.hpp"
#include "sim/trace/json.hpp"

#ifndef LOOPSCOPE_VERSION
#error "the build sets LOOPSCOPE_VERSION"
#endif

namespace loopscope::lab {
namespace {

constexpr auto hello_within = std::chrono::seconds(10);

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string(names.sysname) + " " + names.release : "";
}

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Nanoseconds>(now).count();
}

/// What the engine has to know before the first statement. On this machine itself there is no firewall to ask
/// and no further host.
Setup setup_of(const Lab::Options& options, Nanoseconds origin) {
  Setup setup{options.stepping,
              options.here,
              origin.count(),
              {},
              {},
              {},
              options.programs,
              options.house && !options.here,
              options.bridge};
  const auto parsed = experiment::parse(options.experiment, options.file);
  if (!parsed) return setup;
  if (options.here) {
    for (const experiment::Statement& statement : parsed->statements) {
      if (const std::string name = process_of(statement); !name.empty()) setup.processes.push_back(name);
    }
    return setup;
  }
  setup.rules = firewall_rules(*parsed);
  for (const experiment::Statement& statement : parsed->statements) {
    const auto* host = std::get_if<experiment::HostDecl>(&statement.body);
    if (host == nullptr) continue;
    HostToMake made{host->name, {}};
    for (const IpAddress& ip : host->addresses) made.addresses.push_back(to_string(ip));
    setup.hosts.push_back(std::move(made));
  }
  return setup;
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

struct Lab::Opening::Part {
  Options options;
  std::unique_ptr<Private> lab;
  std::optional<sandbox::Refusal> refusal;
  std::string line;

  enum class Read : std::uint8_t { Whole, Unfinished, Ended };
  /// The first line of the world's channel, and not a byte more.
  Read read_line() {
    for (char byte = 0; line.size() < 65536;) {
      const ssize_t got = ::recv(lab->world.channel.get(), &byte, 1, MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return Read::Unfinished;
      if (got != 1) return Read::Ended;
      if (byte == '\n') return Read::Whole;
      line += byte;
    }
    return Read::Ended;
  }

  [[nodiscard]] sandbox::Refusal refused() const {
    const auto event = trace::from_json(line);
    const auto* ended = event ? std::get_if<trace::RunEnded>(&event->fact) : nullptr;
    return {ended != nullptr ? "start of the lab: " + ended->reason : "start of the lab", ESRCH,
            "Start it again; if it happens twice, please report it."};
  }

  void wake(Hello hello) {
    lab->hello = std::move(hello);
    lab->found = {lab->hello.why_no_capture, lab->hello.why_no_firewall, lab->hello.shows_bound,
                  lab->hello.second_user, lab->hello.ipv6};
    lab->epoll.reset(check("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
    epoll_event event{};
    event.events = EPOLLIN;
    check("epoll_ctl", ::epoll_ctl(lab->epoll.get(), EPOLL_CTL_ADD, lab->world.channel.get(), &event));
    lab->ready.push_back({Nanoseconds{0}, trace::RunStarted{LOOPSCOPE_VERSION, kernel_release(),
                                                            options.experiment, options.file, unix_now()}});
  }
};

Lab::Opening::Opening(sandbox::Launcher& launcher, Options options) : part_(std::make_unique<Part>()) {
  if (options.here) {
    const auto parsed = experiment::parse(options.experiment, options.file);
    std::string refused;
    for (const std::string& words : parsed ? refused_on_this_machine(*parsed) : std::vector<std::string>{})
      refused += (refused.empty() ? "" : "\n") + words;
    if (!refused.empty()) {
      part_->refusal = sandbox::Refusal{refused, 0, ""};
      return;
    }
  }
  auto world = launcher.make_world(options.here ? sandbox::Ground::ThisMachine : sandbox::Ground::Private);
  part_->options = std::move(options);
  if (!world) {
    part_->refusal = world.error();
    return;
  }
  part_->lab = std::make_unique<Private>();
  part_->lab->world = std::move(*world);
  part_->lab->origin = monotonic_now();
  const Options& set = part_->options;
  const std::string setup = to_line(setup_of(set, part_->lab->origin));
  if (!write_fully(part_->lab->world.channel.get(), setup.data(), setup.size()))
    part_->refusal = part_->refused();
}

Lab::Opening::~Opening() = default;

int Lab::Opening::fd() const noexcept { return part_->lab ? part_->lab->world.channel.get() : -1; }

std::optional<tl::expected<std::unique_ptr<Lab>, sandbox::Refusal>> Lab::Opening::take() {
  if (part_->refusal) return tl::unexpected(*part_->refusal);
  const auto read = part_->read_line();
  if (read == Part::Read::Unfinished) return std::nullopt;
  auto hello = hello_from(part_->line);
  if (read == Part::Read::Ended || !hello) {
    part_->refusal = part_->refused();
    return tl::unexpected(*part_->refusal);
  }
  part_->wake(std::move(*hello));
  return std::unique_ptr<Lab>(new Lab(std::move(part_->lab)));
}

tl::expected<std::unique_ptr<Lab>, sandbox::Refusal> Lab::open(sandbox::Launcher& launcher, Options options) {
  Opening opening(launcher, std::move(options));
  const Nanoseconds end = monotonic_now() + hello_within;
  while (monotonic_now() < end) {
    if (auto lab = opening.take()) return std::move(*lab);
    pollfd wait{opening.fd(), POLLIN, 0};
    (void)::poll(&wait, 1, 1000);
  }
  return tl::unexpected(sandbox::Refusal{"start of the lab", ETIMEDOUT,
                                         "Start it again; if it happens twice, please report it."});
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

std::uint64_t Lab::perform_outside(const experiment::Statement& statement, std::uint64_t index) {
  inside_->ask(Perform{++inside_->last_step, index, statement, {}, true});
  return inside_->last_step;
}

std::unique_ptr<Shell> Lab::open_shell(const ShellWish& wish) {
  int ends[2];
  check("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  std::vector<int> passed{theirs.get()};
  if (wish.terminal.empty()) passed.insert(passed.end(), wish.streams.begin(), wish.streams.end());
  if (inside_->alive) {
    // Descriptors go with their own line, so that what waits must be gone before.
    const std::string line = std::exchange(inside_->output, {}) +
                             to_line(OpenShell{wish.host, wish.start, wish.terminal, wish.administrator});
    (void)send_with_descriptors(inside_->world.channel.get(), line.data(), line.size(), passed);
  }
  return std::make_unique<Shell>(std::move(ours), wish);
}

bool Lab::can_hold() const noexcept { return inside_->hello.can_hold; }
const std::string& Lab::why_no_hold() const noexcept { return inside_->hello.why_no_hold; }
const Lab::Found& Lab::found() const noexcept { return inside_->found; }
const std::vector<RuleRefused>& Lab::refused_rules() const noexcept { return inside_->hello.rule_problems; }
void Lab::hold(bool on) { inside_->ask(HoldPackets{on}); }
void Lab::let_go(trace::HeldId id) { inside_->ask(Release{id, trace::Verdict::Passed, {}}); }
void Lab::drop(trace::HeldId id) { inside_->ask(Release{id, trace::Verdict::Dropped, {}}); }
void Lab::delay(trace::HeldId id, Milliseconds time) {
  inside_->ask(Release{id, trace::Verdict::Passed, time});
}
void Lab::hold_calls(bool on) { inside_->ask(HoldCalls{on}); }
void Lab::let_call_go(int thread) { inside_->ask(LetCallGo{thread}); }
void Lab::look() { inside_->ask(Look{}); }
std::uint64_t Lab::block_listener(const std::string& process, const std::string& variable, bool on) {
  inside_->ask(FilterListener{++inside_->last_step, process, variable, on});
  return inside_->last_step;
}

sandbox::Launcher make_launcher() { return sandbox::Launcher(run_engine); }

}  // namespace loopscope::lab
