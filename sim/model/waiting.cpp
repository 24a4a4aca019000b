#include "sim/model/waiting.hpp"

#include <algorithm>
#include <utility>

// Time: it passes while a call waits, and timers go off in their order.
namespace loopscope::model {
namespace {

using namespace experiment;

bool later(const Timer& a, const Timer& b) { return std::pair(a.at, a.order) > std::pair(b.at, b.order); }

/// How much later than asked a timeout may end: the kernel's timer wheel gets coarser with the distance
/// (kernel/time/timer.c, CONFIG_HZ=250), and a busy machine adds to it.
Time lateness(Time timeout) {
  Time grain{4'000};
  for (Time reach = 63 * grain; timeout > reach && reach < std::chrono::hours(1); reach *= 8) grain *= 8;
  return grain + Time{14'000};
}

/// Whether the call ended because its own timeout did, so near to the end of patience that the kernel may
/// end it behind.
bool ends_with_patience(const World& world, const Blocked& call, Time limit) {
  if (std::holds_alternative<PollCall>(call.call) || world.now != call.until) return false;
  return limit - call.until < lateness(call.until - call.since);
}

}  // namespace

void doubt_keepalive(World& world) {
  std::vector<SocketId> in_doubt;
  world.sockets.each([&](SocketId id, const Socket& socket) {
    const auto& host = world.hosts[socket.host];
    const bool open = socket.state == SocketState::Established || socket.state == SocketState::CloseWait;
    if (socket.transport != Transport::Tcp || !socket.options.keepalive || !open) return;
    const int idle = socket.options.keep_idle > 0 ? socket.options.keep_idle : host.sysctls.keep_time_s;
    if (world.now - std::max(socket.tcp.ack.last_receive, Time{}) < std::chrono::seconds(idle)) return;
    const bool quiet = host.held.on || world.wire.on || !host.input.empty() || !host.output.empty();
    bool answers = false;
    for (std::size_t at = 0; at < world.hosts.size() && !quiet; ++at) {
      answers = answers || find_connection(world, static_cast<std::uint8_t>(at),
                                           {socket.peer.ip.unmapped(), socket.peer.port},
                                           {socket.receive.unmapped(), Port{socket.num}}, 0) != no_socket;
    }
    if (!answers) in_doubt.push_back(id);
  });
  for (const auto id : in_doubt)
    edit(world, id).doubt = "keepalive probes that nobody answers are not covered";
}

Time next_event(const World& world) {
  auto next = world.timers->empty() ? never : world.timers->front().at;
  for (const auto& process : world.processes) {
    if (process->blocked && !process->blocked->outcome && !process->stopped)
      next = std::min(next, process->blocked->until);
  }
  return next;
}

void fire_due(World& world) {
  while (!world.timers->empty() && world.timers->front().at <= world.now) {
    auto& heap = world.timers.edit();
    std::pop_heap(heap.begin(), heap.end(), later);
    const auto timer = heap.back();
    heap.pop_back();
    if (world.sockets.find(timer.socket) == nullptr) continue;
    tcp_timers(world, edit(world, timer.socket));
    deliver_all(world);
  }
}

void wake_blocked(World& world) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
      if (!world.processes[i]->blocked || world.processes[i]->blocked->outcome) continue;
      if (world.processes[i]->stopped) continue;
      Blocked way = *world.processes[i]->blocked;
      const auto call = way.call;
      auto outcome = perform(world, i, call, way.variable, way);
      if (outcome.done) {
        way.outcome = std::move(outcome.done);
        again = true;
      } else {
        way.until = outcome.until;
      }
      auto& process = world.processes[i].edit();
      process.blocked = std::move(way);
      deliver_all(world);
    }
  }
}

void advance(World& world, Time until, const std::function<bool()>& done) {
  for (;;) {
    deliver_all(world);
    wake_blocked(world);
    if (done()) return;
    const auto next = next_event(world);
    if (next > until) {
      world.now = std::max(world.now, until);
      return;
    }
    world.now = std::max(world.now, next);
    fire_due(world);
  }
}

Prediction finish(World& world, std::size_t index, Time limit) {
  advance(world, limit, [&] { return world.processes[index]->blocked->outcome.has_value(); });
  auto& process = world.processes[index].edit();
  if (process.blocked->outcome) {
    const auto call = *std::exchange(process.blocked, std::nullopt);
    auto prediction = *call.outcome;
    if (ends_with_patience(world, call, limit)) {
      prediction = *not_modelled(ends_together_doubt).done;
      if (world.sockets.find(call.socket) != nullptr) edit(world, call.socket).doubt = ends_together_doubt;
    }
    return prediction;
  }
  if (!std::holds_alternative<PollCall>(process.blocked->call) &&
      process.blocked->until - limit < Time{10'000}) {  // the engine may look up a little late
    const auto id = process.blocked->socket;
    if (world.sockets.find(id) != nullptr) edit(world, id).doubt = ends_together_doubt;
    return *not_modelled(ends_together_doubt).done;
  }
  Prediction prediction;
  prediction.result = Blocks{};
  prediction.rule = RuleId::call_blocks;
  return prediction;
}

}  // namespace loopscope::model
