#include "app/views/sequence_model.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "app/views/sequence_causes.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::app::sequence {
namespace {

constexpr std::size_t lanes_a_process = 2;  // of its sockets
constexpr Nanoseconds longest_idle = Milliseconds(2);
constexpr Nanoseconds break_width = Microseconds(12);

/// One socket through its life, by the kernel's cookie.
struct Socket {
  std::uint64_t cookie = 0;
  std::string host;
  std::string process;  ///< empty until one has a descriptor of it
  int fd = -1;
  trace::Transport transport{};
  SocketAddress local, peer;
  std::vector<StateBar> states;
  std::vector<QueueMark> queues;
  bool alive = false;
  Nanoseconds owned_since{};
  bool from_accept = false;  ///< until somebody accepts it, its packets are the listener's
  std::uint32_t queue = 0;
  std::optional<std::size_t> lane;
};

struct Packet {
  const trace::Packet* packet;
  Nanoseconds at;
  std::size_t index;
  bool was_held;
  bool again;            ///< the kernel sent it again
  std::string stopped;   ///< 'dropped at input': what the firewall did with it; empty: nothing
  bool derived = false;  ///< nobody saw it: see trace::PacketSeen
};

class Collector {
 public:
  explicit Collector(std::span<const trace::Event> events) : events_(events) {}

  void take(const trace::Event& event, std::size_t index) {
    at_ = event.at;
    index_ = index;
    std::visit([this](const auto& fact) { note(fact); }, event.fact);
  }

  std::map<std::string, std::vector<CallMark>> calls;
  std::map<std::string, Nanoseconds> ended;
  std::vector<std::string> started;
  std::map<std::string, std::string> elsewhere;  ///< processes of other machines, and which
  bool on_lo = false, on_cable = false;          ///< where packets have been seen
  std::vector<Socket> sockets;
  std::vector<Packet> packets;
  std::vector<HoldBar> holds;
  std::vector<const trace::Packet*> held_packets;  ///< one for each of holds
  std::size_t call_count = 0;

 private:
  template <typename Fact>
  void note(const Fact&) {}

  void note(const trace::ProcessStarted& fact) {
    if (std::find(started.begin(), started.end(), fact.process) == started.end())
      started.push_back(fact.process);
    if (!fact.host.empty() && fact.host != experiment::here) elsewhere[fact.process] = fact.host;
    ended.erase(fact.process);
  }
  void note(const trace::ProcessEnded& fact) { ended[fact.process] = at_; }

  void note(const trace::CallEntered& fact) {
    std::vector<CallMark>& list = calls[fact.process];
    list.push_back({at_, std::nullopt, fact.name, "", false, fact.call});
    open_calls_[fact.call] = {fact.process, list.size() - 1};
    ++call_count;
  }
  void note(const trace::CallReturned& fact) {
    const auto found = open_calls_.find(fact.call);
    if (found == open_calls_.end()) return;
    CallMark& mark = calls[found->second.first][found->second.second];
    open_calls_.erase(found);
    mark.to = at_;
    mark.failed = fact.error != 0;
    mark.result = mark.failed ? errno_name(fact.error) : "= " + std::to_string(fact.value);
  }

  void note(const trace::PacketSeen& fact) {
    const bool again = fact.held && repeated_.contains(*fact.held);
    if (fact.device == "lo") {
      on_lo = true;
    } else {
      on_cable = true;
      if (comes_in(fact)) return;
    }
    packets.push_back({&fact.packet, at_, index_, fact.held.has_value(), again, "", fact.derived});
  }
  /// Between machines a packet is seen twice, where it leaves and where it comes in: one arrow.
  bool comes_in(const trace::PacketSeen& fact) {
    const auto left = std::find_if(on_the_way_.begin(), on_the_way_.end(), [&](const auto* one) {
      return one->host != fact.host && one->packet == fact.packet;
    });
    if (left == on_the_way_.end()) {
      on_the_way_.push_back(&fact);
      return false;
    }
    on_the_way_.erase(left);
    return true;
  }
  /// What the firewall stops at input has been seen on `lo`; at output it never got there.
  void note(const trace::FirewallJudged& fact) {
    if (fact.judgement == trace::Judgement::Accepted) return;
    const bool input = fact.hook == trace::Hook::Input;
    std::string words = fact.judgement == trace::Judgement::Dropped ? "dropped at " : "rejected at ";
    words += input ? "input" : "output";
    const auto is_it = [&](const Packet& one) {
      return one.stopped.empty() && one.packet->source == fact.packet.source &&
             one.packet->destination == fact.packet.destination && one.packet->flags == fact.packet.flags &&
             one.packet->sequence == fact.packet.sequence && one.packet->length == fact.packet.length;
    };
    const auto seen = std::find_if(packets.rbegin(), packets.rend(), is_it);
    if (input && seen != packets.rend()) {
      seen->stopped = words;
    } else {
      packets.push_back({&fact.packet, at_, index_, false, false, words});
    }
  }
  void note(const trace::PacketHeld& fact) {
    const bool again = again_ && again_->second == fact.packet;
    again_.reset();
    if (again) repeated_.insert(fact.id);
    open_holds_[fact.id] = holds.size();
    holds.push_back({at_, std::nullopt, trace::label(fact.packet) + (again ? " again, held" : " held"), false,
                     again, 0, index_, std::nullopt});
    held_packets.push_back(&fact.packet);
  }
  void note(const trace::PacketLetGo& fact) {
    const auto found = open_holds_.find(fact.id);
    if (found == open_holds_.end()) return;
    holds[found->second].to = at_;
    holds[found->second].dropped = fact.verdict == trace::Verdict::Dropped;
    open_holds_.erase(found);
  }

  /// A copy of what is held is swallowed; one of what was lost is held in its turn, with the next event.
  void note(const trace::Retransmission& fact) {
    again_.emplace(fact.of, fact.packet);
    if (const auto held = open_holds_.find(fact.of); held != open_holds_.end())
      ++holds[held->second].swallowed;
  }

  void note(const trace::SocketTable& fact) {
    for (Socket& socket : sockets)
      if (socket.host == fact.host) socket.alive = false;
    for (const trace::SocketEntry& entry : fact.sockets) update(socket_of(entry, fact.host), entry);
    after_table_ = index_ + 1;
    for (Socket& socket : sockets) {
      if (socket.host == fact.host && !socket.alive && !socket.states.empty() && !socket.states.back().to)
        socket.states.back().to = at_;
    }
  }

  Socket& socket_of(const trace::SocketEntry& entry, const std::string& host) {
    const auto found = by_cookie_.find(entry.cookie);
    if (entry.cookie != 0 && found != by_cookie_.end()) return sockets[found->second];
    // without a cookie (or, TIME-WAIT on some kernels, with a new one) the addresses tell
    for (Socket& one : sockets) {
      if (!one.alive && one.host == host && one.transport == entry.transport && one.local == entry.local &&
          one.peer == entry.peer && (entry.cookie == 0 || entry.state == SocketState::TimeWait)) {
        return one;
      }
    }
    by_cookie_[entry.cookie] = sockets.size();
    sockets.push_back({});
    sockets.back().cookie = entry.cookie;
    sockets.back().host = host;
    return sockets.back();
  }

  void update(Socket& socket, const trace::SocketEntry& entry) {
    socket.alive = true;
    socket.transport = entry.transport;
    if (entry.local.port != Port{0}) socket.local = entry.local;
    if (entry.peer.port != Port{0}) socket.peer = entry.peer;
    if (listening_.contains(number(entry.local.port)) && entry.peer.port != Port{0})
      socket.from_accept = true;
    if (entry.state == SocketState::Listen) listening_.insert(number(entry.local.port));
    if (!entry.process.empty()) {
      if (socket.process.empty()) socket.owned_since = at_;
      socket.process = entry.process;
      socket.fd = entry.fd;
    }
    const std::string label(to_string(entry.state));
    if (socket.states.empty() || socket.states.back().to || socket.states.back().label != label) {
      const auto begun = beginning_of(entry, events_.first(index_), after_table_);
      const Nanoseconds from = begun ? begun->at : at_;
      if (!socket.states.empty() && !socket.states.back().to) socket.states.back().to = from;
      socket.states.push_back({from, std::nullopt, label, stage::mood_of(entry.state), entry.cookie,
                               begun ? begun->cause : std::string()});
    }
    if (entry.state == SocketState::Listen && entry.receive_queue != socket.queue) {
      socket.queue = entry.receive_queue;
      socket.queues.push_back(
          {at_, "queue " + std::to_string(entry.receive_queue) + "/" + std::to_string(entry.send_queue),
           entry.receive_queue > 0});
    }
  }

  std::span<const trace::Event> events_;
  Nanoseconds at_{};
  std::size_t index_ = 0;
  std::size_t after_table_ = 0;  ///< index of the first event behind the last table
  std::unordered_map<trace::CallId, std::pair<std::string, std::size_t>> open_calls_;
  std::unordered_map<trace::HeldId, std::size_t> open_holds_;
  std::set<trace::HeldId> repeated_;                              ///< held packets that repeat an earlier one
  std::optional<std::pair<trace::HeldId, trace::Packet>> again_;  ///< the last Retransmission
  std::unordered_map<std::uint64_t, std::size_t> by_cookie_;
  std::set<std::uint16_t> listening_;
  std::vector<const trace::PacketSeen*> on_the_way_;  ///< between machines, seen once so far
};

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
  Builder(Collector& collected, const stage::Model& last) : all_(collected), last_(last) {}

  Model build() {
    for (const std::string& name : all_.started) {
      if (all_.elsewhere.contains(name)) add_process({.name = name}, false);
    }
    std::vector<const stage::ProcessView*> order;
    for (const stage::Column& column : last_.columns) {
      if (!column.process) continue;
      const stage::ProcessView& process = last_.processes[*column.process];
      if (std::find(all_.started.begin(), all_.started.end(), process.name) != all_.started.end())
        order.push_back(&process);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool last = order.size() > 1 && i + 1 == order.size();
      if (last) add_loopback();
      add_process(*order[i], last);
    }
    if (order.size() <= 1) add_loopback();
    add_arrows();
    model_.calls = all_.call_count;
    return std::move(model_);
  }

 private:
  void add_loopback() {
    if (all_.packets.empty() && all_.holds.empty()) return;
    loopback_ = model_.lanes.size();
    Lane lane;
    lane.kind = LaneKind::Loopback;
    lane.name = !all_.on_cable ? "lo" : all_.on_lo ? "lo, network" : "network";
    model_.lanes.push_back(std::move(lane));
  }

  void add_process(const stage::ProcessView& process, bool sockets_first) {
    Lane lane;
    lane.kind = LaneKind::Process;
    lane.name = lane.process = process.name;
    if (const auto where = all_.elsewhere.find(process.name); where != all_.elsewhere.end())
      lane.name += " on " + where->second;
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

  /// The lane of the socket that sends from, or receives at, `local` and has this peer; a listener is any
  /// peer's.
  std::optional<std::size_t> lane_at(const SocketAddress& local, const SocketAddress& peer,
                                     Nanoseconds at) const {
    std::optional<std::size_t> listener;
    for (auto it = all_.sockets.rbegin(); it != all_.sockets.rend(); ++it) {
      if (!it->lane || it->local.port != local.port) continue;
      const bool there = it->peer.port == peer.port && (!it->from_accept || it->owned_since <= at);
      if (there) return it->lane;
      if (it->peer.port == Port{0}) listener = it->lane;
    }
    return listener;
  }

  void add_arrows() {
    for (const Packet& one : all_.packets) {
      const Ends ends = ends_of(*one.packet);
      PacketArrow arrow;
      arrow.at = one.at;
      arrow.from = lane_at(ends.from, ends.to, one.at);
      if (one.stopped.empty()) arrow.to = lane_at(ends.to, ends.from, one.at);
      arrow.label = trace::label(*one.packet) + (one.again ? " again" : "");
      if (one.derived) arrow.label += ", inferred";
      if (!one.stopped.empty()) arrow.label += " " + one.stopped;
      const bool down = !arrow.from || !arrow.to || *arrow.from < *arrow.to;
      arrow.mood = ends.refusal || !one.stopped.empty() ? Mood::Bad : down ? Mood::Info : Mood::Good;
      arrow.was_held = one.was_held;
      arrow.index = one.index;
      model_.arrows.push_back(std::move(arrow));
    }
    if (!loopback_) return;
    for (std::size_t i = 0; i < all_.holds.size(); ++i) {
      const Ends ends = ends_of(*all_.held_packets[i]);
      all_.holds[i].sender = lane_at(ends.from, ends.to, all_.holds[i].from);
    }
    model_.lanes[*loopback_].holds = std::move(all_.holds);
  }

  Collector& all_;
  const stage::Model& last_;
  Model model_;
  std::optional<std::size_t> loopback_;
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
  const trace::SocketTable* last = nullptr;
  for (const trace::Event& event : timeline.events()) {
    const auto* table = std::get_if<trace::SocketTable>(&event.fact);
    const bool idle = table != nullptr && last != nullptr && shows_the_same(last->sockets, table->sockets);
    if (table != nullptr) last = table;
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
  const stage::Model last = stage::model_at(input);
  Model model = Builder(collected, last).build();
  trace::AxisOptions options;
  options.longest_idle = longest_idle;
  options.break_width = break_width;
  const std::vector<Nanoseconds> moments = moments_of(timeline);
  model.axis = trace::Axis(std::span<const Nanoseconds>(moments), options);
  if (!moments.empty()) model.end = moments.back();
  return model;
}

}  // namespace loopscope::app::sequence
