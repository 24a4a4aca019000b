#include <algorithm>

#include "app/views/stage_doorbook.hpp"

/// What goes between this machine and another one, as it is seen at this machine's end of the cable.
namespace loopscope::app::stage {
namespace {

using trace::Packet;
using trace::Transport;

constexpr std::string_view wire = "wire";
constexpr std::size_t flood = 64;

struct Record {
  const Packet* packet;
  bool outward;
  Nanoseconds at;
  std::size_t index;
  const void* fact = nullptr;                     ///< of the trace; null: it is held, and has left before
  const trace::FirewallJudged* judged = nullptr;  ///< the firewall stopped it
};

/// Of this step, in the order of time; of a flood the first ones and the last.
std::vector<Record> records_of(const Facts& facts, const Input& input) {
  std::vector<Record> all;
  if (!input.among_others) return all;
  for (const HeldRecord& one : facts.held_elsewhere) {
    const Packet& packet = one.held->packet;
    if (one.held->host != wire || all.size() > flood) continue;
    if (is_own(packet.source.ip, input)) all.push_back({&packet, true, one.at, one.index});
    if (is_own(packet.destination.ip, input)) all.push_back({&packet, false, one.at, one.index});
  }
  const std::size_t count = facts.by_cable.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > flood && i + 1 < count) continue;
    const PassedPacket& one = facts.by_cable[i];
    all.push_back({&one.seen->packet, one.seen->leaves, one.at, one.index, one.seen});
  }
  for (const StoppedPacket& one : facts.stopped) {
    if (stays_home(one.judged->packet, facts) || all.size() > 3 * flood) continue;
    const bool outward = one.judged->hook == trace::Hook::Output;
    all.push_back({&one.judged->packet, outward, one.at, one.index, one.judged, one.judged});
  }
  std::stable_sort(all.begin(), all.end(), [](const Record& a, const Record& b) { return a.at < b.at; });
  return all;
}

bool is(const trace::Event* event, const void* fact) {
  if (event == nullptr || fact == nullptr) return false;
  return std::visit([&](const auto& one) { return static_cast<const void*>(&one) == fact; }, event->fact);
}

/// This end's door: a socket's, else one where nobody is at home. Who asked and has closed since leaves a
/// grey one.
void add_door(Doorbook& doors, const Record& one) {
  const Ends ends = ends_of(*one.packet);
  if (ends.transport != Transport::Tcp && ends.transport != Transport::Udp) return;
  const SocketAddress& own = one.outward ? ends.from : ends.to;
  const SocketAddress& other = one.outward ? ends.to : ends.from;
  if (doors.find(own, other, ends.transport) != nullptr) return;
  const bool asked = one.outward == ends.refusal;
  asked ? doors.add_nobody(own, ends.transport) : doors.add_former(own, ends.transport);
}

CableEnd end_of(const Record& one, Doorbook& doors, const Facts& facts) {
  const Ends ends = ends_of(*one.packet);
  CableEnd end;
  end.outward = one.outward;
  end.stopped = one.judged != nullptr;
  end.at = one.at;
  end.door = one.outward ? doors.index_of(ends.from, ends.to, ends.transport)
                         : doors.index_of(ends.to, ends.from, ends.transport);
  end.moves = is(facts.last_visible, one.fact);
  PacketView& view = end.packet;
  view.name = trace::label(*one.packet);
  view.selection = "packet:" + std::to_string(one.index);
  view.packet = one.packet;
  view.from = view.to = end.door;
  view.reply = doors.serves(end.door) == one.outward;
  view.dropped = end.stopped;
  view.rejected = end.stopped && one.judged->judgement == trace::Judgement::Rejected;
  view.mood = ends.refusal || end.stopped ? Mood::Bad : view.reply ? Mood::Good : Mood::Info;
  return end;
}

/// What is held on the cable, or stopped at the gate, has not come to its door.
bool is_stopped(const Record& one, const Facts& facts) {
  return std::any_of(facts.stopped.begin(), facts.stopped.end(), [&](const StoppedPacket& stopped) {
    const Packet& judged = stopped.judged->packet;
    return judged.source == one.packet->source && judged.destination == one.packet->destination &&
           judged.flags == one.packet->flags && judged.sequence == one.packet->sequence;
  });
}

}  // namespace

void add_cable_doors(Doorbook& doors, const Facts& facts, const Input& input) {
  for (const Record& one : records_of(facts, input)) add_door(doors, one);
}

void add_cable_ends(Model& model, Doorbook& doors, const Facts& facts, const Input& input) {
  for (const Record& one : records_of(facts, input)) {
    CableEnd end = end_of(one, doors, facts);
    Door& door = model.doors[end.door];
    const Transport transport = ends_of(*one.packet).transport;
    const bool ported = transport == Transport::Tcp || transport == Transport::Udp;
    const bool touched = one.outward || (one.fact != nullptr && !is_stopped(one, facts));
    if (ported && touched && !door.nobody && !door.dimmed) {
      door.lit = true;
      door.mood = doors.serves(end.door) ? Mood::Good : Mood::Info;
    }
    model.cable.push_back(std::move(end));
  }
}

}  // namespace loopscope::app::stage
