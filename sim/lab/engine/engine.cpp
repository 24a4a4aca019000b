#include "sim/lab/engine/engine.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <exception>

#include "sim/base/system_error.hpp"
#include "sim/lab/engine/order.hpp"
#include "sim/lab/engine/watcher.hpp"
#include "sim/lab/passing.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/settings.hpp"

namespace loopscope::lab {
namespace {

constexpr std::size_t max_request_bytes = 4 << 20;
constexpr std::size_t big_table = 200;
constexpr auto big_table_pause = std::chrono::milliseconds(100);

/// As many descriptors as the user may have: an experiment may use 4,096 sockets.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

bool has_ipv6() {
  const UniqueFd socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return socket.valid();
}

std::vector<std::unique_ptr<HostPart>> one_host(Reporter& reporter, const hold::Numbers& numbers) {
  std::vector<std::unique_ptr<HostPart>> hosts;
  hosts.push_back(std::make_unique<HostPart>(std::string(experiment::here), reporter, numbers));
  return hosts;
}

}  // namespace

void run_engine(UniqueFd channel) {
  char first = 0;
  if (::recv(channel.get(), &first, 1, MSG_PEEK) == 1 && first == watch_mark)
    return run_watcher(std::move(channel));
  raise_descriptor_limit();
  Engine(std::move(channel)).run();
}

Engine::Engine(UniqueFd channel)
    : channel_(std::move(channel)),
      reporter_(channel_.get(), monotonic_now()),
      hosts_(one_host(reporter_, held_numbers_)),
      packets_(hosts_.front()->packets) {}

void Engine::run() {
  try {
    if (set_up()) live();
  } catch (const std::exception& error) {
    ready_to_end(error.what());
  }
}

void Engine::ready_to_end(const std::string& reason) {
  reporter_.say_now(trace::RunEnded{reason});
  reporter_.flush();
}

bool Engine::set_up() {
  std::optional<std::string> line;
  while (!(line = input_.next())) {
    pollfd wait{channel_.get(), POLLIN, 0};
    ::poll(&wait, 1, -1);
    if (!read_input()) return false;
  }
  const auto request = request_from(*line);
  const auto* setup = request ? std::get_if<Setup>(&*request) : nullptr;
  if (setup == nullptr) throw SystemError("the lab's first request is not its setup", EPROTO);
  setup_ = *setup;
  reporter_.set_origin(Nanoseconds(setup_.origin));
  HostPart& home = *hosts_.front();
  Hello hello;
  if (setup_.here) {
    open_machine();
    home.sockets.emplace(home.name, &machine_->outsiders);
  } else {
    home.sockets.emplace(home.name);
    make_hosts();
    watch_all();
    if (setup_.house) house_.emplace();
    hello.second_user = sandbox::second_id().has_value();
  }
  for (const auto& part : hosts_) part->sockets->know(programs_);
  if (setup_.stepping && !setup_.here) begin_stepping();
  // Only who steps needs to know at once; finding out costs a rule and a queue.
  hello.can_hold = setup_.stepping ? packets_.can_hold() : !setup_.here;
  hello.why_no_hold = packets_.why_no_hold();
  hello.why_no_firewall = home.gate.why_not();
  hello.why_no_capture = why_no_capture();
  hello.rule_problems = check_rules(setup_.rules);
  hello.shows_bound = home.sockets->shows_bound();
  hello.ipv6 = has_ipv6();
  const std::string answer = to_line(hello);
  return write_fully(channel_.get(), answer.data(), answer.size());
}

void Engine::begin_stepping() {
  for (const auto& part : hosts_) {
    const auto visit = part->visit();
    sandbox::stretch_timers();
    part->gate.open();
    (void)part->packets.can_hold();
  }
  hold_for_learner(true);
}

void Engine::live() {
  while (!program_gone_) {
    wait_for_something();
    progress_ = false;
    if (!read_requests()) return;
    absorb();
    release_due();
    update_patience();
    check_deadlines();
    watch_machine();
    start_jobs();
    absorb();
    update_patience();
    if (!reporter_.flush()) return;
  }
}

void Engine::wait_for_something() {
  std::vector<pollfd> wait{{channel_.get(), POLLIN, 0}};
  for (const auto& [name, actor] : actors_) {
    if (actor->alive()) wait.push_back({actor->fd(), POLLIN, 0});
  }
  for (const auto& program : programs_) {
    for (const int fd : {program->fd(), program->output_fd()}) {
      if (fd >= 0) wait.push_back({fd, POLLIN, 0});
    }
  }
  for (const auto& part : hosts_) {
    part->packets.add_descriptors(wait);
    part->gate.add_descriptors(wait);
  }
  if (wire_) wire_->packets.add_descriptors(wait);
  timespec timeout{};
  const auto left = progress_ ? Nanoseconds(0) : next_deadline();
  if (left) {
    const auto nanoseconds = std::max<Nanoseconds::rep>(left->count(), 0);
    timeout.tv_sec = nanoseconds / 1'000'000'000;
    timeout.tv_nsec = nanoseconds % 1'000'000'000;
  }
  if (::ppoll(wait.data(), wait.size(), left ? &timeout : nullptr, nullptr) < 0 && errno != EINTR) {
    throw SystemError("poll", errno);
  }
}

bool Engine::read_input() {
  std::array<char, 65536> part;
  while (input_.unfinished() < max_request_bytes) {
    const ssize_t got = receive_with_descriptors(channel_.get(), part.data(), part.size(), passed_);
    if (got > 0) {
      input_.add({part.data(), static_cast<std::size_t>(got)});
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    program_gone_ = got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    break;
  }
  return !program_gone_ && input_.unfinished() < max_request_bytes;
}

bool Engine::read_requests() {
  const bool open = read_input();
  while (const auto line = input_.next()) {
    auto request = request_from(*line);
    if (!request) throw SystemError("the lab does not understand a request: " + request.error(), EPROTO);
    take_up(std::move(*request));
  }
  return open;
}

void Engine::take_up(Request request) {
  if (auto* perform = std::get_if<Perform>(&request)) {
    Job job;
    job.what = std::move(*perform);
    if (job.what.index) {
      script_.push_back(std::move(job));
    } else {
      acts_.push_back(std::move(job));
    }
  } else if (const auto* hold = std::get_if<HoldPackets>(&request)) {
    hold_for_learner(hold->on);
    look(true);
  } else if (const auto* settled = std::get_if<Release>(&request)) {
    release(*settled);
  } else if (const auto* wanted = std::get_if<FilterListener>(&request)) {
    absorb();
    take_up_filter(*wanted);
  } else if (const auto* calls = std::get_if<HoldCalls>(&request)) {
    hold_calls(calls->on);
  } else if (const auto* call = std::get_if<LetCallGo>(&request)) {
    let_call_go(call->thread);
  } else if (const auto* shell = std::get_if<OpenShell>(&request)) {
    open_shell(*shell);
  } else if (std::holds_alternative<Look>(request)) {
    look(true);
  }
}

/// Tells of calls that were entered, and adds those that returned.
void Engine::collect(Returns& back) {
  for (const auto& [name, actor] : actors_) {
    if (!actor->alive()) continue;
    for (Told& told : actor->collect()) {
      if (told.report.kind == Report::Kind::Entered) {
        entered(*actor, told.report);
      } else {
        back.emplace_back(actor.get(), std::move(told));
      }
    }
  }
}

/// A call whose packet was stopped at output returns at once, and so within this time, or it waits for
/// something else.
void Engine::await_report() {
  constexpr int at_once_ms = 5;
  std::vector<pollfd> wait;
  for (const auto& [name, actor] : actors_) {
    if (actor->alive()) wait.push_back({actor->fd(), POLLIN, 0});
  }
  (void)::poll(wait.data(), wait.size(), at_once_ms);
}

/// In the order of causes: calls that were entered, the packets they sent, calls that returned.
void Engine::absorb() {
  Returns back;
  collect(back);
  if (take_packets()) look(true);
  bool stopped = false;
  for (const auto& part : hosts_) stopped = part->gate.read() || stopped;
  if (stopped) {
    await_report();
    collect(back);
  }
  Nanoseconds latest = monotonic_now();
  for (const auto& [actor, told] : back) latest = std::min(latest, Nanoseconds(told.report.at));
  for (const auto& part : hosts_) part->gate.tell(latest);
  for (auto& [actor, told] : back) returned(*actor, told);
  for (const auto& [name, actor] : actors_) {
    if (const auto status = actor->ended()) ended(*actor, *status);
  }
  absorb_programs();
}

void Engine::look(bool asked) {
  tell_losses();
  for (const auto& part : hosts_) {
    // Thousands of sockets after each of thousands of steps help nobody, and the kernel takes milliseconds to
    // list them.
    const bool was_big = part->last_table_size > big_table;
    if (was_big && !asked && monotonic_now() - part->last_table_at < big_table_pause) continue;
    auto entries = part->sockets->look(actors_);
    part->last_table_at = monotonic_now();
    part->last_table_size = entries.size();
    if (machine_) machine_->take(entries, part->last_table_at);
    reporter_.say(part->last_table_at, trace::SocketTable{part->name, std::move(entries)});
  }
}

void Engine::update_patience() {
  bool awaited = !held_threads_.empty();
  for (Packets* place : places()) awaited = place->learner_is_awaited() || awaited;
  clock_.pause(awaited);
}

}  // namespace loopscope::lab
