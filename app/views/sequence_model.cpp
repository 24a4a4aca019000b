#include "app/views/sequence_model.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "app/views/sequence_collect.hpp"
#include "app/views/stage_facts.hpp"
#include "app/views/stage_world.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::app::sequence {
namespace {

constexpr std::size_t lanes_a_process = 2;  // of its sockets
constexpr Nanoseconds longest_idle = Milliseconds(2);
constexpr Nanoseconds break_width = Microseconds(12);

struct Ends {
  SocketAddress from, to;
  bool refusal = false;
};
Ends ends_of(const trace::Packet& packet) {
  if (packet.transport == trace::Transport::Icmp || packet.transport == trace::Transport::Icmp6) {
    if (const auto quoted = trace::quoted_packet(packet)) return {quoted->destination, quoted->source, true};
  }
  return {packet.source, packet.destination, packet.flags.rst};
}

class Builder {
 public:
  Builder(Collector& collected, const stage::Input& input) : all_(collected), input_(input) {}

  Model build() {
    if (stage::has_neighbours(input_)) {
      several(stage::world_at(input_));
    } else {
      one_machine(stage::model_at(input_), "");
    }
    add_arrows();
    add_holds();
    model_.calls = all_.call_count;
    return std::move(model_);
  }

 private:
  /// The other machines, what is between them, and this one: as on the stage from left to right.
  void several(const stage::World& world) {
    several_ = true;
    for (std::size_t i = 1; i < world.machines.size(); ++i)
      one_machine(world.machines[i].model, world.machines[i].host);
    if (all_.on_cable()) {
      network_ = model_.lanes.size();
      Lane lane;
      lane.kind = LaneKind::Network;
      lane.name = "network";
      model_.lanes.push_back(std::move(lane));
    }
    one_machine(world.machines.front().model, world.machines.front().host);
  }

  void one_machine(const stage::Model& last, const std::string& host) {
    host_ = host;
    std::vector<const stage::ProcessView*> order;
    for (const stage::Column& column : last.columns) {
      if (!column.process) continue;
      const stage::ProcessView& process = last.processes[*column.process];
      if (std::find(all_.started.begin(), all_.started.end(), process.name) != all_.started.end())
        order.push_back(&process);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool last_one = order.size() > 1 && i + 1 == order.size();
      if (last_one) add_loopback();
      add_process(*order[i], last_one);
    }
    if (order.size() <= 1) add_loopback();
  }

  void add_loopback() {
    if (!all_.on_lo_of(stage::machine_of(host_))) return;
    loopbacks_[std::string(stage::machine_of(host_))] = model_.lanes.size();
    Lane lane;
    lane.kind = LaneKind::Loopback;
    lane.name = "lo";
    lane.host = host_;
    model_.lanes.push_back(std::move(lane));
  }

  void add_process(const stage::ProcessView& process, bool sockets_first) {
    Lane lane;
    lane.kind = LaneKind::Process;
    lane.name = lane.process = process.name;
    lane.host = host_;
    lane.serves = process.serves;
    lane.contends = process.contends;
    lane.calls = std::move(all_.calls[process.name]);
    if (const auto ended = all_.ended.find(process.name); ended != all_.ended.end())
      lane.ended = ended->second;
    if (!sockets_first) model_.lanes.push_back(std::move(lane));
    add_sockets(process.name);
    if (sockets_first) model_.lanes.push_back(std::move(lane));
  }

  /// Sockets that did not live at the same time share a lane.
  void add_sockets(const std::string& process) {
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < all_.sockets.size(); ++i) {
      if (all_.sockets[i].process == process && !all_.sockets[i].states.empty()) own.push_back(i);
    }
    const std::size_t first = model_.lanes.size();
    for (const std::size_t i : own) {
      Socket& socket = all_.sockets[i];
      for (std::size_t lane = first; lane < model_.lanes.size() && !socket.lane; ++lane) {
        const StateBar& before = model_.lanes[lane].states.back();
        if (before.to && *before.to <= socket.states.front().from) socket.lane = lane;
      }
      if (!socket.lane && model_.lanes.size() - first < lanes_a_process) {
        socket.lane = model_.lanes.size();
        Lane lane;
        lane.kind = LaneKind::Socket;
        lane.process = process;
        lane.host = host_;
        lane.name = process + " fd " + std::to_string(socket.fd);
        model_.lanes.push_back(std::move(lane));
      }
      if (!socket.lane) {
        ++model_.hidden_sockets;
        continue;
      }
      Lane& lane = model_.lanes[*socket.lane];
      lane.states.insert(lane.states.end(), socket.states.begin(), socket.states.end());
      lane.queues.insert(lane.queues.end(), socket.queues.begin(), socket.queues.end());
    }
    if (model_.lanes.size() == first + 1) model_.lanes[first].name = process + " socket";
  }

  /// The lane of the socket of a host that sends from, or receives at, `local` and has this peer; a listener
  /// is any peer's.
  std::optional<std::size_t> lane_at(const std::string& host, const SocketAddress& local,
                                     const SocketAddress& peer, Nanoseconds at) const {
    std::optional<std::size_t> listener;
    for (auto it = all_.sockets.rbegin(); it != all_.sockets.rend(); ++it) {
      if (!it->lane || it->local.port != local.port) continue;
      if (several_ && stage::machine_of(it->host) != host) continue;
      const bool there = it->peer.port == peer.port && (!it->from_accept || it->owned_since <= at);
      if (there) return it->lane;
      if (it->peer.port == Port{0} && (!several_ || takes(*it, local.ip))) listener = it->lane;
    }
    return listener;
  }
  static bool takes(const Socket& socket, const IpAddress& ip) {
    return socket.local.ip.is_any() || socket.local.ip.unmapped() == ip.unmapped();
  }

  std::optional<std::size_t> way_of(const std::string& host, bool by_cable) const {
    if (by_cable && network_) return network_;
    const auto lo = loopbacks_.find(host);
    return lo == loopbacks_.end() ? std::nullopt : std::optional(lo->second);
  }

  void add_arrows() {
    for (const Packet& one : all_.packets) {
      const bool by_cable = one.by_cable && network_;
      const auto via = way_of(one.host, by_cable);
      if (!via) continue;
      const Ends ends = ends_of(*one.packet);
      PacketArrow arrow;
      arrow.via = *via;
      arrow.by_cable = by_cable;
      arrow.at = one.at;
      arrow.arrives = one.arrived;
      const std::string& left = one.host;
      const std::string& reached = by_cable ? one.arrived_at : one.host;
      if (!by_cable || one.leaves) arrow.from = lane_at(left, ends.from, ends.to, one.at);
      const bool there = !by_cable || one.arrived;
      if (one.stopped.empty() && there)
        arrow.to = lane_at(reached, ends.to, ends.from, one.arrived.value_or(one.at));
      arrow.label = trace::label(*one.packet) + (one.again ? " again" : "");
      if (one.derived) arrow.label += ", inferred";
      if (!one.stopped.empty()) arrow.label += " " + one.stopped;
      if (!one.stopped.empty() && several_) arrow.label += " of " + (one.arrived ? one.arrived_at : one.host);
      const bool down =
          by_cable ? arrow.from.value_or(0) < *via : !arrow.from || !arrow.to || *arrow.from < *arrow.to;
      arrow.mood = ends.refusal || !one.stopped.empty() ? Mood::Bad : down ? Mood::Info : Mood::Good;
      arrow.was_held = one.was_held;
      arrow.index = one.index;
      model_.arrows.push_back(std::move(arrow));
    }
  }

  /// What is held between machines has left its socket as an arrow.
  void add_holds() {
    for (Hold& hold : all_.holds) {
      const bool by_cable = hold.place == wire;
      const auto via = way_of(hold.place, by_cable);
      if (!via) continue;
      const Ends ends = ends_of(*hold.packet);
      if (!by_cable) hold.bar.sender = lane_at(hold.place, ends.from, ends.to, hold.bar.from);
      model_.lanes[*via].holds.push_back(std::move(hold.bar));
    }
  }

  Collector& all_;
  const stage::Input& input_;
  Model model_;
  std::string host_;  ///< whose lanes are made now; empty: there is one machine only
  bool several_ = false;
  std::optional<std::size_t> network_;
  std::map<std::string, std::size_t> loopbacks_;  ///< by host
};

/// Only the kernel's timers ran on.
bool shows_the_same(std::vector<trace::SocketEntry> one, std::vector<trace::SocketEntry> other) {
  for (auto* table : {&one, &other}) {
    for (trace::SocketEntry& entry : *table) {
      entry.timer = trace::SocketTimer::None;
      entry.timer_left = {};
      entry.retransmits = 0;
    }
  }
  return one == other;
}

/// The moments that the axis is made of. While something waits, tables are taken again and again: those would
/// cut the one wait into many.
std::vector<Nanoseconds> moments_of(const trace::Timeline& timeline) {
  std::vector<Nanoseconds> moments;
  std::map<std::string_view, const trace::SocketTable*> tables;
  for (const trace::Event& event : timeline.events()) {
    const auto* table = std::get_if<trace::SocketTable>(&event.fact);
    const trace::SocketTable* last = nullptr;
    if (table != nullptr) last = std::exchange(tables[table->host], table);
    const bool idle = last != nullptr && shows_the_same(last->sockets, table->sockets);
    if (!idle) moments.push_back(event.at);
  }
  return moments;
}

}  // namespace

Model model_of(const trace::Timeline& timeline, const experiment::Experiment* experiment) {
  Collector collected(timeline.events());
  std::size_t index = 0;
  for (const trace::Event& event : timeline.events()) collected.take(event, index++);
  stage::Input input;
  input.timeline = &timeline;
  input.moment = timeline.end();
  input.experiment = experiment;
  Model model = Builder(collected, input).build();
  trace::AxisOptions options;
  options.longest_idle = longest_idle;
  options.break_width = break_width;
  const std::vector<Nanoseconds> moments = moments_of(timeline);
  model.axis = trace::Axis(std::span<const Nanoseconds>(moments), options);
  if (!moments.empty()) model.end = moments.back();
  return model;
}

}  // namespace loopscope::app::sequence
