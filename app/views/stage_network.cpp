#include <algorithm>

#include "app/views/stage_doorbook.hpp"

namespace loopscope::app::stage {
namespace {

using trace::Packet;
using trace::Transport;

constexpr const char* inferred = ", inferred";  // behind a packet's name where nobody saw it

class Network {
 public:
  Network(Model& model, const Facts& facts, const Input& input)
      : model_(model), facts_(facts), input_(input), doors_(model, facts) {}

  void build() {
    doors_.add_doors_of_sockets();
    for (const Ends& ends : all_ends()) doors_of(ends);
    add_cable_doors(doors_, facts_, input_);
    doors_of_connecting();
    std::stable_sort(model_.doors.begin(), model_.doors.end(), [](const Door& a, const Door& b) {
      return std::pair(a.port, a.column) < std::pair(b.port, b.column);
    });
    say_note();
    tell_cable();
    if (!input_.among_others)
      for (const HeldRecord& held : facts_.held_elsewhere) add_held_elsewhere(held);
    if (model_.doors.empty()) return;  // then nothing that moves has ports (ICMPv6 by itself)
    for (const HeldRecord& held : facts_.held) add_held(held);
    add_motion();
    add_passed();
    add_cable_ends(model_, doors_, facts_, input_);
    choose_way();
    colour_doors();
  }

 private:
  std::vector<Ends> all_ends() const {
    std::vector<Ends> all;
    for (const PassedPacket& one : facts_.packets) {
      if (all.size() > 64) break;  // a flood: the doors of its first packets are enough
      all.push_back(ends_of(one.seen->packet));
    }
    for (const HeldRecord& one : facts_.held) all.push_back(ends_of(one.held->packet));
    for (const GonePacket& one : facts_.gone) all.push_back(ends_of(one.held->packet));
    if (!facts_.stopped.empty() && stays_home(facts_.stopped.back().judged->packet, facts_))
      all.push_back(ends_of(facts_.stopped.back().judged->packet));
    return all;
  }

  void doors_of(const Ends& ends) {
    if (ends.transport != Transport::Tcp && ends.transport != Transport::Udp) return;
    if (!ends.refusal && doors_.find(ends.to, ends.from, ends.transport) == nullptr)
      doors_.add_nobody(ends.to, ends.transport);
    const SocketAddress& asker = ends.refusal ? ends.to : ends.from;
    const SocketAddress& asked = ends.refusal ? ends.from : ends.to;
    if (doors_.find(asker, asked, ends.transport) == nullptr) doors_.add_former(asker, ends.transport);
    if (doors_.find(ends.from, ends.to, ends.transport) == nullptr)
      doors_.add_nobody(ends.from, ends.transport);
  }

  void doors_of_connecting() {
    for (std::size_t i = 0; i < model_.sockets.size(); ++i) {
      const trace::SocketEntry entry = model_.sockets[i].entry;
      if (!is_own(entry.peer.ip, input_)) continue;  // another machine's door
      if (entry.state != SocketState::SynSent ||
          doors_.find(entry.peer, entry.local, entry.transport) != nullptr)
        continue;
      doors_.add_nobody(entry.peer, entry.transport);
    }
  }

  PacketView view_of(const Packet& packet, std::size_t index) {
    const Ends ends = ends_of(packet);
    PacketView view;
    view.name = trace::label(packet);
    view.selection = "packet:" + std::to_string(index);
    view.packet = &packet;
    view.from = doors_.index_of(ends.from, ends.to, ends.transport);
    view.to = doors_.index_of(ends.to, ends.from, ends.transport);
    view.reply = doors_.serves(view.from) && !doors_.serves(view.to);
    if (doors_.serves(view.from) == doors_.serves(view.to)) view.reply = view.from > view.to;
    view.mood = ends.refusal ? Mood::Bad : view.reply ? Mood::Good : Mood::Info;
    return view;
  }

  void add_held_elsewhere(const HeldRecord& held) {
    PacketView view;
    view.name = trace::label(held.held->packet);
    view.selection = "packet:" + std::to_string(held.index);
    view.packet = &held.held->packet;
    view.where = held.held->host == "wire" ? "on the cable" : "on lo of " + held.held->host;
    tell_how_held(view, held);
    model_.packets_elsewhere.push_back(std::move(view));
  }

  void tell_how_held(PacketView& view, const HeldRecord& held) {
    view.held = held.held->id;
    view.held_for = input_.moment - held.at;
    for (const Delay& delay : input_.delays)
      if (delay.packet == held.held->id) view.goes_in = std::max(Nanoseconds(0), delay.until - input_.moment);
    view.retransmissions = held.retransmissions;
  }

  void add_held(const HeldRecord& held) {
    PacketView view = view_of(held.held->packet, held.index);
    const bool output = held.held->hook == trace::Hook::Output;
    view.start = output ? Stop::Door : Stop::InputGate;
    view.end = output ? Stop::OutputGate : Stop::InputGate;
    const auto* last =
        facts_.last_visible == nullptr ? nullptr : std::get_if<trace::PacketHeld>(&facts_.last_visible->fact);
    view.share = last == held.held ? input_.progress : 1.0F;
    tell_how_held(view, held);
    for (PacketView& other : model_.packets) {
      if (other.held && other.end == view.end && other.from == view.from && other.name == view.name) {
        ++other.count;
        return;
      }
    }
    model_.packets.push_back(std::move(view));
  }

  /// The packet that passed last, on its way to the other door. Once it is there it is drawn no more, except
  /// at its very moment.
  void add_motion() {
    add_last_drop();
    if (add_stopped()) return;
    if (facts_.last_visible == nullptr || facts_.packets.empty()) return;
    if (!std::holds_alternative<trace::PacketSeen>(facts_.last_visible->fact)) return;
    const PassedPacket& passed = facts_.packets.back();
    if (std::get_if<trace::PacketSeen>(&facts_.last_visible->fact) != passed.seen) return;
    if (input_.progress >= 1 && passed.at != input_.moment) return;
    PacketView view = view_of(passed.seen->packet, passed.index);
    if (passed.seen->derived) view.name += inferred;
    view.start = passed.seen->held ? Stop::OutputGate : Stop::Door;
    view.end = input_.progress >= 1 ? Stop::InputGate : Stop::FarDoor;
    view.share = input_.progress;
    model_.packets.push_back(std::move(view));
  }

  /// What the firewall has stopped comes as far as its gate, and stays in sight until another packet comes.
  bool add_stopped() {
    if (facts_.stopped.empty() || !facts_.held.empty()) return false;
    const StoppedPacket& last = facts_.stopped.back();
    const bool input = last.judged->hook == trace::Hook::Input;
    if (!facts_.packets.empty() && facts_.packets.back().at > last.at) return false;
    if (!stays_home(last.judged->packet, facts_)) return false;
    PacketView view = view_of(last.judged->packet, last.index);
    view.start = Stop::Door;
    view.end = input ? Stop::InputGate : Stop::OutputGate;
    const bool moves = facts_.last_visible != nullptr &&
                       std::get_if<trace::FirewallJudged>(&facts_.last_visible->fact) == last.judged;
    view.share = moves ? input_.progress : 1.0F;
    view.dropped = view.share >= 1;
    view.rejected = last.judged->judgement == trace::Judgement::Rejected;
    view.mood = Mood::Bad;
    if (model_.firewall.stopped) view.count = model_.firewall.stopped->count;
    model_.packets.push_back(std::move(view));
    return true;
  }

  /// A drop stays in sight until another packet comes.
  void add_last_drop() {
    if (facts_.gone.empty() || !facts_.gone.back().dropped || !facts_.held.empty()) return;
    const GonePacket& gone = facts_.gone.back();
    if (!facts_.packets.empty() && facts_.packets.back().at > gone.at) return;
    PacketView view = view_of(gone.held->packet, gone.index);
    view.start = view.end = gone.held->hook == trace::Hook::Output ? Stop::OutputGate : Stop::InputGate;
    view.dropped = true;
    view.mood = Mood::Bad;
    model_.packets.push_back(std::move(view));
  }

  void add_passed() {
    for (const PassedPacket& one : facts_.packets) {
      PacketView view = view_of(one.seen->packet, one.index);
      if (one.seen->derived) view.name += inferred;
      (view.reply ? model_.back_lane_lit : model_.out_lane_lit) = true;
      (view.reply ? model_.back_mood : model_.out_mood) = view.mood;
      const bool same = !model_.passed.empty() && model_.passed.back().name == view.name &&
                        model_.passed.back().reply == view.reply;
      if (same) {
        ++model_.passed.back().count;
        model_.passed.back().at = one.at;
      } else {
        model_.passed.push_back({view.name, 1, one.at, view.mood, view.reply});
      }
    }
  }

  /// The two doors that the U joins now: of the packet to see, else of this step's packets, else of a
  /// connection.
  void choose_way() {
    const auto join = [&](std::size_t a, std::size_t b) {
      if (a != b) model_.way = {std::min(a, b), std::max(a, b)};
    };
    if (!model_.packets.empty()) return join(model_.packets.front().from, model_.packets.front().to);
    if (!facts_.packets.empty()) {
      const PacketView view = view_of(facts_.packets.back().seen->packet, 0);
      return join(view.from, view.to);
    }
    for (const SocketView& socket : model_.sockets) {
      const trace::SocketEntry& entry = socket.entry;
      if (entry.peer.port == Port{0} || entry.local.port == Port{0}) continue;
      if (!is_own(entry.peer.ip, input_)) continue;
      if (doors_.find(entry.peer, entry.local, entry.transport) == nullptr) continue;
      return join(doors_.index_of(entry.local, entry.peer, entry.transport),
                  doors_.index_of(entry.peer, entry.local, entry.transport));
    }
  }

  void colour_doors() {
    for (Door& door : model_.doors) {
      if (door.nobody) door.mood = Mood::Bad;
    }
    if (!model_.way) return;
    for (const std::size_t i : {model_.way->first, model_.way->second}) {
      Door& door = model_.doors[i];
      if (door.nobody || door.dimmed || !touched(i)) continue;
      door.lit = true;
      door.mood = doors_.serves(i) ? Mood::Good : Mood::Info;
    }
  }

  /// Whether a packet of this step has left this door or come to it: one that is held has not come.
  bool touched(std::size_t door) {
    for (const PassedPacket& one : facts_.packets) {
      const PacketView view = view_of(one.seen->packet, 0);
      if (view.from == door || view.to == door) return true;
    }
    return std::any_of(model_.packets.begin(), model_.packets.end(),
                       [&](const PacketView& one) { return one.from == door; });
  }

  void say_note() {
    if (!facts_.packets.empty() || !facts_.held.empty() || !facts_.held_elsewhere.empty() ||
        !facts_.stopped.empty() || facts_.step.finished == nullptr)
      return;
    if (!facts_.last_returned || facts_.last_returned->returned_at < facts_.step.started_at) return;
    const std::string& name = facts_.last_returned->entered->name;
    const bool local = name == "socket" || name == "bind" || name == "listen" || name == "accept" ||
                       name == "setsockopt" || name == "getsockopt" || name == "getsockname" ||
                       name == "getpeername";
    model_.network_note = local ? name + "() sent no packet" : "no packet moved in this step";
  }

  /// Which machines are at the other end of eth0, and how much came or went there in this step.
  void tell_cable() {
    if (input_.experiment == nullptr) return;
    for (const experiment::Statement& statement : input_.experiment->statements) {
      const auto* host = std::get_if<experiment::HostDecl>(&statement.body);
      if (host == nullptr) continue;
      model_.neighbours += (model_.neighbours.empty() ? "" : ", ") + host->name;
    }
    model_.packets_by_cable = facts_.by_cable.size();
    if (model_.packets_by_cable == 0 || !facts_.packets.empty() || input_.among_others) return;
    const std::string many = std::to_string(model_.packets_by_cable);
    model_.network_note = (model_.packets_by_cable == 1 ? "1 packet" : many + " packets") + " by eth0";
  }

  Model& model_;
  const Facts& facts_;
  const Input& input_;
  Doorbook doors_;
};

}  // namespace

void add_network(Model& model, const Facts& facts, const Input& input) {
  Network(model, facts, input).build();
}

}  // namespace loopscope::app::stage
