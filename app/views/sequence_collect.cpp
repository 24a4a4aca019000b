#include "app/views/sequence_collect.hpp"

#include <algorithm>

#include "app/views/sequence_causes.hpp"
#include "app/views/stage_facts.hpp"
#include "sim/base/errno_name.hpp"

namespace loopscope::app::sequence {

void Collector::take(const trace::Event& event, std::size_t index) {
  at_ = event.at;
  index_ = index;
  std::visit([this](const auto& fact) { note(fact); }, event.fact);
}

bool Collector::on_lo_of(std::string_view host) const {
  return std::any_of(packets.begin(), packets.end(),
                     [&](const Packet& one) { return !one.by_cable && one.host == host; }) ||
         std::any_of(holds.begin(), holds.end(), [&](const Hold& one) { return one.place == host; });
}

bool Collector::on_cable() const {
  return std::any_of(packets.begin(), packets.end(), [](const Packet& one) { return one.by_cable; }) ||
         std::any_of(holds.begin(), holds.end(), [](const Hold& one) { return one.place == wire; });
}

void Collector::note(const trace::ProcessStarted& fact) {
  if (std::find(started.begin(), started.end(), fact.process) == started.end())
    started.push_back(fact.process);
  ended.erase(fact.process);
}
void Collector::note(const trace::ProcessEnded& fact) { ended[fact.process] = at_; }

void Collector::note(const trace::CallEntered& fact) {
  std::vector<CallMark>& list = calls[fact.process];
  list.push_back({at_, std::nullopt, fact.name, "", false, fact.call});
  open_calls_[fact.call] = {fact.process, list.size() - 1};
  ++call_count;
}
void Collector::note(const trace::CallReturned& fact) {
  const auto found = open_calls_.find(fact.call);
  if (found == open_calls_.end()) return;
  CallMark& mark = calls[found->second.first][found->second.second];
  open_calls_.erase(found);
  mark.to = at_;
  mark.failed = fact.error != 0;
  mark.result = mark.failed ? errno_name(fact.error) : "= " + std::to_string(fact.value);
}

void Collector::note(const trace::PacketSeen& fact) {
  const bool again = fact.held && repeated_.contains(*fact.held);
  const bool by_cable = fact.device != "lo";
  if (by_cable && comes_in(fact)) return;
  Packet one{&fact.packet, at_, index_, fact.held.has_value() && !by_cable, again, "", fact.derived};
  one.host = stage::machine_of(fact.host);
  one.by_cable = by_cable;
  one.leaves = fact.leaves;
  packets.push_back(std::move(one));
}
/// Between machines a packet is seen twice, where it leaves and where it comes in: one arrow.
bool Collector::comes_in(const trace::PacketSeen& fact) {
  const auto left = std::find_if(on_the_way_.begin(), on_the_way_.end(), [&](const auto& one) {
    return one.first->host != fact.host && one.first->packet == fact.packet;
  });
  if (left == on_the_way_.end()) {
    on_the_way_.emplace_back(&fact, packets.size());
    return false;
  }
  packets[left->second].arrived = at_;
  packets[left->second].arrived_at = stage::machine_of(fact.host);
  on_the_way_.erase(left);
  return true;
}
/// What the firewall stops at input has been seen on `lo`; at output it never got there.
void Collector::note(const trace::FirewallJudged& fact) {
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
    Packet one{&fact.packet, at_, index_, false, false, words};
    one.host = stage::machine_of(fact.host);
    one.by_cable =
        !fact.packet.destination.ip.is_loopback() && fact.packet.source.ip != fact.packet.destination.ip;
    one.leaves = !input;
    packets.push_back(std::move(one));
  }
}
void Collector::note(const trace::PacketHeld& fact) {
  const bool again = again_ && again_->second == fact.packet;
  again_.reset();
  if (again) repeated_.insert(fact.id);
  open_holds_[fact.id] = holds.size();
  HoldBar bar{at_,    std::nullopt, trace::label(fact.packet) + (again ? " again, held" : " held"),
              false,  again,        0,
              index_, std::nullopt};
  holds.push_back({std::move(bar), &fact.packet, std::string(stage::machine_of(fact.host))});
}
void Collector::note(const trace::PacketLetGo& fact) {
  const auto found = open_holds_.find(fact.id);
  if (found == open_holds_.end()) return;
  holds[found->second].bar.to = at_;
  holds[found->second].bar.dropped = fact.verdict == trace::Verdict::Dropped;
  open_holds_.erase(found);
}

/// A copy of what is held is swallowed; one of what was lost is held in its turn, with the next event.
void Collector::note(const trace::Retransmission& fact) {
  again_.emplace(fact.of, fact.packet);
  if (const auto held = open_holds_.find(fact.of); held != open_holds_.end())
    ++holds[held->second].bar.swallowed;
}

void Collector::note(const trace::SocketTable& fact) {
  for (Socket& socket : sockets)
    if (socket.host == fact.host) socket.alive = false;
  for (const trace::SocketEntry& entry : fact.sockets) update(socket_of(entry, fact.host), entry);
  after_table_[fact.host] = index_ + 1;
  for (Socket& socket : sockets) {
    if (socket.host == fact.host && !socket.alive && !socket.states.empty() && !socket.states.back().to)
      socket.states.back().to = at_;
  }
}

Socket& Collector::socket_of(const trace::SocketEntry& entry, const std::string& host) {
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

void Collector::update(Socket& socket, const trace::SocketEntry& entry) {
  socket.alive = true;
  socket.transport = entry.transport;
  if (entry.local.port != Port{0}) socket.local = entry.local;
  if (entry.peer.port != Port{0}) socket.peer = entry.peer;
  const std::pair door{socket.host, number(entry.local.port)};
  if (listening_.contains(door) && entry.peer.port != Port{0}) socket.from_accept = true;
  if (entry.state == SocketState::Listen) listening_.insert(door);
  if (!entry.process.empty()) {
    if (socket.process.empty()) socket.owned_since = at_;
    socket.process = entry.process;
    socket.fd = entry.fd;
  }
  const std::string label(to_string(entry.state));
  if (socket.states.empty() || socket.states.back().to || socket.states.back().label != label) {
    const auto begun = beginning_of(entry, events_.first(index_), after_table_[socket.host], socket.host);
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

}  // namespace loopscope::app::sequence
